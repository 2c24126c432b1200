//! Where a company's page may go: inside its window, in the user's browser, or nowhere.

#[cfg(any(target_os = "linux", test))]
use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[cfg(any(target_os = "linux", test))]
use serde_json::{Value, json};
use url::{Origin, Url};

/// At most one address a window is opened in the browser within this time.
const BETWEEN: Duration = Duration::from_secs(1);

/// So many of the latest navigations are known, in which a frame may be told from the page.
#[cfg(any(target_os = "linux", test))]
const KNOWN: usize = 64;

/// The rules of one window.
#[derive(Debug)]
pub struct Navigation {
    /// What the page itself may go to, exactly.
    origins: Vec<Origin>,
    /// What was asked for lately, of the page and of its frames.
    #[cfg(any(target_os = "linux", test))]
    asked: VecDeque<PendingNavigation>,
    opened: Option<Instant>,
}

#[cfg(any(target_os = "linux", test))]
#[derive(Debug)]
struct PendingNavigation {
    url: Url,
    by_person: bool,
    is_redirect: bool,
}

/// What becomes of a page that wants to go elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavigationVerdict {
    /// It loads in the window.
    Inside,
    /// It is opened in the browser.
    Outside,
    /// Nothing happens.
    Denied,
}

impl Navigation {
    /// For a page and the further origins that it may go to.
    pub fn new<'a>(page: &Url, further: impl IntoIterator<Item = &'a Url>) -> Self {
        let further = further.into_iter().map(Url::origin);
        Self {
            origins: std::iter::once(page.origin()).chain(further).collect(),
            #[cfg(any(target_os = "linux", test))]
            asked: VecDeque::new(),
            opened: None,
        }
    }

    /// The page itself is about to go there.
    pub fn goes(&mut self, url: &Url, by_person: bool, now: Instant) -> NavigationVerdict {
        if self.is_inside(url) {
            NavigationVerdict::Inside
        } else {
            self.leaves(url, by_person, now)
        }
    }

    /// A new window is asked for. There is none: the browser has them.
    pub fn new_window(&mut self, url: &Url, by_person: bool, now: Instant) -> NavigationVerdict {
        self.leaves(url, by_person, now)
    }

    /// Whether the page itself may be there.
    pub fn is_inside(&self, url: &Url) -> bool {
        url.scheme() == "about" || self.origins.contains(&url.origin())
    }

    fn leaves(&mut self, url: &Url, by_person: bool, now: Instant) -> NavigationVerdict {
        let is_soon = self
            .opened
            .is_some_and(|opened| now.saturating_duration_since(opened) < BETWEEN);
        if !by_person || is_soon || !matches!(url.scheme(), "http" | "https") {
            return NavigationVerdict::Denied;
        }
        self.opened = Some(now);
        NavigationVerdict::Outside
    }
}

/// For an engine that tells who asked for a navigation, but not whether it is the page's or one of
/// a frame, and keeps the page by a filter.
#[cfg(any(target_os = "linux", test))]
impl Navigation {
    /// What a window may load as its page, in the language of WebKit's content blockers: nothing
    /// but these origins. Frames load what they like.
    pub fn filter(&self) -> String {
        let rule = |pattern: &str, action: &str| {
            json!({
                "trigger": { "url-filter": pattern, "resource-type": ["top-document"] },
                "action": { "type": action },
            })
        };
        let mut rules = vec![rule(".*", "block")];
        for origin in &self.origins {
            let origin = origin.ascii_serialization();
            let literal: String = origin.chars().flat_map(escaped).collect();
            rules.push(rule(
                &format!("^(blob:)?{literal}/"),
                "ignore-previous-rules",
            ));
        }
        Value::from(rules).to_string()
    }

    /// Whether a navigation, of the page or of one of its frames, may begin at all: one that leads
    /// out of the web may not.
    pub fn begins(&mut self, url: &Url, by_person: bool, is_redirect: bool) -> bool {
        if !matches!(url.scheme(), "http" | "https" | "about" | "blob" | "data") {
            return false;
        }
        if self.asked.len() == KNOWN {
            self.asked.pop_front();
        }
        self.asked.push_back(PendingNavigation {
            url: url.clone(),
            by_person,
            is_redirect,
        });
        true
    }

    /// The filter kept the page from going on from `url`: there, or where that redirects to.
    /// Answers where it would have gone, and what becomes of it.
    pub fn kept(&mut self, url: &Url, now: Instant) -> Option<(Url, NavigationVerdict)> {
        let is_redirected = self.is_inside(url);
        let at = self.asked.iter().rposition(|asked| {
            if is_redirected {
                asked.is_redirect && !self.is_inside(&asked.url)
            } else {
                asked.url == *url
            }
        });
        match at.and_then(|at| self.asked.remove(at)) {
            Some(asked) => {
                let verdict = self.goes(&asked.url, asked.by_person, now);
                Some((asked.url, verdict))
            }
            None if is_redirected => None,
            None => Some((url.clone(), NavigationVerdict::Denied)),
        }
    }
}

