//! Where a request is from.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A machine.
    Network(IpAddr),
    /// A program of this machine, by the Unix socket: a proxy.
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are no Unix sockets"))]
    Local,
}

/// The address that a client's requests are counted by; `None` if that is not known.
///
/// It is the connection's, or, if that is one of `proxies`, the last one of `X-Forwarded-For` that is
/// not: a client can write whatever it likes before that one.
pub(crate) fn client_address(peer: Peer, headers: &HeaderMap, proxies: &[IpNet]) -> Option<IpAddr> {
    let is_proxy = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut client = match peer {
        Peer::Network(address) => Some(address.to_canonical()),
        Peer::Local => None,
    };
    let mut forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while client.as_ref().is_none_or(is_proxy) {
        let Some(before) = forwarded.next().and_then(|entry| parse(entry.trim())) else {
            break;
        };
        client = Some(before);
    }
    client.map(network_of)
}

/// An entry of `X-Forwarded-For`, which some proxies write with a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    let address: Option<IpAddr> = bare.parse().ok();
    let with_port = || entry.parse().ok().map(|at: std::net::SocketAddr| at.ip());
    address
        .or_else(with_port)
        .map(|address| address.to_canonical())
}

/// One customer has a whole /64 of IPv6.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let peer = match peer {
            "" => Peer::Local,
            peer => Peer::Network(peer.parse().unwrap()),
        };
        let proxies = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        client_address(peer, &headers, &proxies).map_or_else(String::new, |a| a.to_string())
    }

    #[test]
    fn a_client_that_is_no_proxy_is_itself_whatever_it_says() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
    }

    #[test]
    fn what_a_proxy_says_counts_from_its_end() {
        assert_eq!(address("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["6.6.6.6, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["192.0.2.1,10.0.0.2"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["6.6.6.6", "192.0.2.1"]), "192.0.2.1");
        assert_eq!(address("::ffff:10.0.0.1", &["192.0.2.1:99"]), "192.0.2.1");
        assert_eq!(address("", &["192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn a_proxy_that_says_nothing_usable_is_the_client() {
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["6.6.6.6, unknown"]), "10.0.0.1");
        assert_eq!(address("", &[]), "");
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        assert_eq!(address("2001:db8::1", &[]), "2001:db8::");
        assert_eq!(address("fd00::1", &["[2001:db8::2]:80"]), "2001:db8::");
    }
}
