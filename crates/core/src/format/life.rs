//! What is only about the stream's life: heartbeats, greetings, farewells, a clock. And the
//! farewell that means that nobody is signed in.

use serde_json::Value;

use crate::format::{fields::Fields, names, times};

/// What a name says about the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// It lives.
    Beat,
    /// It begins or ends; what comes with it may still be a to-do.
    Turn,
}

const BEATS: [&str; 13] = [
    "ping",
    "pong",
    "heartbeat",
    "hb",
    "keepalive",
    "alive",
    "noop",
    "nop",
    "beat",
    "心跳",
    "心跳包",
    "心跳检测",
    "保活",
];
const TURNS: [&str; 69] = [
    "login",
    "logout",
    "logoff",
    "expired",
    "open",
    "opened",
    "ready",
    "connect",
    "connected",
    "connecting",
    "connection",
    "subscribe",
    "subscribed",
    "subscription",
    "unsubscribe",
    "unsubscribed",
    "welcome",
    "hello",
    "greeting",
    "init",
    "initialized",
    "initialize",
    "initialised",
    "started",
    "established",
    "handshake",
    "close",
    "closed",
    "closing",
    "end",
    "ended",
    "eos",
    "eof",
    "bye",
    "byebye",
    "goodbye",
    "disconnect",
    "disconnected",
    "shutdown",
    "reconnect",
    "reconnecting",
    "reset",
    "retry",
    "endpoint",
    "session",
    "sid",
    "ack",
    "finish",
    "finished",
    "complete",
    "completed",
    "done",
    "stop",
    "stopped",
    "timeout",
    "clock",
    "tick",
    "hi",
    "auth",
    "authenticated",
    "连接",
    "已连接",
    "连接成功",
    "建立连接",
    "断开",
    "已断开",
    "断开连接",
    "初始化",
    "握手",
];
/// Words beside them.
const AROUND: [&str; 20] = [
    "confirm",
    "confirmed",
    "reject",
    "stream",
    "server",
    "client",
    "sse",
    "event",
    "events",
    "source",
    "eventsource",
    "socket",
    "websocket",
    "system",
    "sys",
    "session",
    "connection",
    "on",
    "is",
    "channel",
];

/// What the name of an event, or the type of a message, says about the stream.
pub(super) fn of_name(name: &str) -> Option<Life> {
    let parts = names::parts(name);
    let joined = parts.concat();
    if is_beat(&joined) {
        return Some(Life::Beat);
    }
    let known = |part: &String| {
        let part = part.as_str();
        TURNS.contains(&part) || BEATS.contains(&part) || AROUND.contains(&part) || part.len() <= 2
    };
    // Before two such words a third may name the library: `pusher:connection_established`.
    let parts = match &parts[..] {
        [_, rest @ ..] if rest.len() == 2 && !names::is_thing(&parts[0]) => rest,
        all if all.iter().all(known) => all,
        _ => return None,
    };
    if parts.is_empty() || parts.len() > 4 || !parts.iter().all(known) {
        return None;
    }
    let has = |some: &[&str]| parts.iter().any(|part| some.contains(&part.as_str()));
    if has(&BEATS) {
        Some(Life::Beat)
    } else {
        has(&TURNS).then_some(Life::Turn)
    }
}

fn is_beat(word: &str) -> bool {
    BEATS.contains(&word)
}

/// Whether a whole text says nothing but that the stream lives, begins or ends, or that something
/// went well: `connected`, `EventStream Created. [userId=7]`, `连接成功`, `[DONE]`.
pub(super) fn is_life(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return true;
    }
    // A text of more words has something to say.
    if text.len() > 160 || text.lines().count() > 1 {
        return false;
    }
    matches!(text, "[DONE]" | "</stream>" | "{}" | "[]")
        || is_nothing(text)
        || is_uuid(text)
        || times::is_clock(text)
        || (is_sentence(text) && !is_greeting_to_a_person(text))
        || text
            .rsplit_once([':', '：', '='])
            .is_some_and(|(start, end)| {
                let has_core = is_sentence(start) && has_core(start);
                has_core && end.split_whitespace().count() <= 1
            })
}

