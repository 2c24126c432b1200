//! Where the stream may be instead: by the other scheme, beside a server's base address, or where
//! a page points to.

use belldot_stream::{Cause, TlsFault, is_loopback};
use reqwest::{Method, Response, header::LINK};
use serde::Deserialize;
use tokio::time::timeout;
use url::Url;

use super::{
    asking::Asking,
    other_scheme::{ASK, other_scheme, speaks},
    stream::{Heard, ListenOutcome},
};
use crate::bounded;

/// Where a server of ours keeps its stream, seen from its base.
const EVENTS: &str = "api/v1/events";

/// Where the stream may be instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// The server speaks the other one of http and https there.
    OtherScheme(Url),
    /// The address is the base of a server of ours, whose stream is there.
    Belldot(Url),
    /// The page at the address says that the stream is there.
    Linked(Url),
}

impl Elsewhere {
    /// Looks for it, where what was heard gives reason to.
    pub async fn find(url: &Url, asking: &Asking, heard: &Heard) -> Option<Self> {
        let ListenOutcome::Failed(cause) = &heard.outcome else {
            return None;
        };
        if may_speak_the_other(url, cause) {
            let other = other_scheme(url)?;
            return speaks(&other, asking)
                .await
                .then_some(Self::OtherScheme(other));
        }
        let may_be_beside = match cause {
            Cause::NotAnEventStream(_) | Cause::SignIn => true,
            Cause::Status(status) => matches!(status.as_u16(), 403..=406),
            _ => false,
        };
        if !may_be_beside {
            return None;
        }
        if let Some(url) = belldot_by_status(url, asking).await {
            return Some(Self::Belldot(url));
        }
        if let Some(url) = linked(url, asking).await {
            return Some(Self::Linked(url));
        }
        belldot_by_page(url, asking).await.map(Self::Belldot)
    }

    /// Where.
    pub fn url(&self) -> &Url {
        match self {
            Self::OtherScheme(url) | Self::Belldot(url) | Self::Linked(url) => url,
        }
    }
}

/// Whether beside this open stream there is what a server of ours has there.
pub async fn is_belldot(url: &Url, asking: &Asking) -> bool {
    let Some(base) = url.path().strip_suffix("/events") else {
        return false;
    };
    let mut status = url.clone();
    status.set_path(&format!("{base}/status"));
    says_status(status, asking).await
}

/// Whether a failure may come from speaking http to https, or the other way round.
fn may_speak_the_other(url: &Url, cause: &Cause) -> bool {
    match cause {
        Cause::Tls(fault) => *fault == TlsFault::NotTls,
        Cause::WantsHttps => url.scheme() == "http",
        Cause::Broken(_) | Cause::NotHttp | Cause::Ended | Cause::Timeout => true,
        _ => false,
    }
}

async fn ask(url: &Url, asking: &Asking) -> Option<Response> {
    let plain = url.scheme() == "http" && !is_loopback(url);
    let request = asking.client.request(Method::GET, url.clone()).ok()?;
    let request = if plain && !asking.allow_plain_http {
        request
    } else {
        request.headers(asking.headers.clone())
    };
    timeout(ASK, asking.client.send(request)).await.ok()?.ok()
}

/// Where the page at an address says that its stream is: `<link rel="alternate"
/// type="text/event-stream" href="…">`, or the same as a header.
async fn linked(url: &Url, asking: &Asking) -> Option<Url> {
    let response = ask(url, asking).await?;
    let headers = response.headers().get_all(LINK).iter();
    let in_header = headers
        .filter_map(|value| value.to_str().ok())
        .find_map(link_in_header)
        .map(str::to_owned);
    let found = match in_header {
        Some(found) => found,
        None => link_in_page(&bounded::text(response).await)?,
    };
    let found = url.join(&found).ok()?;
    (matches!(found.scheme(), "http" | "https") && found != *url).then_some(found)
}

/// RFC 8288, as far as is needed here.
fn link_in_header(value: &str) -> Option<&str> {
    value.split(',').find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let names_a_stream = parameters
            .to_ascii_lowercase()
            .contains("text/event-stream");
        names_a_stream.then_some(target)
    })
}

