//! The parameter of an address by which a server is told where to go on.

use url::Url;

/// The parameter's name, as ntfy has it.
pub const SINCE: &str = "since";

/// Returns the address without its `since`, and that.
pub fn split_since(url: &Url) -> (Url, Option<String>) {
    let since = url
        .query_pairs()
        .find(|(name, _)| name == SINCE)
        .map(|(_, value)| value.into_owned());
    let mut bare = url.clone();
    if since.is_some() {
        let others: Vec<_> = url
            .query_pairs()
            .filter(|(name, _)| name != SINCE)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        bare.set_query(None);
        if !others.is_empty() {
            bare.query_pairs_mut().extend_pairs(others);
        }
    }
    (bare, since)
}

/// Returns the address with this `since`, and no other.
pub(super) fn with_since(url: &Url, since: &str) -> Url {
    let (mut url, _) = split_since(url);
    url.query_pairs_mut().append_pair(SINCE, since);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_taken_out_of_an_address_and_the_rest_stays() {
        let url = Url::parse("https://ntfy.example/a,b/sse?since=x%201&poll=0").unwrap();
        let (bare, since) = split_since(&url);
        assert_eq!(bare.as_str(), "https://ntfy.example/a,b/sse?poll=0");
        assert_eq!(since.as_deref(), Some("x 1"));
    }

    #[test]
    fn an_address_without_since_stays_as_it_is() {
        let url = Url::parse("https://ntfy.example/a/sse?auth=%2F").unwrap();
        assert_eq!(split_since(&url), (url, None));
    }
}
