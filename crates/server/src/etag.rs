//! Entity tags (RFC 9110, section 8.8.3) of to-dos: the sequence number of the last change.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;

use crate::log::WriteCondition;

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
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // A weak tag is never the same in the sense of If-Match.
        Ok(Self(condition(parts, &IF_MATCH, false)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(condition(parts, &IF_NONE_MATCH, true)))
    }
}

fn condition(parts: &Parts, name: &HeaderName, weak: bool) -> WriteCondition {
    if !parts.headers.contains_key(name) {
        return WriteCondition::Always;
    }
    let values = parts.headers.get_all(name).into_iter();
    let values: Vec<_> = values
        .map(|value| value.to_str().unwrap_or_default().trim())
        .collect();
    if values.contains(&"*") {
        return WriteCondition::Exists;
    }
    WriteCondition::Seq(values.iter().flat_map(|list| tags(list, weak)).collect())
}

/// The sequence numbers in a list of entity tags. Whatever else stands there is the tag of no
/// to-do.
fn tags(list: &str, weak: bool) -> impl Iterator<Item = u64> {
    list.split(',').filter_map(move |tag| {
        let tag = tag.trim();
        let strong = match tag.strip_prefix("W/") {
            Some(tag) if weak => tag,
            _ => tag,
        };
        let opaque = strong.strip_prefix('"')?.strip_suffix('"')?;
        let seq: u64 = opaque.parse().ok()?;
        (seq.to_string() == opaque).then_some(seq)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_parsed_and_foreign_ones_match_nothing() {
        let tags = |list, weak| tags(list, weak).collect::<Vec<_>>();
        assert_eq!(tags("\"7\", \"x,y\" ,W/\"8\"", false), [7]);
        assert_eq!(tags("\"7\",W/\"8\"", true), [7, 8]);
        for list in ["", "7", "\"7", "\"07\"", "W/7", "\"+7\"", "zzz"] {
            assert!(tags(list, true).is_empty(), "{list}");
        }
    }
}
