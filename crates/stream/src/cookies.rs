//! The cookies that servers set (RFC 6265), a few for each origin that set them.
//!
//! Written for this crate, because the published jars are not bounded, and send cookies to other
//! ports and subdomains: here `Domain` is ignored.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::{Origin, Url};

use crate::redirect::is_loopback;

mod date;

/// How many cookies are kept.
const MOST: usize = 50;
/// How many bytes of names, values and paths are kept.
const BYTES_MOST: usize = 8 * 1024;
/// A larger cookie is not kept, in bytes.
const LARGEST: usize = 4 * 1024;

/// A jar. It is bounded: the oldest cookies make room for new ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cookies(Vec<Cookie>);

#[derive(Clone, Debug)]
struct Cookie {
    origin: Origin,
    path: String,
    name: String,
    value: String,
    expires: Option<SystemTime>,
}

impl Cookies {
    /// Keeps the cookies of a response from `url`; `now` is the wall-clock time.
    pub(crate) fn keep(&mut self, url: &Url, headers: &HeaderMap, now: SystemTime) {
        for header in headers.get_all(SET_COOKIE) {
            let header = std::str::from_utf8(header.as_bytes());
            let Some(cookie) = header.ok().and_then(|text| Cookie::parse(text, url, now)) else {
                continue;
            };
            self.0.retain(|other| !other.is_replaced_by(&cookie));
            if cookie.lives(now) {
                self.0.push(cookie);
            }
        }
        self.0.retain(|cookie| cookie.lives(now));
        self.make_room();
    }

    /// The header `Cookie` of a request to `url`, where there are cookies for it.
    pub(crate) fn header(&self, url: &Url, now: SystemTime) -> Option<HeaderValue> {
        let origin = url.origin();
        let mut sent: Vec<&Cookie> = self
            .0
            .iter()
            .filter(|cookie| cookie.origin == origin && cookie.lives(now) && cookie.is_at(url))
            .collect();
        // Longer paths first, then the older ones (RFC 6265, 5.4).
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = sent
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        HeaderValue::from_bytes(pairs.join("; ").as_bytes())
            .ok()
            .filter(|header| !header.is_empty())
    }

    fn make_room(&mut self) {
        let mut bytes: usize = self.0.iter().map(Cookie::bytes).sum();
        let mut left = self.0.len();
        self.0.retain(|cookie| {
            let stays = left <= MOST && bytes <= BYTES_MOST;
            if !stays {
                left -= 1;
                bytes -= cookie.bytes();
            }
            stays
        });
    }
}

impl Cookie {
    /// A `Set-Cookie` (RFC 6265, 5.2) in a response from `url`; `None` where it is not to be
    /// kept.
    fn parse(text: &str, url: &Url, now: SystemTime) -> Option<Self> {
        let mut parts = text.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            origin: url.origin(),
            path: default_path(url).to_owned(),
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            expires: None,
        };
        let (mut max_age, mut secure) = (None, false);
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "path" => default_path(url).clone_into(&mut cookie.path),
                "expires" => cookie.expires = date::parse(value).or(cookie.expires),
                "max-age" => max_age = seconds(value).or(max_age),
                "secure" => secure = true,
                _ => {}
            }
        }
        if let Some(max_age) = max_age {
            // An expiry beyond the range of the clock is none.
            cookie.expires = now.checked_add(max_age);
        }
        let allowed = !secure || url.scheme() == "https" || is_loopback(url);
        let whole = !cookie.name.is_empty()
            && cookie.bytes() <= LARGEST
            && !text.contains(|c: char| c.is_control() && c != '\t');
        (allowed && whole).then_some(cookie)
    }

    fn bytes(&self) -> usize {
        self.name.len() + self.value.len() + self.path.len()
    }

    fn lives(&self, now: SystemTime) -> bool {
        self.expires.is_none_or(|expires| expires > now)
    }

    fn is_replaced_by(&self, other: &Self) -> bool {
        (&self.origin, &self.path, &self.name) == (&other.origin, &other.path, &other.name)
    }

    /// Whether the path matches (RFC 6265, 5.1.4).
    fn is_at(&self, url: &Url) -> bool {
        url.path()
            .strip_prefix(self.path.as_str())
            .is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
            })
    }
}

/// The folder of a path (RFC 6265, 5.1.4).
fn default_path(url: &Url) -> &str {
    match url.path().rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder,
        _ => "/",
    }
}

