//! Hosts that are reached without a proxy, in the spellings that curl, browsers, GNOME, KDE,
//! Windows and macOS use.

use std::net::IpAddr;

use url::{Host, Url};

/// The hosts that are reached without a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BypassList(Vec<BypassRule>);

/// One rule: `[scheme://]host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct BypassRule {
    scheme: Option<String>,
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    /// `<local>`: names without a dot.
    Plain,
    /// A domain, itself and all below: `corp.example`, `.corp.example`, `*.corp.example`.
    Domain(String),
    /// A pattern with asterisks elsewhere: `10.1.*`, `intranet*`, `*`.
    Glob(String),
    /// An address, or a network (`10.0.0.0/8`) with the length of its prefix.
    Network(IpAddr, u8),
}

impl BypassList {
    /// Parses a list separated by commas, semicolons or white space. Invalid rules are ignored.
    pub(crate) fn parse(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        Self(entries.filter_map(BypassRule::parse).collect())
    }

    /// Whether a rule applies to a URL.
    pub(crate) fn matches(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        let host = host.trim_matches(['[', ']']).trim_end_matches('.');
        let address = host
            .parse()
            .ok()
            .map(|address: IpAddr| address.to_canonical());
        self.0.iter().any(|exception| {
            let BypassRule {
                scheme,
                hosts,
                port,
            } = exception;
            scheme
                .as_deref()
                .is_none_or(|scheme| scheme == url.scheme())
                && port.is_none_or(|port| url.port_or_known_default() == Some(port))
                && hosts.matches(host, address)
        })
    }
}

impl BypassRule {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.to_lowercase();
        let (scheme, rest) = match entry.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_owned()), rest),
            None => (None, entry.as_str()),
        };
        let (hosts, port) = split_port(rest.trim_end_matches('/'))?;
        Some(Self {
            scheme,
            hosts: Hosts::parse(hosts)?,
            port,
        })
    }
}

/// Splits `host:port`; the colons of an IPv6 address do not separate a port.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            None if rest.is_empty() => Some((address, None)),
            None => None,
            Some(port) => Some((address, Some(port.parse().ok()?))),
        };
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => Some((host, Some(port.parse().ok()?))),
        _ => Some((text, None)),
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "<local>" {
            return Some(Self::Plain);
        }
        if let Some(network) = network(text) {
            return Some(network);
        }
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        if text.ends_with('.') && text.chars().all(is_number) {
            // The prefix of an address.
            return Some(Self::Glob(format!("{text}*")));
        }
        let domain = text.strip_prefix('*').unwrap_or(text);
        let domain = match domain.strip_prefix('.') {
            Some(domain) => domain,
            None => text,
        };
        if domain.contains('*') {
            return Some(Self::Glob(domain.to_owned()));
        }
        match Host::parse(domain.trim_end_matches('.')) {
            Ok(Host::Domain(domain)) if !domain.is_empty() => Some(Self::Domain(domain)),
            _ => None,
        }
    }

    fn matches(&self, host: &str, address: Option<IpAddr>) -> bool {
        match self {
            Self::Plain => address.is_none() && !host.contains('.'),
            Self::Domain(domain) => host
                .strip_suffix(domain.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.')),
            Self::Glob(pattern) => glob_matches(pattern.as_bytes(), host.as_bytes()),
            Self::Network(network, bits) => {
                address.is_some_and(|address| is_in(address, *network, *bits))
            }
        }
    }
}

/// Parses an address, or a network with the length of its prefix.
fn network(text: &str) -> Option<Hosts> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some(Hosts::Network(address, bits))
}

fn is_in(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let differing = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    differing >= u32::from(bits)
}

