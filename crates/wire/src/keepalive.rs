//! The names of keepalive messages.

use crate::Event;

/// The names of events and messages that say nothing but that the stream is alive, in lower case
/// and without separators.
pub const KEEPALIVE_NAMES: [&str; 13] = [
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

/// A longer text is no name, in bytes.
const NAME_MOST: usize = 40;

impl Event {
    /// Returns whether its type, or the whole of its data, is one of [`KEEPALIVE_NAMES`], in any
    /// case and with any separators: ntfy's `keepalive`, Home Assistant's `ping`, `Keep-Alive`.
    pub fn is_keepalive(&self) -> bool {
        is_keepalive_name(&self.kind) || is_keepalive_name(&self.data)
    }
}

fn is_keepalive_name(text: &str) -> bool {
    if text.len() > NAME_MOST {
        return false;
    }
    let letters = text
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase);
    KEEPALIVE_NAMES
        .iter()
        .any(|name| name.chars().eq(letters.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, data: &str) -> Event {
        Event {
            kind: kind.to_owned(),
            data: data.to_owned(),
            id: String::new(),
            own_id: false,
        }
    }

    #[test]
    fn every_name_counts_as_type_and_as_data_in_any_case_and_with_separators() {
        for name in KEEPALIVE_NAMES {
            assert!(event(name, "{}").is_keepalive(), "{name}");
            assert!(
                event("message", &name.to_uppercase()).is_keepalive(),
                "{name}"
            );
        }
        for name in ["keep-alive", "Keep_Alive", "HEART BEAT"] {
            assert!(event("message", name).is_keepalive(), "{name}");
        }
    }

    #[test]
    fn what_says_more_is_no_keepalive() {
        for data in [
            "",
            "-",
            "ping me",
            "alive and well",
            "心跳异常",
            &"-".repeat(99),
        ] {
            assert!(!event("message", data).is_keepalive(), "{data}");
        }
        assert!(!event("mapping", "{}").is_keepalive());
    }
}
