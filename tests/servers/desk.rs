//! One Belldot with a source for every server, and what it says about each.

use std::fmt::Write as _;

use belldot_session::{Session, SessionOptions, wait_until};
use rusqlite::{Connection, OpenFlags};

use belldot_testkit::{
    Belldot, Home, SessionExt as _,
    third_party::{LIMIT, ThirdPartyServer},
};

/// A desktop without a screen.
pub fn session() -> Session {
    Session::start(SessionOptions::default()).unwrap()
}

pub struct Desk<'a> {
    session: &'a Session,
    home: Home,
    _belldot: Belldot,
}

impl<'a> Desk<'a> {
    pub fn start(session: &'a Session, servers: &[ThirdPartyServer<'_>]) -> Self {
        let mut settings = String::new();
        for server in servers {
            let name = server.case.name;
            let url = server.events();
            write!(
                settings,
                "[[sources]]\nid = \"{name}\"\nname = \"{name}\"\nurl = \"{url}\"\n\n"
            )
            .unwrap();
        }
        let home = Home::with_settings(session, &settings);
        let mut command = home.command(session, &["--hidden"]);
        command.env("BELLDOT_LOG", "warn");
        Self {
            _belldot: Belldot::run(&mut command),
            session,
            home,
        }
    }

    /// The to-dos of a source, in the order in which they came.
    pub fn titles(&self, source: &str) -> Vec<String> {
        let look = || -> rusqlite::Result<Vec<String>> {
            let file = self.home.inbox();
            let inbox = Connection::open_with_flags(file.path(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let mut titles = inbox.prepare(
                "SELECT title FROM todos JOIN sources ON sources.key = todos.source \
                 WHERE sources.id = ? ORDER BY todos.key",
            )?;
            titles.query_map([source], |row| row.get(0))?.collect()
        };
        look().unwrap_or_default()
    }

    pub fn wait_for_title(&self, source: &str, title: &str) {
        let what = format!("{source} has {title:?}");
        wait_until(&what, LIMIT, || {
            self.titles(source).iter().any(|known| known == title)
        })
        .unwrap_or_else(|error| panic!("{error}\n{}", self.account(source)));
    }

    /// What the bell says about a source, behind its name.
    pub fn says(&self, source: &str) -> String {
        let tooltip = self.session.bell().tooltip.1;
        let mut lines = tooltip.lines().filter_map(|line| line.split_once(" · "));
        let line = lines.find(|(name, _)| *name == source);
        line.map(|(_, said)| said.to_owned()).unwrap_or_default()
    }

    pub fn wait_until_it_says(&self, source: &str, what: &str, is_it: impl Fn(&str) -> bool) {
        wait_until(&format!("{source} {what}"), LIMIT, || {
            is_it(&self.says(source))
        })
        .unwrap_or_else(|error| panic!("{error}\n{}", self.account(source)));
    }

    /// Every state that its stream has been in, as the log has them.
    pub fn states(&self, source: &str) -> Vec<String> {
        if !self.home.data().join("logs").exists() {
            return Vec::new();
        }
        let logs = self.home.logs();
        let mark = format!("source=\"{source}\" state=");
        let states = logs.lines().filter_map(|line| line.split_once(&mark));
        states.map(|(_, state)| state.to_owned()).collect()
    }

    /// Waits until its stream is, or was, in such a state.
    pub fn wait_for_state(&self, source: &str, is_it: fn(&str) -> bool) {
        let what = format!("{source} has a stream");
        wait_until(&what, LIMIT, || {
            self.states(source).iter().any(|state| is_it(state))
        })
        .unwrap_or_else(|error| panic!("{error}\n{}", self.account(source)));
    }

    /// What is known of a source, for a failed test.
    pub fn account(&self, source: &str) -> String {
        format!(
            "It says {:?}, has {:?}, and its states were\n  {}",
            self.says(source),
            self.titles(source),
            self.states(source).join("\n  ")
        )
    }
}
