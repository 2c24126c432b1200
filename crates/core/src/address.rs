//! Addresses as people type and paste them.

use std::net::Ipv6Addr;

use serde::{Deserialize, Deserializer, de};
use url::{Host, Url};

use crate::invisible::{is_invisible, without_invisible};

/// What somebody meant by an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `http` or `https`, with a host.
    pub url: Url,
    /// The scheme was not written and is a guess: `http` to this computer itself, else `https`.
    pub assumed: bool,
}

/// Why a text is no address of a server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is nothing.
    #[error("no address; one looks like https://todo.example.com/api/v1/events")]
    Empty,
    /// It begins with another scheme, such as `ftp`.
    #[error("{0}: is neither http:// nor https://")]
    Scheme(String),
    /// It names no server.
    #[error("not an address; one looks like https://todo.example.com/api/v1/events")]
    NotAnAddress,
}

/// Reads an address as people type and paste it: with white space, invisible characters, quotes or
/// angle brackets around it, with the full-width characters of an input method, without a scheme or
/// with one that only some programs use (`sse:`, `feed:`).
///
/// # Errors
/// What it is, where it is no address of a server.
pub fn parse(text: &str) -> Result<Address, AddressError> {
    let text = narrow(unwrapped(&without_invisible(text)));
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let (scheme, rest) = match split_scheme(&text) {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, text.as_str()),
    };
    match scheme.as_deref() {
        Some("http" | "https") if names_its_scheme(rest) => parse(rest.trim_start_matches('/')),
        Some(scheme @ ("http" | "https")) => finish(scheme, rest, false),
        Some("feed" | "sse" | "url" | "view-source") if names_its_scheme(rest) => parse(rest),
        Some("feed" | "sse") => finish(guess(rest)?, rest, true),
        Some(other) => Err(AddressError::Scheme(other.to_owned())),
        None if looks_like_a_place(rest) => finish(guess(rest)?, rest, true),
        None => Err(AddressError::NotAnAddress),
    }
}

/// Returns an address in a file that a person may have written. One with another scheme passes: it
/// is named when the settings are checked.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    let text = String::deserialize(from)?;
    match parse(&text) {
        Ok(address) => Ok(address.url),
        Err(error) => Url::parse(&text).map_err(|_| de::Error::custom(error)),
    }
}

/// Returns an address that can be shown and printed: without name and password, and with what looks
/// like a secret in its query left out.
pub fn shown(url: &Url) -> String {
    let mut bare = url.clone();
    // These fail where there can be neither.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare.set_fragment(None);
    if let Some(query) = url.query() {
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) if is_secret(name, value) => format!("{name}={HIDDEN}"),
                _ => pair.to_owned(),
            })
            .collect();
        bare.set_query(Some(&pairs.join("&")));
    }
    bare.to_string().replace("%E2%80%A6", HIDDEN)
}

/// Stands for a secret.
const HIDDEN: &str = "…";

/// Words in the names of parameters whose values nobody else should see.
const SECRET_NAMES: [&str; 13] = [
    "auth",
    "token",
    "secret",
    "passw",
    "pwd",
    "key",
    "jwt",
    "sig",
    "credential",
    "session",
    "sid",
    "ticket",
    "bearer",
];

fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // A JSON Web Token is one whatever it is called.
    SECRET_NAMES.iter().any(|word| name.contains(word)) || value.starts_with("eyJ")
}

/// Without white space and the marks that people put around an address.
fn unwrapped(text: &str) -> &str {
    const PAIRS: [(char, char); 12] = [
        ('<', '>'),
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('“', '”'),
        ('‘', '’'),
        ('«', '»'),
        ('「', '」'),
        ('『', '』'),
        ('《', '》'),
        ('【', '】'),
        ('（', '）'),
    ];
    let mut text = text.trim();
    while let Some(inner) = PAIRS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        Some(inner.trim())
    }) {
        text = inner;
    }
    text.trim_end_matches(['，', '；', '、'])
}

/// Returns the full-width characters of an input method as the ones that were meant. The path stays
/// as it is unless the input method was on before it: there such characters may be meant.
fn narrow(text: &str) -> String {
    let is_wide = |c: char| narrowed(c) != c;
    let server = {
        let after_scheme = text
            .char_indices()
            .zip(text.char_indices().skip(1))
            .find(|((_, one), (_, two))| narrowed(*one) == '/' && narrowed(*two) == '/')
            .map_or(0, |(_, (at, two))| at + two.len_utf8());
        let rest = &text[after_scheme..];
        let length = rest
            .find(|c| matches!(narrowed(c), '/' | '?' | '#'))
            // The character that ends it tells whether the input method was on.
            .and_then(|at| rest[at..].chars().next().map(|c| at + c.len_utf8()))
            .unwrap_or(rest.len());
        after_scheme + length
    };
    let (server, path) = text.split_at(server);
    let mut narrow: String = server.chars().map(narrowed).collect();
    if server.contains(is_wide) {
        let ascii = |c| {
            if matches!(c, '。' | '｡') {
                c
            } else {
                narrowed(c)
            }
        };
        narrow.extend(path.chars().map(ascii));
    } else {
        narrow.push_str(path);
    }
    narrow.trim().to_owned()
}

