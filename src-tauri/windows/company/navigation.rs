//! Where a company's page may go: inside its window, in the user's browser, or nowhere.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use url::{Origin, Url};

/// At most one address a window is opened in the browser within this time.
const BETWEEN: Duration = Duration::from_secs(1);

/// So many of the latest navigations are known, in which a frame may be told from the page.
const KNOWN: usize = 64;

/// The rules of one window.
#[derive(Debug)]
pub struct Navigation {
    /// What the page itself may go to, exactly.
    origins: Vec<Origin>,
    /// What was asked for lately, of the page and of its frames, and whether a person did.
    asked: VecDeque<(Url, bool)>,
    opened: Option<Instant>,
}

/// What becomes of a page that wants to go elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
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
            asked: VecDeque::new(),
            opened: None,
        }
    }

    /// Whether a navigation, of the page or of one of its frames, may begin at all: one that leads
    /// out of the web may not. A redirect is a person's where what it comes from was.
    pub fn begins(&mut self, url: &Url, by_person: bool, is_redirect: bool) -> bool {
        if !matches!(url.scheme(), "http" | "https" | "about" | "blob" | "data") {
            return false;
        }
        let before = self.asked.back().is_some_and(|(_, by_person)| *by_person);
        if self.asked.len() == KNOWN {
            self.asked.pop_front();
        }
        let by_person = by_person || is_redirect && before;
        self.asked.push_back((url.clone(), by_person));
        true
    }

    /// The page itself, not a frame of it, is about to go there.
    pub fn page_goes(&mut self, url: &Url, now: Instant) -> Verdict {
        let at = self.asked.iter().rposition(|(asked, _)| asked == url);
        let asked = at.and_then(|at| self.asked.remove(at));
        if self.is_inside(url) {
            return Verdict::Inside;
        }
        let by_person = asked.is_some_and(|(_, by_person)| by_person);
        self.leaves(url, by_person, now)
    }

    /// A new window is asked for. There is none: the browser has them.
    pub fn new_window(&mut self, url: &Url, by_person: bool, now: Instant) -> Verdict {
        self.leaves(url, by_person, now)
    }

    /// Whether the page itself may be there.
    pub fn is_inside(&self, url: &Url) -> bool {
        url.as_str() == "about:blank" || self.origins.contains(&url.origin())
    }

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
            rules.push(rule(&format!("^(blob:)?{literal}/"), "ignore-previous-rules"));
        }
        Value::from(rules).to_string()
    }

    fn leaves(&mut self, url: &Url, by_person: bool, now: Instant) -> Verdict {
        let is_soon = self
            .opened
            .is_some_and(|opened| now.saturating_duration_since(opened) < BETWEEN);
        if !by_person || is_soon || !matches!(url.scheme(), "http" | "https") {
            return Verdict::Denied;
        }
        self.opened = Some(now);
        Verdict::Outside
    }
}

/// A character that stands for itself in a regular expression.
fn escaped(c: char) -> impl Iterator<Item = char> {
    let special = matches!(c, '.' | '[' | ']' | '*' | '+' | '?' | '(' | ')' | '{' | '}' | '|' | '^' | '$' | '\\');
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

    /// The page asks to go there, and goes.
    fn goes(navigation: &mut Navigation, to: &str, by_person: bool, now: Instant) -> Verdict {
        assert!(navigation.begins(&url(to), by_person, false));
        navigation.page_goes(&url(to), now)
    }

    #[test]
    fn a_page_stays_on_its_own_origin_and_on_those_named() {
        let now = Instant::now();
        for to in [
            "https://portal.example/",
            "https://portal.example:443/x",
            "https://login.example/?back=1",
        ] {
            assert_eq!(goes(&mut portal(), to, false, now), Verdict::Inside, "{to}");
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
            "about:srcdoc",
        ] {
            assert_eq!(goes(&mut portal(), to, false, now), Verdict::Denied, "{to}");
        }
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
        let (there, mut navigation) = ("https://elsewhere.example/", portal());
        assert_eq!(goes(&mut navigation, there, false, now), Verdict::Denied);
        assert_eq!(goes(&mut navigation, there, true, now), Verdict::Outside);
        assert_eq!(
            portal().new_window(&url(there), false, now),
            Verdict::Denied
        );
        assert_eq!(
            portal().new_window(&url(there), true, now),
            Verdict::Outside
        );
    }

    #[test]
    fn the_browser_opens_one_address_a_second() {
        let now = Instant::now();
        let (there, mut navigation) = ("https://elsewhere.example/", portal());
        assert_eq!(goes(&mut navigation, there, true, now), Verdict::Outside);
        let soon = now + Duration::from_millis(999);
        assert_eq!(goes(&mut navigation, there, true, soon), Verdict::Denied);
        let popup = navigation.new_window(&url(there), true, soon);
        assert_eq!(popup, Verdict::Denied);
        let later = now + BETWEEN;
        assert_eq!(goes(&mut navigation, there, true, later), Verdict::Outside);
    }

    #[test]
    fn a_click_that_is_redirected_elsewhere_is_still_a_click() {
        let mut navigation = portal();
        let (from, to) = (url("https://portal.example/out"), url("https://a.example/"));
        assert!(navigation.begins(&from, true, false));
        assert_eq!(navigation.page_goes(&from, Instant::now()), Verdict::Inside);
        // The redirect of that very navigation.
        assert!(navigation.begins(&from, true, false));
        assert!(navigation.begins(&to, false, true));
        assert_eq!(navigation.page_goes(&to, Instant::now()), Verdict::Outside);
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
            let popup = portal().new_window(&url(to), true, Instant::now());
            assert_eq!(popup, Verdict::Denied, "{to}");
        }
    }
}