fn link_in_page(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    lower.match_indices("<link").find_map(|(at, _)| {
        // Lower case has the same places: only ASCII changed.
        let end = lower[at..].find('>')?;
        let (tag, written) = (&lower[at..at + end], &page[at..at + end]);
        if !tag.contains("text/event-stream") {
            return None;
        }
        let value = &written[tag.find("href=")? + "href=".len()..];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next()?,
            None => value.split_ascii_whitespace().next()?.trim_end_matches('/'),
        };
        (!value.is_empty()).then(|| value.replace("&amp;", "&"))
    })
}

/// The stream of a server of ours that has its base at the address, or above it, and says how it is.
async fn belldot_by_status(url: &Url, asking: &Asking) -> Option<Url> {
    for base in bases(url) {
        let (status, events) = (base.join("api/v1/status").ok()?, base.join(EVENTS).ok()?);
        if events.path() != url.path() && says_status(status, asking).await {
            return Some(events);
        }
    }
    None
}

/// The same of one that does not say how it is to who has no token, but has our page at its base:
/// at every address below it, too, so that the base is the uppermost.
async fn belldot_by_page(url: &Url, asking: &Asking) -> Option<Url> {
    for base in bases(url).into_iter().rev() {
        let events = base.join(EVENTS).ok()?;
        if events.path() != url.path() && says_belldot(&base, asking).await {
            return Some(events);
        }
    }
    None
}

/// What may be the base of a server: the address as a folder, what stands before `/api`, the root.
fn bases(url: &Url) -> Vec<Url> {
    let mut paths = Vec::new();
    match url.path().find("/api") {
        Some(at) => paths.push(format!("{}/", &url.path()[..at])),
        None => paths.push(format!("{}/", url.path().trim_end_matches('/'))),
    }
    paths.push("/".to_owned());
    paths.dedup();
    paths
        .into_iter()
        .map(|path| {
            let mut base = url.clone();
            base.set_path(&path);
            base.set_query(None);
            base.set_fragment(None);
            base
        })
        .collect()
}

#[derive(Deserialize)]
struct ServerStatus {
    #[serde(rename = "connections")]
    _connections: u64,
    #[serde(rename = "version")]
    _version: String,
}

async fn says_status(url: Url, asking: &Asking) -> bool {
    match ask(&url, asking).await {
        Some(response) => bounded::json::<ServerStatus>(response).await.is_some(),
        None => false,
    }
}

async fn says_belldot(base: &Url, asking: &Asking) -> bool {
    match ask(base, asking).await {
        Some(response) => {
            let text = bounded::text(response).await;
            text.contains("This is a Belldot server") || text.contains("<title>Belldot")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_scheme_keeps_a_port_that_was_written() {
        for (url, other) in [
            ("https://a.example/e", "http://a.example/e"),
            ("http://a.example/e", "https://a.example/e"),
            ("http://a.example:8443/e", "https://a.example:8443/e"),
            (
                "https://a.example:8080/e?x=1",
                "http://a.example:8080/e?x=1",
            ),
        ] {
            let found = other_scheme(&Url::parse(url).unwrap()).unwrap();
            assert_eq!(found.as_str(), other);
        }
    }

    #[test]
    fn a_base_is_the_folder_what_is_before_the_api_or_the_root() {
        for (url, paths) in [
            ("http://a.example", vec!["/"]),
            ("http://a.example/belldot?x#y", vec!["/belldot/", "/"]),
            ("http://a.example/x/api/v1/todos", vec!["/x/", "/"]),
            ("http://a.example/api/v1", vec!["/"]),
        ] {
            let bases = bases(&Url::parse(url).unwrap());
            let found: Vec<&str> = bases.iter().map(Url::path).collect();
            assert_eq!(found, paths, "{url}");
        }
    }

    #[test]
    fn a_page_says_where_its_stream_is() {
        for (page, found) in [
            (
                r#"<LINK rel=alternate type="text/event-stream" href="/e?a=1&amp;b=2">"#,
                Some("/e?a=1&b=2"),
            ),
            (
                "<link type=text/event-stream href=/Stream />",
                Some("/Stream"),
            ),
            (r#"<link rel="stylesheet" href="a.css">"#, None),
            (r#"<link type="text/event-stream">"#, None),
            (r#"ü<link type="text/event-stream" href="#, None),
        ] {
            assert_eq!(link_in_page(page).as_deref(), found, "{page}");
        }
        let header = r#"<a.css>; rel=preload, </e>; rel="alternate"; type="text/event-stream""#;
        assert_eq!(link_in_header(header), Some("/e"));
    }
}