fn narrowed(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '。' | '｡' => '.',
        c => c,
    }
}

/// Returns the scheme and what follows it; `host:port` has none.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    // Typed without the colon.
    for scheme in ["https", "http"] {
        if let Some(rest) = text.get(scheme.len()..)
            && rest.starts_with("//")
            && text[..scheme.len()].eq_ignore_ascii_case(scheme)
        {
            return Some((&text[..scheme.len()], rest));
        }
    }
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let is_port = end > 0 && rest[..end].bytes().all(|b| b.is_ascii_digit());
    let is_user = rest[..end].contains('@');
    let known = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    (is_scheme && (known || rest.starts_with("//") || !(is_port || is_user)))
        .then_some((scheme, rest))
}

fn names_its_scheme(rest: &str) -> bool {
    let rest = rest.trim_start_matches('/').to_ascii_lowercase();
    ["http://", "https://"]
        .iter()
        .any(|scheme| rest.starts_with(scheme))
}

/// Returns whether a text without a scheme names a server rather than a file, a word or a person.
fn looks_like_a_place(text: &str) -> bool {
    if text.starts_with("//") {
        return true;
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return true;
    }
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (server, path) = text.split_at(end);
    let is_mail = server.contains('@') && path.is_empty();
    let one_word = !server.contains(['.', ':']) && path.is_empty();
    !server.is_empty()
        && server != "."
        && server != ".."
        && !server.contains(char::is_whitespace)
        && !is_mail
        && (!one_word || server.eq_ignore_ascii_case("localhost"))
}

/// `http` to this computer itself, where nobody has a certificate; else `https`.
fn guess(rest: &str) -> Result<&'static str, AddressError> {
    let Address { url, .. } = finish("https", rest, true)?;
    Ok(if is_this_computer(&url) {
        "http"
    } else {
        "https"
    })
}

fn finish(scheme: &str, rest: &str, assumed: bool) -> Result<Address, AddressError> {
    let rest = rest.trim_start_matches(['/', '\\']);
    let url = match rest.parse::<Ipv6Addr>() {
        Ok(address) => Url::parse(&format!("{scheme}://[{address}]/")),
        Err(_) => Url::parse(&format!("{scheme}://{rest}")),
    };
    match url {
        Ok(url) if url.host_str().is_some_and(is_host) => Ok(Address { url, assumed }),
        _ => Err(AddressError::NotAnAddress),
    }
}

