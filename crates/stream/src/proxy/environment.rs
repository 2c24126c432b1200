//! The proxies that the environment names.

use url::Url;

use super::bypass::BypassList;
use super::upstream::Upstream;

/// The proxies of the environment: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, each in
/// lower case first, then in upper case. Empty variables are ignored.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    http: Option<Upstream>,
    https: Option<Upstream>,
    pub(crate) except: BypassList,
}

impl Environment {
    /// Reads the environment of this process.
    pub(crate) fn of_process() -> Self {
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let nonempty = |name: &str| {
            variable(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let either = |name: &str| nonempty(name).or_else(|| nonempty(&name.to_ascii_uppercase()));
        let proxy = |text: String| {
            let read = Upstream::parse(&text);
            if read.is_none() {
                tracing::warn!("the environment names a proxy that cannot be used");
            }
            read
        };
        let all = either("all_proxy").and_then(proxy);
        // In a CGI program the client sets HTTP_PROXY, by its header `Proxy`.
        let http = match nonempty("http_proxy") {
            None if variable("REQUEST_METHOD").is_some() => None,
            None => nonempty("HTTP_PROXY"),
            http => http,
        };
        Self {
            http: http.and_then(proxy).or_else(|| all.clone()),
            https: either("https_proxy").and_then(proxy).or(all),
            except: BypassList::parse(&either("no_proxy").unwrap_or_default()),
        }
    }

    /// Whether it names any proxy. Then it takes precedence over all other settings.
    pub(crate) fn names_proxy(&self) -> bool {
        self.http.is_some() || self.https.is_some()
    }

    /// The proxy for a URL that is not on the bypass list.
    pub(crate) fn to(&self, url: &Url) -> Option<Upstream> {
        match url.scheme() {
            "https" => self.https.clone(),
            _ => self.http.clone(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Which port of which proxy leads to a URL; 0 for none.
    fn port(variables: &[(&str, &str)], url: &str) -> u16 {
        let environment = Environment::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let url = url.parse().unwrap();
        if environment.except.matches(&url) {
            return 0;
        }
        environment.to(&url).map_or(0, |proxy| proxy.port())
    }

    const HTTP: &str = "http://server.example/";
    const HTTPS: &str = "https://server.example/";

    #[test]
    fn each_scheme_has_its_variable_and_all_proxy_is_for_the_rest() {
        assert_eq!(port(&[("http_proxy", "p:1")], HTTP), 1);
        assert_eq!(port(&[("http_proxy", "p:1")], HTTPS), 0);
        assert_eq!(port(&[("HTTPS_PROXY", "p:2")], HTTPS), 2);
        assert_eq!(
            port(&[("all_proxy", "p:3"), ("https_proxy", "p:2")], HTTP),
            3
        );
        assert_eq!(
            port(&[("ALL_PROXY", "p:3"), ("https_proxy", "p:2")], HTTPS),
            2
        );
        assert_eq!(port(&[], HTTPS), 0);
    }

    #[test]
    fn lower_case_comes_first_and_an_empty_one_hides_nothing() {
        assert_eq!(
            port(&[("HTTP_PROXY", "p:1"), ("http_proxy", "p:2")], HTTP),
            2
        );
        assert_eq!(port(&[("HTTP_PROXY", "p:1"), ("http_proxy", "")], HTTP), 1);
        assert_eq!(
            port(&[("HTTPS_PROXY", " "), ("https_proxy", "p:2")], HTTPS),
            2
        );
        for no_proxy in [
            [("NO_PROXY", ""), ("no_proxy", "server.example")],
            [("no_proxy", ""), ("NO_PROXY", "server.example")],
        ] {
            let variables = [&no_proxy[..], &[("http_proxy", "p:1")]].concat();
            assert_eq!(port(&variables, HTTP), 0);
        }
    }

    #[test]
    fn under_cgi_upper_case_http_proxy_is_the_clients() {
        let cgi = ("REQUEST_METHOD", "GET");
        assert_eq!(port(&[("HTTP_PROXY", "p:1"), cgi], HTTP), 0);
        assert_eq!(port(&[("http_proxy", "p:1"), cgi], HTTP), 1);
        assert_eq!(port(&[("HTTPS_PROXY", "p:1"), cgi], HTTPS), 1);
    }

    #[test]
    fn what_is_no_proxy_names_none() {
        assert_eq!(port(&[("http_proxy", "::::")], HTTP), 0);
        assert_eq!(
            port(&[("http_proxy", "::::"), ("all_proxy", "p:3")], HTTP),
            3
        );
    }
}
