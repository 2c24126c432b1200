//! By which proxy a company's page goes: the one by which a stream would.

use belldot_core::settings;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{state::AppState, windows::PageProxy};

/// This computer itself is never reached by a proxy.
const THIS_COMPUTER: [&str; 3] = ["localhost", "127.0.0.0/8", "::1"];

/// What stands for everything else that a page may show: frames, pictures.
const ELSEWHERE: &str = "https://elsewhere.invalid/";

/// The proxy to the page, or to the first of its further origins that needs one, or else to
/// whatever is on it. Where several would lead there, the first.
pub async fn choose(state: &AppState, page: &Url, origins: &[Url]) -> PageProxy {
    let Some(client) = state.http().wait_for_client().await else {
        return PageProxy::Direct;
    };
    let mut except: Vec<String> = THIS_COMPUTER.map(str::to_owned).to_vec();
    if let settings::Proxy::Through(server) = &state.settings().network.proxy {
        except.extend(spelled_exceptions(&server.except));
    }
    let mut chosen = None;
    for url in std::iter::once(page).chain(origins) {
        match client.proxy_and_sign_in_to(url).await {
            Some(proxy) => {
                chosen.get_or_insert(proxy);
            }
            None => except.extend(url.host_str().map(str::to_owned)),
        }
    }
    if let (None, Ok(elsewhere)) = (&chosen, Url::parse(ELSEWHERE)) {
        chosen = client.proxy_and_sign_in_to(&elsewhere).await;
    }
    chosen.map_or(PageProxy::Direct, |(proxy, sign_in)| PageProxy::Through {
        url: spelled(&proxy, sign_in.as_ref()),
        sign_in,
        except,
    })
}

/// As GIO has it, whose `socks5` looks names up there. An HTTP proxy is told who asks when it asks
/// (libsoup forgets the page over a password in its proxy's address); others are told at once.
fn spelled(proxy: &Url, sign_in: Option<&(String, String)>) -> String {
    let text = proxy.as_str().trim_end_matches('/');
    let text = text.replacen("socks5h://", "socks5://", 1);
    let (Some((name, password)), Some((scheme, host))) = (sign_in, text.split_once("://")) else {
        return text;
    };
    if matches!(scheme, "http" | "https") {
        return text;
    }
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    format!("{scheme}://{}:{}@{host}", encoded(name), encoded(password))
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
        assert_eq!(spelled(&proxy, None), "socks5://proxy.example:1080");
        let ann = ("ann".to_owned(), "p w:1".to_owned());
        let with_name = spelled(&proxy, Some(&ann));
        assert_eq!(with_name, "socks5://ann:p%20w%3A1@proxy.example:1080");
        let proxy = Url::parse("http://proxy.example:3128").unwrap();
        assert_eq!(spelled(&proxy, Some(&ann)), "http://proxy.example:3128");
        let except: Vec<_> = spelled_exceptions("*.a.example; 10.0.0.0/8,<local>").collect();
        assert_eq!(except, ["*.a.example", "10.0.0.0/8"]);
    }
}
