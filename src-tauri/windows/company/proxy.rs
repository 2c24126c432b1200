//! By which proxy a company's page goes: the one by which a stream would.

use belldot_core::settings;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::Page;
use crate::rooms::Rooms;

/// The way of a page's session.
#[derive(Clone, Default)]
pub enum Proxy {
    /// None.
    #[default]
    Direct,
    /// This one.
    Through {
        /// `scheme://host:port`, with name and password where it wants them.
        url: String,
        /// What is reached without it.
        except: Vec<String>,
    },
}

/// This computer itself is never reached by a proxy.
const THIS_COMPUTER: [&str; 3] = ["localhost", "127.0.0.0/8", "::1"];

/// The proxy to the page, or to the first of its further origins that needs one. Where several
/// would lead there, the first.
pub async fn choose(rooms: &Rooms, page: &Page) -> Proxy {
    let Some(client) = rooms.way().client() else {
        return Proxy::Direct;
    };
    let mut except: Vec<String> = THIS_COMPUTER.map(str::to_owned).to_vec();
    let mut chosen = None;
    for url in std::iter::once(&page.url).chain(&page.origins) {
        match client.proxy_to(url).await {
            Some(proxy) => {
                chosen.get_or_insert(proxy);
            }
            None => except.extend(url.host_str().map(str::to_owned)),
        }
    }
    let set = rooms.settings().network.proxy;
    let settings::Proxy::Through(server) = set else {
        return chosen.map_or(Proxy::Direct, |proxy| Proxy::Through {
            url: spelled(&proxy),
            except,
        });
    };
    // Frames and pictures come from elsewhere, too.
    let Some(mut proxy) = chosen.or_else(|| Url::parse(&server.url).ok()) else {
        return Proxy::Direct;
    };
    except.extend(spelled_exceptions(&server.except));
    let keyring = rooms.keyring().clone();
    if let Some(user) = server.user {
        let password = tokio::task::spawn_blocking(move || keyring.proxy_password());
        let password = password.await.ok().flatten().unwrap_or_default();
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        // These fail where there can be neither.
        let _ = proxy.set_username(&encoded(&user));
        let _ = proxy.set_password(Some(&encoded(&password)));
    }
    Proxy::Through {
        url: spelled(&proxy),
        except,
    }
}

/// As GIO has it, whose `socks5` looks names up there.
fn spelled(proxy: &Url) -> String {
    let text = proxy.as_str().trim_end_matches('/');
    text.replacen("socks5h://", "socks5://", 1)
}

/// The exceptions that GIO knows too: domains, addresses, networks.
fn spelled_exceptions(list: &str) -> impl Iterator<Item = String> + use<'_> {
    let entries = list.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let entries = entries.map(|entry| entry.split_once("://").map_or(entry, |(_, host)| host));
    entries
        .filter(|entry| !entry.is_empty() && *entry != "<local>")
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_and_exceptions_are_spelled_as_gio_has_them() {
        let proxy = Url::parse("socks5h://proxy.example:1080").unwrap();
        assert_eq!(spelled(&proxy), "socks5://proxy.example:1080");
        let proxy = Url::parse("http://proxy.example:3128").unwrap();
        assert_eq!(spelled(&proxy), "http://proxy.example:3128");
        let except: Vec<_> = spelled_exceptions("*.a.example; 10.0.0.0/8,<local>").collect();
        assert_eq!(except, ["*.a.example", "10.0.0.0/8"]);
    }
}
