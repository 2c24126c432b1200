//! Sentences that say only that a stream is alive, begins or ends.

/// The words of a text: without what stands in brackets, and without numbers and names that no
/// person reads (a word with a digit or a slash in it).
pub(super) struct SplitText {
    pub(super) latin: Vec<String>,
    pub(super) han: Vec<String>,
}

impl SplitText {
    pub(super) fn len(&self) -> usize {
        self.latin.len() + self.han.len()
    }

    pub(super) fn all_in(&mut self, some: &[&str]) -> bool {
        self.han.is_empty() && self.latin.iter().all(|word| some.contains(&word.as_str()))
    }
}

pub(super) fn words_of(text: &str) -> SplitText {
    let mut words = SplitText {
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

pub(super) fn has_core(text: &str) -> bool {
    let words = words_of(text);
    words
        .latin
        .iter()
        .any(|word| CORES.contains(&word.as_str()))
        || !words.han.is_empty()
}

pub(super) fn is_sentence(text: &str) -> bool {
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
fn is_bare_noun(words: &SplitText) -> bool {
    words.han.is_empty() && words.latin.len() == 1 && words.latin[0] == "session"
}

/// Returns whether Chinese text is made of words about the stream alone; then whether of one that
/// makes a sentence.
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