/// Returns whether a name server can know this host: the URL standard lets more pass.
fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.contains(|c: char| c == '%' || is_invisible(c))
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address
                    .to_ipv4_mapped()
                    .is_some_and(|address| address.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Localizer;

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(address) => address.url.to_string(),
            Err(error) => panic!("{text:?}: {error}"),
        }
    }

    #[test]
    fn an_address_is_read_as_it_was_meant() {
        for (typed, meant) in [
            ("https://a.example/events", "https://a.example/events"),
            ("HTTP://A.Example/Events", "http://a.example/Events"),
            ("  https://a.example/e \r\n", "https://a.example/e"),
            ("\u{feff}https://a.example/e\u{200b}", "https://a.example/e"),
            ("\u{a0}https://a.example/e\u{3000}", "https://a.example/e"),
            ("<https://a.example/e>", "https://a.example/e"),
            ("“https://a.example/e”", "https://a.example/e"),
            ("\"<https://a.example/e>\"", "https://a.example/e"),
            ("《https://a.example/e》", "https://a.example/e"),
            ("http:/a.example/e", "http://a.example/e"),
            ("http:a.example/e", "http://a.example/e"),
            ("http:\\\\a.example\\e", "http://a.example/e"),
            ("https//a.example/e", "https://a.example/e"),
            ("http:///a.example/e", "http://a.example/e"),
            ("http://https://a.example/e", "https://a.example/e"),
            ("feed:https://a.example/e", "https://a.example/e"),
            ("feed://a.example/e", "https://a.example/e"),
            ("sse://127.0.0.1:8080/e", "http://127.0.0.1:8080/e"),
            ("http：//127.0.0.1:80/e", "http://127.0.0.1/e"),
            ("ｈｔｔｐ：／／ａ．ｅｘａｍｐｌｅ／ｅ", "http://a.example/e"),
            ("http://127。0。0。1:8080/e", "http://127.0.0.1:8080/e"),
            (
                "https：//a。example：8443／e？topic＝x",
                "https://a.example:8443/e?topic=x",
            ),
            ("https://例子.测试/e", "https://xn--fsqu00a.xn--0zwm56d/e"),
            ("https://[::1]:8080/e", "https://[::1]:8080/e"),
            (
                "https://ann:pass@a.example/e",
                "https://ann:pass@a.example/e",
            ),
        ] {
            assert_eq!(read(typed), meant, "{typed:?}");
        }
    }

    #[test]
    fn a_scheme_that_is_not_written_is_http_for_this_computer_and_https_for_others() {
        for (typed, meant) in [
            ("localhost:8080/e", "http://localhost:8080/e"),
            ("LOCALHOST", "http://localhost/"),
            ("127.0.0.1:8787", "http://127.0.0.1:8787/"),
            ("[::1]:8787/e", "http://[::1]:8787/e"),
            ("::1", "http://[::1]/"),
            ("todo.localhost/e", "http://todo.localhost/e"),
            ("todo.example/e", "https://todo.example/e"),
            ("todo.example:8443/e?x=1", "https://todo.example:8443/e?x=1"),
            ("10.1.2.3:8080", "https://10.1.2.3:8080/"),
            ("intranet/events", "https://intranet/events"),
            ("intranet:8080", "https://intranet:8080/"),
            ("//todo.example/e", "https://todo.example/e"),
            ("例子.测试/e", "https://xn--fsqu00a.xn--0zwm56d/e"),
            ("ann:pass@todo.example/e", "https://ann:pass@todo.example/e"),
        ] {
            assert_eq!(read(typed), meant, "{typed:?}");
            assert!(parse(typed).is_ok_and(|address| address.assumed), "{typed}");
        }
        assert!(parse("http://a.example").is_ok_and(|address| !address.assumed));
    }

    #[test]
    fn a_path_keeps_its_full_width_characters() {
        let url = "https://a.example/%E5%BE%85%E5%8A%9E%EF%BC%9A1";
        assert_eq!(read("https://a.example/待办：1"), url);
    }

    #[test]
    fn what_is_no_address_is_refused_by_a_sentence_that_shows_one() {
        use AddressError::*;
        let scheme = |name: &str| Scheme(name.to_owned());
        for (typed, error) in [
            ("", Empty),
            (" \u{200b}\n", Empty),
            ("<>", Empty),
            ("hello", NotAnAddress),
            ("hello world", NotAnAddress),
            ("todo example.com/e", NotAnAddress),
            ("/api/v1/events", NotAnAddress),
            ("./events", NotAnAddress),
            ("?x", NotAnAddress),
            ("ann@todo.example", NotAnAddress),
            ("https://", NotAnAddress),
            ("https:///", NotAnAddress),
            ("https://a.example:99999/", NotAnAddress),
            ("https://a b/", NotAnAddress),
            ("http://[::1/", NotAnAddress),
            ("localhost:99999", NotAnAddress),
            ("ftp://a.example/", scheme("ftp")),
            ("WSS://a.example/", scheme("wss")),
            ("mailto:ann@a.example", NotAnAddress),
            ("javascript:alert(1)", scheme("javascript")),
            ("file:///etc/passwd", scheme("file")),
        ] {
            let found = parse(typed).unwrap_err();
            assert_eq!(found, error, "{typed:?}");
            for language in [
                crate::settings::Language::English,
                crate::settings::Language::Chinese,
            ] {
                let said = found.say(&Localizer::new(language));
                assert!(said.contains("https://"), "{typed:?}: {said}");
            }
        }
    }

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        for (url, meant) in [
            ("https://a.example/e", "https://a.example/e"),
            ("https://ann:pass@a.example/e#x", "https://a.example/e"),
            (
                "https://a.example/e?topic=a%2Fb&access_token=t0p&x",
                "https://a.example/e?topic=a%2Fb&access_token=…&x",
            ),
            (
                "https://a.example/e?API-Key=1",
                "https://a.example/e?API-Key=…",
            ),
            (
                "https://a.example/e?q=eyJh.e30.x",
                "https://a.example/e?q=…",
            ),
        ] {
            assert_eq!(shown(&Url::parse(url).unwrap()), meant);
        }
    }
}