/// Whether a text matches a pattern, where an asterisk matches any text.
fn glob_matches(pattern: &[u8], text: &[u8]) -> bool {
    let mut parts = pattern.split(|&byte| byte == b'*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        let found = (0..=rest.len()).find(|&at| rest[at..].starts_with(part));
        let Some(at) = found else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn matches(list: &str, url: &str) -> bool {
        BypassList::parse(list).matches(&url.parse().unwrap())
    }

    /// An entry, URLs that it holds, and URLs that it does not.
    const TABLE: [(&str, &[&str], &[&str]); 17] = [
        (
            "corp.example",
            &["http://corp.example/", "https://a.b.corp.example:8443/"],
            &[
                "http://xcorp.example/",
                "http://corp.example.org/",
                "http://example/",
            ],
        ),
        (
            ".corp.example",
            &["http://a.corp.example/", "http://corp.example/"],
            &["http://xcorp.example/"],
        ),
        (
            "*.corp.example",
            &["http://a.corp.example/", "http://a.b.corp.example/"],
            &["http://xcorp.example/"],
        ),
        (
            "*.Corp.EXAMPLE.",
            &["http://A.corp.example/", "http://a.corp.example./"],
            &["http://corp.test/"],
        ),
        (
            "corp.example:8443",
            &["https://corp.example:8443/", "http://a.corp.example:8443/"],
            &["https://corp.example/", "https://corp.example:443/"],
        ),
        (
            "corp.example:443",
            &["https://corp.example/"],
            &["http://corp.example/"],
        ),
        (
            "https://corp.example",
            &["https://corp.example/"],
            &["http://corp.example/"],
        ),
        (
            "10.1.*",
            &["http://10.1.2.3/"],
            &["http://10.10.2.3/", "http://110.1.2.3/"],
        ),
        ("10.1.", &["http://10.1.2.3/"], &["http://10.10.2.3/"]),
        (
            "10.0.0.0/8",
            &[
                "http://10.1.2.3:81/",
                "http://10.255.0.1/",
                "http://[::ffff:10.1.2.3]/",
            ],
            &["http://11.0.0.1/", "http://ten.example/"],
        ),
        (
            "192.0.2.7",
            &["http://192.0.2.7/"],
            &["http://192.0.2.70/", "http://192.0.2.6/"],
        ),
        (
            "192.0.2.7:81",
            &["http://192.0.2.7:81/"],
            &["http://192.0.2.7/"],
        ),
        (
            "fd00::/8",
            &["http://[fd12::1]/"],
            &["http://[fe80::1]/", "http://10.0.0.1/"],
        ),
        (
            "[fd00::1]:81",
            &["http://[fd00::1]:81/"],
            &["http://[fd00::1]/"],
        ),
        (
            "<local>",
            &["http://intranet/"],
            &["http://a.b/", "http://[fd00::1]/", "http://10.1/"],
        ),
        (
            "*",
            &["http://a.b/", "http://10.1.2.3/", "http://[fd00::1]/"],
            &[],
        ),
        (
            "intra*.example",
            &["http://intranet.example/", "http://intra.a.example/"],
            &["http://net.example/"],
        ),
    ];

    #[test]
    fn an_entry_is_read_in_all_usual_spellings() {
        for (entry, inside, outside) in TABLE {
            for url in inside {
                assert!(matches(entry, url), "{entry} holds {url}");
            }
            for url in outside {
                assert!(!matches(entry, url), "{entry} does not matches {url}");
            }
        }
    }

    #[test]
    fn entries_are_separated_by_commas_semicolons_and_white_space() {
        let list = " a.example,b.example;c.example \t d.example\n;,  *.e.example";
        for name in ["a", "b", "c", "d", "x.e"] {
            assert!(matches(list, &format!("http://{name}.example/")), "{name}");
        }
        assert!(!matches(list, "http://f.example/"));
    }

    #[test]
    fn names_in_other_scripts_are_compared_as_they_are_sent() {
        assert!(matches("bücher.example", "http://bücher.example/"));
        assert!(matches("BÜCHER.example", "http://xn--bcher-kva.example/"));
    }

    #[test]
    fn what_makes_no_sense_holds_nothing() {
        for entry in [
            "",
            ":",
            "a.example:http",
            "10.0.0.0/33",
            "[::1",
            "<-loopback>",
            "a/b",
        ] {
            assert!(!matches(entry, "http://a.example/"), "{entry}");
            assert!(!matches(entry, "http://10.0.0.1/"), "{entry}");
        }
    }
}
