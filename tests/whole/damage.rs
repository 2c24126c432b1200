//! An inbox that cannot be used: damaged, or from a newer Belldot.

use std::{fs, path::PathBuf};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, InboxFile, LIMIT, SessionExt as _};
use rusqlite::Connection;

const DAMAGED: &str = "The inbox was damaged";
const PAGE: usize = 4_096;

#[test]
fn an_inbox_with_damaged_pages_is_kept_aside_and_the_server_fills_a_new_one() {
    let left = Left::by_a_belldot_with_todos();
    left.damage(|bytes| bytes[PAGE..].fill(0xA5));
    let damaged = fs::read(left.inbox.path()).unwrap();
    let aside = left.is_replaced();
    assert!(fs::read(aside).unwrap() == damaged, "kept as it was");
}

#[test]
fn a_file_that_is_no_inbox_at_all_is_kept_aside_and_the_server_fills_a_new_one() {
    let left = Left::by_a_belldot_with_todos();
    left.damage(|bytes| bytes.fill(b'?'));
    let damaged = fs::read(left.inbox.path()).unwrap();
    let aside = left.is_replaced();
    assert!(fs::read(aside).unwrap() == damaged, "kept as it was");
}

#[test]
fn damage_that_shows_only_when_something_arrives_is_mended_in_the_same_way() {
    let left = Left::by_a_belldot_with_todos();
    let root: i64 = left
        .connection()
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'todos_by_id'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let begin = (usize::try_from(root).unwrap() - 1) * PAGE;
    left.damage(|bytes| bytes[begin..begin + PAGE].fill(0xA5));
    left.server.post("Fourth");
    left.is_replaced();
}

#[test]
fn an_inbox_of_a_newer_belldot_is_refused_with_both_versions_and_stays_as_it_is() {
    let left = Left::by_a_belldot_with_todos();
    let version = |name| {
        let connection = left.connection();
        connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
    };
    let known = version("user_version").unwrap();
    left.connection()
        .pragma_update(None, "user_version", 9_999)
        .unwrap();
    let before = fs::read(left.inbox.path()).unwrap();

    let said = Belldot::refuses_to_start(&left.session, &left.home);
    let sentence = format!("version 9999; this one knows up to {known}");
    assert!(said.contains(&sentence), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    left.session.wait_for_toast(&sentence);
    assert!(fs::read(left.inbox.path()).unwrap() == before, "untouched");
    assert!(left.aside().is_empty());
}

/// What a Belldot has left behind that knew its server's to-dos and was ended.
struct Left {
    server: BelldotServer,
    session: Session,
    home: Home,
    inbox: InboxFile,
}

impl Left {
    fn by_a_belldot_with_todos() -> Self {
        let server = BelldotServer::start(&[]);
        for title in ["First", "Second", "Third"] {
            server.post(title);
        }
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events());
        let inbox = home.inbox();
        let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
        wait_until("all are there and told", LIMIT, || {
            inbox.count() == 3 && inbox.unannounced() == 0
        })
        .unwrap();
        belldot.kill();
        let left = Self {
            server,
            session,
            home,
            inbox,
        };
        // All of it into one file, so that there is no second copy in the journal.
        left.connection()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        left
    }

    fn connection(&self) -> Connection {
        Connection::open(self.inbox.path()).unwrap()
    }

    fn damage(&self, damage: impl FnOnce(&mut [u8])) {
        let mut bytes = fs::read(self.inbox.path()).unwrap();
        damage(&mut bytes);
        fs::write(self.inbox.path(), bytes).unwrap();
    }

    /// Starts Belldot over what is left. Answers where it keeps the damaged file.
    fn is_replaced(&self) -> PathBuf {
        let mut wanted = self.server.titles();
        wanted.sort();

        let mut belldot = Belldot::start(&self.session, &self.home, &["--hidden"]);
        let toast = self.session.wait_for_toast(DAMAGED);
        self.session
            .wait_for_title(&format!("{} unread to-dos", wanted.len()));
        wait_until("the new inbox is announced", LIMIT, || {
            self.inbox.unannounced() == 0
        })
        .unwrap();
        assert_eq!(self.inbox.titles(), wanted);
        let [aside] = self.aside().try_into().unwrap();
        assert!(toast.body.contains(&aside.display().to_string()));

        belldot.kill();
        let _again = Belldot::start(&self.session, &self.home, &["--hidden"]);
        self.session.wait_for_bell("that is connected", |item| {
            item.tooltip.1.contains("connected")
        });
        assert_eq!(self.session.toasts(DAMAGED).len(), 1, "said once");
        assert_eq!(self.aside(), std::slice::from_ref(&aside));
        aside
    }

    /// The inboxes that were kept aside.
    fn aside(&self) -> Vec<PathBuf> {
        let folder = self.inbox.path().parent().unwrap();
        let files = fs::read_dir(folder).unwrap();
        files
            .map(|file| file.unwrap().path())
            .filter(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name.starts_with("inbox.db.corrupt-") && !name.ends_with("-wal")
            })
            .collect()
    }
}
