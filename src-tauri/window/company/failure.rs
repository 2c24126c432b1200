//! What a company's page shows where it cannot be loaded: a page of Belldot's own, without
//! scripts and without any access.

use belldot_bell::windows::CompanyPage;
use belldot_core::i18n::Localizer;
use url::Url;

/// How often the page is tried again by itself, in seconds.
const AGAIN: u32 = 10;

/// Why a page was not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server's name has no address.
    Name,
    /// Nothing answers.
    Refused,
    /// There is no way to the server.
    Unreachable,
    /// The server is silent.
    Timeout,
    /// The proxy is not there, or refuses.
    Proxy,
    /// The connection broke off.
    Broken,
    /// The certificate is of an authority that nobody knows.
    UnknownAuthority,
    /// The certificate is of another server.
    WrongName,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate was revoked.
    Revoked,
    /// Another fault of TLS.
    Tls,
    /// It leads where its window may not go.
    Elsewhere,
    /// Something else.
    Other,
}

impl Failure {
    /// The key of its sentence.
    fn key(self) -> &'static str {
        match self {
            Self::Name => "company-page-cause-name",
            Self::Refused => "company-page-cause-refused",
            Self::Unreachable => "company-page-cause-unreachable",
            Self::Timeout => "company-page-cause-timeout",
            Self::Proxy => "company-page-cause-proxy",
            Self::Broken => "company-page-cause-broken",
            Self::UnknownAuthority => "company-page-cause-tls-authority",
            Self::WrongName => "company-page-cause-tls-name",
            Self::Expired => "company-page-cause-tls-expired",
            Self::NotYetValid => "company-page-cause-tls-not-yet",
            Self::Revoked => "company-page-cause-tls-revoked",
            Self::Tls => "company-page-cause-tls-other",
            Self::Elsewhere => "company-page-cause-elsewhere",
            Self::Other => "company-page-cause-other",
        }
    }
}

/// What is shown instead of this address. It tries the address again by itself, unless that would
/// lead elsewhere again.
pub fn page(failure: Failure, page: &CompanyPage, url: &Url, words: &Localizer) -> String {
    let (host, origin) = (
        url.host_str().unwrap_or_default(),
        url.origin().ascii_serialization(),
    );
    let say = |key: &str| {
        let known = [
            ("host", host.into()),
            ("name", page.name.as_str().into()),
            ("origin", origin.as_str().into()),
        ];
        escaped(&words.text(key, &known))
    };
    let (title, cause) = (say("company-page-failed"), say(failure.key()));
    let (language, url) = (escaped(words.tag()), escaped(url.as_str()));
    let (advice, button, refresh) = match failure {
        Failure::Elsewhere => (
            say("company-page-advice-elsewhere"),
            say("company-page-open-in-browser"),
            String::new(),
        ),
        _ => (
            say("company-page-advice"),
            say("company-page-try-again"),
            format!("<meta http-equiv=\"refresh\" content=\"{AGAIN};url={url}\">"),
        ),
    };
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         {refresh}<title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p role=\"alert\">{cause}</p><p class=\"quiet\">{advice}</p>\
         <a href=\"{url}\" role=\"button\" autofocus>{button}</a></main></body></html>"
    )
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;\
place-items:center}main{max-width:30rem;padding:2rem;overflow-wrap:anywhere}h1{font-size:1.4rem}\
.quiet{opacity:.75}a{display:inline-block;padding:.5rem 1.25rem;border-radius:.5rem;\
background:#2563eb;color:#fff;text-decoration:none}a:focus-visible{outline:3px solid #93c5fd}";

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use belldot_bell::windows::PageProxy;
    use belldot_core::{settings::Language, source::SourceId};

    use super::*;

    fn work(name: &str) -> CompanyPage {
        CompanyPage {
            source: SourceId("work".to_owned()),
            name: name.to_owned(),
            url: Url::parse("https://portal.example/me").unwrap(),
            origins: Vec::new(),
            folder: "pages".into(),
            proxy: PageProxy::Direct,
            authorities: Vec::new(),
        }
    }

    #[test]
    fn it_says_the_cause_and_offers_to_try_again_in_the_users_language() {
        let url = Url::parse("https://portal.example/me?a=1&b=2").unwrap();
        for (language, cause, again) in [
            (
                Language::English,
                "portal.example refused the connection",
                "Try again",
            ),
            (Language::Chinese, "拒绝了连接", "重试"),
        ] {
            let said = page(
                Failure::Refused,
                &work("Work"),
                &url,
                &Localizer::new(language),
            );
            assert!(said.contains(cause), "{said}");
            assert!(said.contains(&format!(">{again}</a>")), "{said}");
            assert!(said.contains("href=\"https://portal.example/me?a=1&amp;b=2\""));
        }
    }

    #[test]
    fn neither_a_name_nor_an_address_is_markup() {
        let url = Url::parse("https://a.example/?x='\"><script>").unwrap();
        let said = page(
            Failure::Other,
            &work("<b>\"W\"</b>"),
            &url,
            &Localizer::new(Language::English),
        );
        assert!(!said.contains("<script") && !said.contains("<b>"), "{said}");
    }

    #[test]
    fn a_page_that_leads_elsewhere_names_the_origin_and_offers_the_browser() {
        let url = Url::parse("https://login.example:8443/sign-in?a=1").unwrap();
        for (language, button) in [
            (Language::English, "Open in the browser"),
            (Language::Chinese, "在浏览器中打开"),
        ] {
            let words = Localizer::new(language);
            let said = page(Failure::Elsewhere, &work("Work"), &url, &words);
            assert!(said.contains("https://login.example:8443 "), "{said}");
            assert!(said.contains(&format!(">{button}</a>")), "{said}");
            // It would only lead there again.
            assert!(!said.contains("refresh"), "{said}");
        }
    }
}
