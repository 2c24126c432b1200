//! Sentences that say that nobody is signed in.

use crate::format::control::sentence::words_of;

/// Returns whether a whole text says that nobody is signed in: `unauthorized`, `token expired`,
/// `未登录`.
pub(in crate::format) fn is_sign_in(text: &str) -> bool {
    const CORES: [&str; 12] = [
        "unauthorized",
        "unauthorised",
        "unauthenticated",
        "token",
        "jwt",
        "login",
        "logged",
        "signed",
        "authentication",
        "authorization",
        "credentials",
        "sign",
    ];
    const BESIDE: [&str; 49] = [
        "is",
        "has",
        "been",
        "have",
        "expired",
        "expire",
        "invalid",
        "session",
        "your",
        "please",
        "log",
        "in",
        "again",
        "required",
        "failed",
        "not",
        "the",
        "access",
        "timeout",
        "error",
        "user",
        "or",
        "missing",
        "auth",
        "you",
        "are",
        "to",
        "first",
        "no",
        "bearer",
        "wrong",
        "bad",
        "must",
        "need",
        "needed",
        "be",
        "a",
        "an",
        "out",
        "api",
        "malformed",
        "revoked",
        "signature",
        "valid",
        "relogin",
        "re",
        "was",
        "provided",
        "and",
    ];
    const SAID: [&str; 12] = [
        "未登录",
        "登录已过期",
        "登录过期",
        "登录超时",
        "登录失效",
        "登录已失效",
        "登录状态已过期",
        "登录状态失效",
        "重新登录",
        "先登录",
        "未认证",
        "身份验证失败",
    ];
    const OF_TOKENS: [&str; 6] = ["令牌", "token", "会话", "凭证", "认证", "身份"];
    const LOST: [&str; 6] = ["过期", "失效", "无效", "未授权", "不合法", "失败"];
    if text.chars().count() > 80 {
        return false;
    }
    let words = words_of(text);
    if words.latin.iter().any(|word| word == "session")
        && words.latin.iter().any(|word| word == "expired")
        && words.han.is_empty()
        && words.len() <= 12
        && words
            .latin
            .iter()
            .all(|word| BESIDE.contains(&word.as_str()) || CORES.contains(&word.as_str()))
    {
        return true;
    }
    if !words.han.is_empty() {
        let short = text.chars().count() <= 30;
        let lower = text.to_lowercase();
        return short
            && (SAID.iter().any(|said| lower.contains(said))
                || (lower.contains("未授权") && lower.chars().count() <= 8)
                || (OF_TOKENS.iter().any(|token| lower.contains(token))
                    && LOST.iter().any(|lost| lower.contains(lost))));
    }
    let known = |word: &String| CORES.contains(&word.as_str()) || BESIDE.contains(&word.as_str());
    let bad = |word: &String| {
        let word = word.as_str();
        word.starts_with("un")
            || matches!(
                word,
                "expired"
                    | "invalid"
                    | "required"
                    | "failed"
                    | "not"
                    | "please"
                    | "missing"
                    | "no"
                    | "wrong"
                    | "bad"
                    | "must"
                    | "need"
                    | "needed"
                    | "timeout"
                    | "error"
                    | "malformed"
                    | "revoked"
                    | "expire"
            )
    };
    words.len() > 0
        && words.latin.len() <= 12
        && words.latin.iter().all(known)
        && words
            .latin
            .iter()
            .any(|word| CORES.contains(&word.as_str()))
        && words.latin.iter().any(bad)
}
