//! Events that are no to-dos.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::format::{fields, pointer::find};

/// An event to skip: everything that is said here has to fit it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Skip {
    /// The event type; absent: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub kind: Option<String>,
    /// A JSON Pointer; empty: the whole event, or its text.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[ts(as = "Option<String>", optional)]
    pub at: String,
    /// The text, number or truth value that is found there, in which `*` stands for anything;
    /// absent: whatever is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub is: Option<String>,
}

impl Skip {
    /// Returns whether it says nothing, and so would fit everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.kind.is_none() && self.is_about_everything()
    }

    pub(super) fn matches(&self, kind: &str, value: &Value) -> bool {
        let is_kind = self.kind.as_deref().is_none_or(|wanted| wanted == kind);
        is_kind && !self.is_empty() && self.fits(value)
    }

    /// Returns whether an element of a list is to be skipped.
    pub(super) fn matches_element(&self, element: &Value) -> bool {
        self.kind.is_none() && !self.is_about_everything() && self.fits(element)
    }

    fn is_about_everything(&self) -> bool {
        self.at.is_empty() && self.is.as_deref().is_none_or(|text| text.trim() == "*")
    }

    fn fits(&self, value: &Value) -> bool {
        match (find(value, &self.at), &self.is) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(found), Some(wanted)) => {
                fields::text(&found).is_some_and(|text| fits(wanted.trim(), text.trim()))
            }
        }
    }
}

/// Returns whether a text fits a pattern in which `*` stands for any text, also for none.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, wanted) in [
            ("ping", "ping", true),
            ("ping", "pings", false),
            ("tick *", "tick 17", true),
            ("tick *", "tock 17", false),
            ("* of *", "3 of 5", true),
            ("* of *", "3 or 5", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("心跳 *", "心跳 12", true),
            ("a*b*c", "a-b-b-c", true),
            ("a**c", "abc", true),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
