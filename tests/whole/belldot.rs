//! The program under test, with settings of its own, and what a person sees of it.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, ExitStatus},
};

use belldot_session::{Notification, Session, TrayItem, wait_for, wait_until};

use crate::{LIMIT, inbox::InboxFile};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_belldot");

/// Where one Belldot keeps its files in a session.
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// Settings with one source.
    pub fn with_source(session: &Session, url: &str) -> Self {
        Self::with_settings(
            session,
            &format!("[[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{url}\"\n"),
        )
    }

    pub fn with_settings(session: &Session, settings: &str) -> Self {
        Self::named(session, "belldot", settings)
    }

    /// For a second Belldot in the same session.
    pub fn named(session: &Session, name: &str, settings: &str) -> Self {
        let folder = session.folder().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("settings.toml"), settings).unwrap();
        Self { folder }
    }

    pub fn settings(&self) -> String {
        fs::read_to_string(self.folder.join("settings.toml")).unwrap()
    }

    pub fn inbox(&self) -> InboxFile {
        InboxFile::at(self.folder.join("inbox.db"))
    }

    pub fn arguments(&self) -> Vec<String> {
        let folder = self.folder.display().to_string();
        vec![
            "--config-dir".to_owned(),
            folder.clone(),
            "--data-dir".to_owned(),
            folder,
        ]
    }

    pub fn command(&self, session: &Session, arguments: &[&str]) -> Command {
        let mut command = session.command(PROGRAM);
        command.args(arguments).args(self.arguments());
        command
    }
}

/// A running Belldot; killed when dropped.
pub struct Belldot {
    process: Child,
}

impl Belldot {
    pub fn start(session: &Session, home: &Home, arguments: &[&str]) -> Self {
        Self {
            process: home.command(session, arguments).spawn().unwrap(),
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub fn wait_for_end(&mut self) -> ExitStatus {
        wait_for("Belldot ends", LIMIT, || self.process.try_wait().unwrap()).unwrap()
    }
}

impl Drop for Belldot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the panel and the notification daemon have of Belldot.
pub trait Seen {
    fn bell(&self) -> TrayItem;
    fn wait_for_bell(&self, what: &str, is_it: impl FnMut(&TrayItem) -> bool) -> TrayItem;
    fn wait_for_title(&self, title: &str) -> TrayItem;
    fn wait_for_toast(&self, words: &str) -> Notification;
    fn toasts(&self, words: &str) -> Vec<Notification>;
    fn wait_for_no_process(&self, name: &str);
}

impl Seen for Session {
    fn bell(&self) -> TrayItem {
        self.wait_for_bell("of Belldot", |_| true)
    }

    fn wait_for_bell(&self, what: &str, mut is_it: impl FnMut(&TrayItem) -> bool) -> TrayItem {
        self.wait_for_tray_item(what, LIMIT, |item| is_it(item))
            .unwrap()
    }

    fn wait_for_title(&self, title: &str) -> TrayItem {
        self.wait_for_bell(&format!("titled {title:?}"), |item| item.title == title)
    }

    fn wait_for_toast(&self, words: &str) -> Notification {
        wait_for(&format!("a toast says {words:?}"), LIMIT, || {
            self.toasts(words).pop()
        })
        .unwrap()
    }

    fn toasts(&self, words: &str) -> Vec<Notification> {
        self.notifications()
            .into_iter()
            .filter(|toast| toast.summary.contains(words) || toast.body.contains(words))
            .collect()
    }

    fn wait_for_no_process(&self, name: &str) {
        wait_until(&format!("no process {name} is left"), LIMIT, || {
            self.processes().iter().all(|process| process.name != name)
        })
        .unwrap();
    }
}

/// Whether the bell's picture carries the red mark.
pub fn has_red(item: &TrayItem) -> bool {
    item.icon.iter().any(|picture| {
        picture
            .argb
            .chunks_exact(4)
            .any(|pixel| pixel[0] > 200 && pixel[1] > 200 && pixel[2] < 100 && pixel[3] < 100)
    })
}