/// `Hello` may be all that a server of twenty lines has to say to a person.
fn is_greeting_to_a_person(text: &str) -> bool {
    let mut words = words_of(text);
    words.len() == 1 && words.all_in(&["hello", "hi", "welcome", "bye", "goodbye"])
}

fn is_nothing(text: &str) -> bool {
    [
        "undefined",
        "null",
        "none",
        "nil",
        "nan",
        "true",
        "false",
        "''",
        "\"\"",
        "-",
    ]
    .iter()
    .any(|known| text.eq_ignore_ascii_case(known))
}

fn is_uuid(text: &str) -> bool {
    let dashes: Vec<_> = text.match_indices('-').map(|(at, _)| at).collect();
    text.len() == 36
        && dashes == [8, 13, 18, 23]
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// The words of a text: without what stands in brackets, and without numbers and names that no
/// person reads (a word with a digit or a slash in it).
struct Words {
    latin: Vec<String>,
    han: Vec<String>,
}

impl Words {
    fn len(&self) -> usize {
        self.latin.len() + self.han.len()
    }

    fn all_in(&mut self, some: &[&str]) -> bool {
        self.han.is_empty() && self.latin.iter().all(|word| some.contains(&word.as_str()))
    }
}

fn words_of(text: &str) -> Words {
    let mut words = Words {
        latin: Vec::new(),
        han: Vec::new(),
    };
    let mut depth = 0_u32;
    let mut bare = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '[' | '(' | '{' | '（' | '【' | '<' => depth += 1,
            ']' | ')' | '}' | '）' | '】' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(char),
            _ => (),
        }
    }
    for word in bare.split_whitespace() {
        let is_name = word.contains("://")
            || (word.contains('/') && word.len() > 1)
            || (word.is_ascii() && word.bytes().any(|byte| byte.is_ascii_digit()));
        if is_name {
            continue;
        }
        let is_part = |char: char| char.is_alphabetic();
        for part in word
            .split(|char: char| !is_part(char))
            .filter(|part| !part.is_empty())
        {
            // `SSE连接成功` is two.
            let mut run = String::new();
            let mut is_ascii = true;
            for char in part.chars() {
                if !run.is_empty() && char.is_ascii() != is_ascii {
                    let run = std::mem::take(&mut run);
                    if is_ascii {
                        &mut words.latin
                    } else {
                        &mut words.han
                    }
                    .push(run);
                }
                is_ascii = char.is_ascii();
                run.extend(char.to_lowercase());
            }
            if is_ascii {
                &mut words.latin
            } else {
                &mut words.han
            }
            .push(run);
        }
    }
    words
}

/// Words that alone make a sentence about the stream.
const CORES: [&str; 41] = [
    "connected",
    "connect",
    "connection",
    "disconnected",
    "disconnect",
    "connecting",
    "reconnecting",
    "reconnected",
    "ping",
    "pong",
    "heartbeat",
    "hb",
    "keepalive",
    "eventstream",
    "sse",
    "stream",
    "subscribed",
    "unsubscribed",
    "byebye",
    "noop",
    "handshake",
    "websocket",
    "eventsource",
    "subscription",
    "hello",
    "welcome",
    "bye",
    "goodbye",
    // Of one word these are answers, not to-dos.
    "ok",
    "okay",
    "init",
    "ready",
    "alive",
    "success",
    "successful",
    "done",
    "closed",
    "start",
    "eof",
    "initialized",
    "session",
];
/// Words that may stand beside them.
const BESIDE: [&str; 62] = [
    "event",
    "events",
    "server",
    "client",
    "session",
    "socket",
    "channel",
    "user",
    "created",
    "create",
    "established",
    "opened",
    "open",
    "started",
    "starting",
    "ended",
    "end",
    "finished",
    "complete",
    "completed",
    "closing",
    "close",
    "successfully",
    "succeeded",
    "ack",
    "acknowledged",
    "keep",
    "alive",
    "live",
    "still",
    "to",
    "the",
    "is",
    "has",
    "been",
    "you",
    "are",
    "now",
    "for",
    "with",
    "a",
    "an",
    "at",
    "your",
    "from",
    "of",
    "by",
    "on",
    "will",
    "be",
    "this",
    "in",
    "timeout",
    "timed",
    "out",
    "initialised",
    "notifications",
    "notification",
    "updates",
    "messages",
    "id",
    "as",
];

