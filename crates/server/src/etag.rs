//! Entity tags (RFC 9110, section 8.8.3) of to-dos: the sequence number of the last change.

use axum::extract::FromRequestParts;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};

use crate::log::WriteCondition;
use crate::problem::ApiError;

/// The entity tag of a to-do with this sequence number.
pub(crate) fn etag(seq: u64) -> String {
    format!("\"{seq}\"")
}

/// The header `If-Match`: the states in which a to-do may be changed.
pub(crate) struct IfMatch(pub(crate) WriteCondition);

/// The header `If-None-Match`: the states of a to-do that the client has.
pub(crate) struct IfNoneMatch(WriteCondition);

impl IfNoneMatch {
    /// Whether the client has this state already.
    pub(crate) fn has(&self, seq: u64) -> bool {
        match &self.0 {
            WriteCondition::Always => false,
            WriteCondition::Exists => true,
            WriteCondition::Seq(any) => any.contains(&seq),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        // A weak tag is never the same in the sense of If-Match.
        condition(parts, &IF_MATCH, false).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        condition(parts, &IF_NONE_MATCH, true).map(Self)
    }
}

fn condition(parts: &Parts, name: &HeaderName, weak: bool) -> Result<WriteCondition, ApiError> {
    let mut known = Vec::new();
    let mut is_given = false;
    for value in parts.headers.get_all(name) {
        is_given = true;
        let value = value.to_str().unwrap_or_default().trim();
        if value == "*" {
            return Ok(WriteCondition::Exists);
        }
        let tags = tags(value, weak).ok_or_else(|| {
            ApiError::new(
                StatusCode::BAD_REQUEST,
                format!("{name} is `*`, or a list of entity tags in quotation marks."),
            )
        })?;
        known.extend(tags);
    }
    Ok(if is_given {
        WriteCondition::Seq(known)
    } else {
        WriteCondition::Always
    })
}

/// Parses a list of entity tags. Returns those that can be a to-do's; `None` for what is no list.
fn tags(list: &str, weak: bool) -> Option<Vec<u64>> {
    let (mut rest, mut known) = (list, Vec::new());
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(known);
        }
        let (is_weak, tag) = match rest.strip_prefix("W/") {
            Some(tag) => (true, tag),
            None => (false, rest),
        };
        let (tag, after) = tag.strip_prefix('"')?.split_once('"')?;
        if !is_weak || weak {
            known.extend(tag.parse::<u64>().ok().filter(|seq| seq.to_string() == tag));
        }
        rest = after.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_parsed_and_foreign_ones_match_nothing() {
        assert_eq!(tags("\"7\", \"x,y\" ,W/\"8\"", false), Some(vec![7]));
        assert_eq!(tags("\"7\",W/\"8\"", true), Some(vec![7, 8]));
        assert_eq!(tags("\"07\"", false), Some(vec![]));
        for list in ["7", "\"7", "\"7\" \"8\"", "W/7", "*, \"7\""] {
            assert_eq!(tags(list, false), None, "{list}");
        }
    }
}