/// `Max-Age`; a negative one is zero.
fn seconds(value: &str) -> Option<Duration> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match value.starts_with('-') {
        true => Duration::ZERO,
        // A number beyond the range counts as the largest one.
        false => Duration::from_secs(digits.parse().unwrap_or(u64::MAX)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + NOW + Duration::from_secs(seconds)
    }

    fn url(url: &str) -> Url {
        url.parse().unwrap()
    }

    fn jar<const N: usize>(from: &str, set: [&str; N]) -> Cookies {
        let mut cookies = Cookies::default();
        keep(&mut cookies, from, set);
        cookies
    }

    fn keep<const N: usize>(cookies: &mut Cookies, from: &str, set: [&str; N]) {
        let mut headers = HeaderMap::new();
        for value in set {
            headers.append(SET_COOKIE, HeaderValue::from_str(value).unwrap());
        }
        cookies.keep(&url(from), &headers, at(0));
    }

    fn sent(cookies: &Cookies, to: &str) -> String {
        let header = cookies.header(&url(to), at(1));
        header.map_or_else(String::new, |header| header.to_str().unwrap().to_owned())
    }

    #[test]
    fn they_go_back_to_the_origin_that_set_them_and_to_no_other() {
        let cookies = jar(
            "https://a.example/x",
            ["s=1; Path=/; Domain=example", "t=2; Path=/"],
        );
        assert_eq!(sent(&cookies, "https://a.example/y"), "s=1; t=2");
        for other in [
            "https://example/",
            "https://b.a.example/",
            "https://b.example/",
            "https://a.example:8443/",
            "http://a.example/",
        ] {
            assert_eq!(sent(&cookies, other), "", "{other}");
        }
    }

    #[test]
    fn they_go_back_within_their_path() {
        let cookies = jar(
            "https://a.example/x/y",
            ["a=1; Path=/x", "b=2", "c=3; Path=no"],
        );
        assert_eq!(sent(&cookies, "https://a.example/x"), "a=1; b=2; c=3");
        assert_eq!(sent(&cookies, "https://a.example/x/z"), "a=1; b=2; c=3");
        assert_eq!(sent(&cookies, "https://a.example/xy"), "");
        let cookies = jar("https://a.example/", ["a=1; Path=/", "b=2; Path=/x/"]);
        assert_eq!(sent(&cookies, "https://a.example/x/"), "b=2; a=1");
        assert_eq!(sent(&cookies, "https://a.example/x"), "a=1");
    }

    #[test]
    fn a_secure_one_is_not_kept_from_plain_http() {
        let set = ["s=1; Path=/; Secure"];
        assert_eq!(
            sent(&jar("http://a.example/", set), "http://a.example/"),
            ""
        );
        assert_eq!(
            sent(&jar("https://a.example/", set), "https://a.example/"),
            "s=1"
        );
        assert_eq!(
            sent(&jar("http://127.0.0.1/", set), "http://127.0.0.1/"),
            "s=1"
        );
    }

    #[test]
    fn a_new_one_of_the_same_name_and_path_replaces_the_old_one() {
        let mut cookies = jar("https://a.example/", ["a=1", "b=1"]);
        keep(&mut cookies, "https://a.example/", ["a=2"]);
        assert_eq!(sent(&cookies, "https://a.example/"), "b=1; a=2");
    }

    #[test]
    fn they_end_when_they_expire() {
        let mut cookies = jar(
            "https://a.example/",
            [
                "past=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT",
                "none=1; Max-Age=0",
                "negative=1; Max-Age=-1",
                "first=1; Max-Age=100; Expires=Thu, 01 Jan 1970 00:00:01 GMT",
                "date=1; Expires=Wed, 09-Jun-2100 10:18:14 GMT",
                "ever=1; Max-Age=99999999999999999999",
                "odd=1; Max-Age=soon; Expires=later",
            ],
        );
        assert_eq!(
            sent(&cookies, "https://a.example/"),
            "first=1; date=1; ever=1; odd=1"
        );
        let later = cookies.header(&url("https://a.example/"), at(100));
        assert_eq!(later.unwrap(), "date=1; ever=1; odd=1");
        keep(&mut cookies, "https://a.example/", ["odd=; Max-Age=0"]);
        assert_eq!(
            sent(&cookies, "https://a.example/"),
            "first=1; date=1; ever=1"
        );
    }

    #[test]
    fn there_are_at_most_50_and_the_oldest_make_room() {
        let mut cookies = Cookies::default();
        for number in 0..60 {
            keep(
                &mut cookies,
                "https://a.example/",
                [&format!("n{number}=x")],
            );
        }
        let header = sent(&cookies, "https://a.example/");
        assert_eq!(header.split("; ").count(), 50);
        assert!(header.starts_with("n10=x; ") && header.ends_with("; n59=x"));
    }

    #[test]
    fn there_are_at_most_8_kib_of_them() {
        let mut cookies = Cookies::default();
        for number in 0..10 {
            let value = format!("n{number}={}", "x".repeat(2000));
            keep(&mut cookies, "https://a.example/", [&value]);
        }
        let header = sent(&cookies, "https://a.example/");
        assert!(header.starts_with("n6=") && header.len() <= BYTES_MOST);
        let larger = format!("large={}", "x".repeat(5000));
        keep(&mut cookies, "https://a.example/", [&larger]);
        assert_eq!(sent(&cookies, "https://a.example/"), header);
    }

    #[test]
    fn what_is_no_cookie_is_none() {
        let cookies = jar("https://a.example/", ["", "a", "=b", ";", "; a=b"]);
        assert_eq!(sent(&cookies, "https://a.example/"), "");
    }
}