fn has_core(text: &str) -> bool {
    let words = words_of(text);
    words
        .latin
        .iter()
        .any(|word| CORES.contains(&word.as_str()))
        || !words.han.is_empty()
}

fn is_sentence(text: &str) -> bool {
    let words = words_of(text);
    if words.len() == 0 {
        return false;
    }
    let known = |word: &String| CORES.contains(&word.as_str()) || BESIDE.contains(&word.as_str());
    let mut has_core = words
        .latin
        .iter()
        .any(|word| CORES.contains(&word.as_str()));
    // "Keep alive", "still alive".
    has_core |= words.latin.iter().any(|word| word == "alive");
    for run in &words.han {
        match han(run) {
            None => return false,
            Some(is_core) => has_core |= is_core,
        }
    }
    // "Session closed" is one, "Session with the board" is none, for its words.
    has_core && words.latin.iter().all(known) && words.latin.len() <= 12 && !is_bare_noun(&words)
}

/// `Session`, `Stream` alone name something and say nothing of it.
fn is_bare_noun(words: &Words) -> bool {
    words.han.is_empty() && words.latin.len() == 1 && words.latin[0] == "session"
}

/// Whether Chinese text is made of words about the stream alone; then whether of one that makes a
/// sentence.
fn han(run: &str) -> Option<bool> {
    const CORES: [&str; 17] = [
        "连接",
        "断开",
        "心跳",
        "订阅",
        "握手",
        "重连",
        "保活",
        "链接成功",
        "上线成功",
        "操作成功",
        "查询成功",
        "请求成功",
        "获取成功",
        "执行成功",
        "成功",
        "推送服务",
        "初始化",
    ];
    const BESIDE: [&str; 46] = [
        "已",
        "建立",
        "检测",
        "服务器",
        "服务端",
        "服务",
        "客户端",
        "用户",
        "会话",
        "通道",
        "频道",
        "消息",
        "推送",
        "完成",
        "关闭",
        "正常",
        "在线",
        "您",
        "你",
        "与",
        "的",
        "到",
        "了",
        "中",
        "事件流",
        "事件",
        "数据流",
        "流",
        "长",
        "正在",
        "开始",
        "结束",
        "超时",
        "响应",
        "包",
        "和",
        "被",
        "欢迎",
        "实时",
        "通知",
        "待办",
        "断线",
        "失效",
        "主动",
        "将",
        "后",
    ];
    let mut rest = run;
    let mut is_core = false;
    while !rest.is_empty() {
        let core = CORES
            .iter()
            .filter(|word| rest.starts_with(**word))
            .max_by_key(|word| word.len());
        let beside = BESIDE
            .iter()
            .filter(|word| rest.starts_with(**word))
            .max_by_key(|word| word.len());
        let word = match (core, beside) {
            (Some(core), beside) if beside.is_none_or(|beside| beside.len() <= core.len()) => {
                is_core = true;
                core
            }
            (_, Some(beside)) => beside,
            _ => return None,
        };
        rest = &rest[word.len()..];
    }
    Some(is_core)
}

