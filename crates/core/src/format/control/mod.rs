//! Recognizes control messages: heartbeats, greetings, farewells and clocks, which are about the
//! stream and no to-dos; and messages that say that nobody is signed in.

use belldot_wire::KEEPALIVE_NAMES;
use serde_json::Value;

use crate::format::{fields::Fields, names, times};

mod sentence;
mod sign_in;

use sentence::{has_core, is_sentence, words_of};
pub(super) use sign_in::is_sign_in;

/// What a control message says about the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ControlSignal {
    /// It says that the connection is alive.
    Heartbeat,
    /// It says that the connection begins or ends; what comes with it may still be a to-do.
    Lifecycle,
}

const LIFECYCLE: [&str; 69] = [
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
/// Words that may stand beside those.
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

/// Returns what the name of an event, or the type of a message, says about the stream.
pub(super) fn of_name(name: &str) -> Option<ControlSignal> {
    let parts = names::parts(name);
    let joined = parts.concat();
    if is_heartbeat(&joined) {
        return Some(ControlSignal::Heartbeat);
    }
    let known = |part: &String| {
        let part = part.as_str();
        LIFECYCLE.contains(&part)
            || KEEPALIVE_NAMES.contains(&part)
            || AROUND.contains(&part)
            || part.len() <= 2
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
    if has(&KEEPALIVE_NAMES) {
        Some(ControlSignal::Heartbeat)
    } else {
        has(&LIFECYCLE).then_some(ControlSignal::Lifecycle)
    }
}

fn is_heartbeat(word: &str) -> bool {
    KEEPALIVE_NAMES.contains(&word)
}

/// Returns whether a whole text says nothing but that the stream lives, begins or ends, or that
/// something went well: `connected`, `EventStream Created. [userId=7]`, `连接成功`, `[DONE]`.
pub(super) fn is_control_text(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return true;
    }
    // A longer text is a message.
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

/// A lone `Hello` may be the message of a small test server to a person.
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

/// Returns whether an object tells of nothing but a connection: ids of clients and sessions, a
/// clock, how often the server beats, that all is well.
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
            Value::String(text) if is_control_text(text) => true,
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
                    .is_none_or(|text| of_name(text).is_some() || is_control_text(text)))
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
            assert_eq!(of_name(name), Some(ControlSignal::Heartbeat), "{name}");
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
                matches!(of_name(name), Some(ControlSignal::Lifecycle))
                    || name == "session.created",
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
            assert!(is_control_text(text), "{text}");
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
            assert!(!is_control_text(text), "{text}");
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
