//! One proxy, parsed from a text.

use std::fmt::{self, Debug};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// The usual port of SOCKS (RFC 1928, section 3).
const SOCKS_PORT: u16 = 1080;

/// One proxy.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Upstream {
    /// Scheme, host and port.
    url: Url,
    /// Name and password, where it requires a sign-in.
    pub(crate) sign_in: Option<(String, String)>,
}

impl Upstream {
    /// Parses `http://host:port` and the like; http where there is no scheme. `None` if it is not
    /// valid.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = match text.split_once("://") {
            None => format!("http://{text}"),
            Some((scheme, rest)) => {
                let scheme = match scheme.to_ascii_lowercase().as_str() {
                    "http" => "http",
                    "https" => "https",
                    // Without a version, the newest one is assumed.
                    "socks" | "socks5h" => "socks5h",
                    "socks5" => "socks5",
                    "socks4" => "socks4",
                    "socks4a" => "socks4a",
                    _ => return None,
                };
                format!("{scheme}://{rest}")
            }
        };
        let mut url = Url::parse(&text).ok()?;
        url.host_str().filter(|host| !host.is_empty())?;
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let sign_in = match (url.username(), url.password()) {
            ("", None) => None,
            (name, password) => Some((plain(name), plain(password.unwrap_or_default()))),
        };
        crate::redirect::strip_credentials(&mut url);
        if url.scheme().starts_with("socks") && url.port().is_none() {
            url.set_port(Some(SOCKS_PORT)).ok()?;
        }
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        Some(Self { url, sign_in })
    }

    /// Lets the proxy resolve names, where its protocol can.
    pub(crate) fn resolve_remotely(&mut self) {
        let there = match self.url.scheme() {
            "socks5" => "socks5h",
            "socks4" => "socks4a",
            _ => return,
        };
        // Cannot fail: neither scheme is special in the URL standard.
        let _ = self.url.set_scheme(there);
    }

    /// Scheme, host and port.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// Whether its protocol is HTTP, so that it answers with a status and headers.
    pub(crate) fn is_http(&self) -> bool {
        matches!(self.scheme(), "http" | "https")
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(SOCKS_PORT)
    }

    /// The URL with name and password, as reqwest expects it.
    pub(crate) fn to_url(&self) -> Url {
        let mut url = self.url.clone();
        if let Some((name, password)) = &self.sign_in {
            // Encoded here, as `set_password` does not encode `%`.
            let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let _ = url.set_username(&encoded(name));
            let _ = url.set_password(Some(&encoded(password)));
        }
        url
    }
}

impl Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The password must not be logged.
        write!(f, "Upstream({})", self.url)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        Upstream::parse(text).map(|upstream| upstream.to_url().to_string())
    }

    #[test]
    fn a_proxy_is_read_in_all_usual_spellings() {
        for (text, read) in [
            ("proxy.corp:3128", "http://proxy.corp:3128/"),
            (" HTTP://Proxy.Corp:3128/ ", "http://proxy.corp:3128/"),
            ("https://proxy.corp", "https://proxy.corp/"),
            ("socks://10.0.0.1", "socks5h://10.0.0.1:1080"),
            ("socks5://[::1]:9", "socks5://[::1]:9"),
            ("socks4a://proxy", "socks4a://proxy:1080"),
            ("ann:pw@proxy:80", "http://ann:pw@proxy/"),
            (
                "http://c%5Cann:p%25@proxy:81/",
                "http://c%5Cann:p%25@proxy:81/",
            ),
        ] {
            assert_eq!(written(text).as_deref(), Some(read), "{text}");
        }
        for text in ["", "::::", "ftp://proxy:21", "http://", "quic://proxy:1"] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn a_password_keeps_every_character() {
        let mut upstream = Upstream::parse("http://proxy:3128").unwrap();
        let said = ("corp\\ann".to_owned(), "p%41:@/ü".to_owned());
        upstream.sign_in = Some(said.clone());
        let again = Upstream::parse(upstream.to_url().as_str()).unwrap();
        assert_eq!(again.sign_in, Some(said));
    }

    #[test]
    fn it_does_not_say_its_password() {
        let upstream = Upstream::parse("http://ann:pw@proxy:3128").unwrap();
        assert_eq!(format!("{upstream:?}"), "Upstream(http://proxy:3128/)");
    }
}