#[cfg(any(target_os = "linux", test))]
/// A character that stands for itself in a regular expression.
fn escaped(c: char) -> impl Iterator<Item = char> {
    let special = matches!(
        c,
        '.' | '[' | ']' | '*' | '+' | '?' | '(' | ')' | '{' | '}' | '|' | '^' | '$' | '\\'
    );
    special.then_some('\\').into_iter().chain([c])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn portal() -> Navigation {
        Navigation::new(
            &url("https://portal.example/me"),
            &[url("https://login.example")],
        )
    }

    #[test]
    fn a_page_stays_on_its_own_origin_and_on_those_named() {
        let now = Instant::now();
        for to in [
            "https://portal.example/",
            "https://portal.example:443/x",
            "https://login.example/?back=1",
            "about:blank",
        ] {
            let verdict = portal().goes(&url(to), false, now);
            assert_eq!(verdict, NavigationVerdict::Inside, "{to}");
        }
    }

    #[test]
    fn an_origin_is_exact() {
        let now = Instant::now();
        for to in [
            "http://portal.example/",
            "https://portal.example:8443/",
            "https://portal.example.evil.example/",
            "https://evil-login.example/",
            "https://sub.login.example/",
            "https://login.example@evil.example/",
            "https://login.example./",
            "data:text/html,x",
        ] {
            let verdict = portal().goes(&url(to), false, now);
            assert_eq!(verdict, NavigationVerdict::Denied, "{to}");
        }
    }

    #[test]
    fn the_filter_names_the_origins_and_nothing_like_them() {
        let portal = Navigation::new(&url("http://[::1]:8080/"), &[url("https://a-b.example")]);
        let rules: Value = serde_json::from_str(&portal.filter()).unwrap();
        let patterns: Vec<_> = rules.as_array().unwrap().iter().collect();
        assert_eq!(patterns.len(), 3);
        let of = |at: usize| {
            (
                &rules[at]["trigger"]["url-filter"],
                &rules[at]["action"]["type"],
            )
        };
        assert_eq!(of(0), (&json!(".*"), &json!("block")));
        let go_on = json!("ignore-previous-rules");
        assert_eq!(of(1), (&json!(r"^(blob:)?http://\[::1\]:8080/"), &go_on));
        assert_eq!(of(2), (&json!(r"^(blob:)?https://a-b\.example/"), &go_on));
        assert_eq!(
            rules[0]["trigger"]["resource-type"],
            json!(["top-document"])
        );
    }

    #[test]
    fn frames_load_and_open_nothing_however_many() {
        let mut navigation = portal();
        for n in 0..205 {
            let frame = url(&format!("https://adverts.example/{n}"));
            assert!(navigation.begins(&frame, false, false));
        }
        assert!(navigation.asked.len() <= KNOWN);
    }

    #[test]
    fn the_browser_opens_what_a_person_clicked_and_nothing_else() {
        let now = Instant::now();
        let there = url("https://elsewhere.example/");
        for (by_person, verdict) in [
            (false, NavigationVerdict::Denied),
            (true, NavigationVerdict::Outside),
        ] {
            let mut navigation = portal();
            assert!(navigation.begins(&there, by_person, false));
            let kept = navigation.kept(&there, now);
            assert_eq!(kept, Some((there.clone(), verdict)));
            assert_eq!(portal().new_window(&there, by_person, now), verdict);
        }
    }

    #[test]
    fn a_click_in_a_frame_is_none_of_the_page() {
        let there = url("https://elsewhere.example/");
        let mut navigation = portal();
        // The frame's, by a click; then the page's, by a script.
        assert!(navigation.begins(&there, true, false));
        assert!(navigation.begins(&there, false, false));
        let kept = navigation.kept(&there, Instant::now());
        assert_eq!(kept, Some((there, NavigationVerdict::Denied)));
    }

    #[test]
    fn the_browser_opens_one_address_a_second() {
        let now = Instant::now();
        let (there, mut navigation) = (url("https://elsewhere.example/"), portal());
        assert_eq!(
            navigation.goes(&there, true, now),
            NavigationVerdict::Outside
        );
        let soon = now + Duration::from_millis(999);
        assert_eq!(
            navigation.goes(&there, true, soon),
            NavigationVerdict::Denied
        );
        assert_eq!(
            navigation.new_window(&there, true, soon),
            NavigationVerdict::Denied
        );
        let later = now + BETWEEN;
        assert_eq!(
            navigation.goes(&there, true, later),
            NavigationVerdict::Outside
        );
    }

    #[test]
    fn a_click_that_is_redirected_elsewhere_is_still_a_click() {
        let now = Instant::now();
        let (from, to) = (url("https://portal.example/out"), url("https://a.example/"));
        for (by_person, verdict) in [
            (false, NavigationVerdict::Denied),
            (true, NavigationVerdict::Outside),
        ] {
            let mut navigation = portal();
            assert!(navigation.begins(&from, by_person, false));
            assert!(navigation.begins(&to, by_person, true));
            // WebKit names what it began with.
            assert_eq!(navigation.kept(&from, now), Some((to.clone(), verdict)));
        }
    }

    #[test]
    fn an_interrupted_load_of_the_page_leads_nowhere() {
        let (page, mut navigation) = (url("https://portal.example/file.zip"), portal());
        assert!(navigation.begins(&page, true, false));
        assert_eq!(navigation.kept(&page, Instant::now()), None);
    }

    #[test]
    fn what_is_not_of_the_web_does_not_begin() {
        for to in [
            "file:///etc/passwd",
            "tauri://localhost/",
            "belldot://todo/1",
            "mailto:ann@a.example",
            "ipc://localhost",
        ] {
            assert!(!portal().begins(&url(to), true, false), "{to}");
            let now = Instant::now();
            assert_eq!(
                portal().goes(&url(to), true, now),
                NavigationVerdict::Denied,
                "{to}"
            );
            assert_eq!(
                portal().new_window(&url(to), true, now),
                NavigationVerdict::Denied
            );
        }
    }
}