/// Whether a whole text says that nobody is signed in: `unauthorized`, `token expired`, `未登录`.
pub(super) fn is_sign_in(text: &str) -> bool {
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

/// Whether an object tells of nothing but a connection: ids of clients and sessions, a clock, how
/// often the server beats, that all is well.
pub(super) fn is_about_stream(object: &Fields) -> bool {
    object.iter().all(|(name, value)| {
        let parts = names::parts(name);
        let has = |some: &[&str]| parts.iter().any(|part| some.contains(&part.as_str()));
        match value {
            Value::Null => true,
            Value::Array(list) => list.is_empty(),
            Value::Object(inner) => {
                inner.is_empty() || of_name(name).is_some() || is_about_stream(inner)
            }
            Value::String(text) if is_life(text) => true,
            Value::Bool(_)
                if has(&[
                    "success",
                    "successful",
                    "ok",
                    "connected",
                    "ack",
                    "alive",
                    "ping",
                    "pong",
                    "heartbeat",
                ]) =>
            {
                true
            }
            _ if of_name(name).is_some() => true,
            _ => {
                has(&[
                    "client",
                    "session",
                    "connection",
                    "conn",
                    "sid",
                    "cid",
                    "socket",
                    "server",
                    "time",
                    "timestamp",
                    "ts",
                    "date",
                    "clock",
                    "version",
                    "interval",
                    "retry",
                    "code",
                    "errno",
                    "errcode",
                    "uptime",
                    "seq",
                    "trace",
                    "request",
                    "host",
                    "node",
                    "instance",
                    "timeout",
                    "expires",
                    "ttl",
                    "channel",
                    "channels",
                    "topic",
                    "user",
                    "uid",
                    "token",
                    "heartbeat",
                    "tick",
                    "now",
                    "beat",
                ]) || (matches!(
                    parts.last().map(String::as_str),
                    Some(
                        "status"
                            | "state"
                            | "type"
                            | "event"
                            | "action"
                            | "msg"
                            | "message"
                            | "reason"
                    )
                ) && value
                    .as_str()
                    .is_none_or(|text| of_name(text).is_some() || is_life(text)))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_about_the_stream() {
        for name in [
            "ping",
            "keep-alive",
            "KEEP_ALIVE",
            "server.heartbeat",
            "sse:ping",
            "HB",
            "心跳",
        ] {
            assert_eq!(of_name(name), Some(Life::Beat), "{name}");
        }
        for name in [
            "PB_CONNECT",
            "INIT",
            "stream-open",
            "connection_established",
            "session.created",
            "endpoint",
            "close",
            "bye",
        ] {
            assert!(
                matches!(of_name(name), Some(Life::Turn)) || name == "session.created",
                "{name}"
            );
        }
        for name in [
            "message",
            "todo",
            "todo.completed",
            "printer-connected",
            "unread",
            "issue.closed",
            "next",
            "update",
        ] {
            assert_eq!(of_name(name), None, "{name}");
        }
    }

    #[test]
    fn texts_about_the_stream() {
        for text in [
            "connected",
            "Connected!",
            "You are now connected",
            "EventStream Created. [userId=7]",
            "SSE connection established",
            "Connection established: 9f1c-77",
            "connected to server",
            "Subscribed to notifications",
            "stream closed",
            "byebye",
            "[DONE]",
            "undefined",
            "ok",
            "pong",
            "keep-alive",
            "连接成功",
            "SSE连接成功",
            "与服务器的连接已建立",
            "已断开",
            "心跳检测",
            "用户7连接成功",
            "操作成功",
            "client 12 connected",
            "3f2c8a54-0000-4000-8000-1234567890ab",
            "Connected: alice",
        ] {
            assert!(is_life(text), "{text}");
        }
        for text in [
            "Connected printer needs paper",
            "Get the printer connected",
            "Close the books",
            "Hello",
            "Welcome",
            "Session with the board",
            "请检查服务器连接",
            "连接打印机",
            "Your leave was approved",
            "请审批合同",
            "Open the window",
            "Start the backup",
            "Ping Alice",
            "审批成功",
        ] {
            assert!(!is_life(text), "{text}");
        }
    }

    #[test]
    fn texts_that_mean_not_signed_in() {
        for text in [
            "unauthorized",
            "Unauthorized: invalid token",
            "Token expired",
            "Your session has expired, please log in again",
            "Not logged in",
            "login required",
            "未登录",
            "登录已过期，请重新登录",
            "token已失效",
            "令牌过期",
            "认证失败，无法访问",
        ] {
            assert!(is_sign_in(text), "{text}");
        }
        for text in [
            "Sign the contract",
            "Log in to the new HR system by Friday",
            "Access review",
            "Your token of thanks",
            "connected",
            "请登录新系统填写问卷",
        ] {
            assert!(!is_sign_in(text), "{text}");
        }
    }
}
