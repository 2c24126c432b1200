//! Belldot as a process with settings of its own, and what a person sees of it in a session.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use belldot_session::{DesktopWindow, Notification, Session, TrayItem, wait_for, wait_until};

use crate::{LIMIT, inbox_file::InboxFile, program};

/// The files of one Belldot in a session.
pub struct Home {
    settings: PathBuf,
    data: PathBuf,
}

impl Home {
    /// Settings with one source, `work`.
    pub fn with_source(session: &Session, url: &str) -> Self {
        Self::with_settings(
            session,
            &format!("[[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{url}\"\n"),
        )
    }

    /// The given `settings.toml`.
    pub fn with_settings(session: &Session, settings: &str) -> Self {
        Self::named(session, "belldot", settings)
    }

    /// For a second Belldot in the same session.
    pub fn named(session: &Session, name: &str, settings: &str) -> Self {
        let folder = session.folder().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("settings.toml"), settings).unwrap();
        Self {
            settings: folder.join("settings.toml"),
            data: folder,
        }
    }

    /// With the to-dos in another folder than the settings.
    pub fn with_data(self, folder: &Path) -> Self {
        Self {
            data: folder.to_owned(),
            ..self
        }
    }

    /// The text of `settings.toml`.
    pub fn settings(&self) -> String {
        fs::read_to_string(&self.settings).unwrap()
    }

    /// Edits the settings as a person does in an editor.
    pub fn edit(&self, settings: &str) {
        fs::write(&self.settings, settings).unwrap();
    }

    /// The folder of its inbox and its logs.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The text of all log files.
    pub fn logs(&self) -> String {
        let files = fs::read_dir(self.data.join("logs")).unwrap();
        files
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }

    /// Its inbox on disk.
    pub fn inbox(&self) -> InboxFile {
        InboxFile::at(self.data.join("inbox.db"))
    }

    /// The arguments that make Belldot use these files.
    pub fn arguments(&self) -> Vec<String> {
        let config = self.settings.parent().unwrap();
        vec![
            "--config-dir".to_owned(),
            config.display().to_string(),
            "--data-dir".to_owned(),
            self.data.display().to_string(),
        ]
    }

    /// Belldot with these files, not yet started.
    pub fn command(&self, session: &Session, arguments: &[&str]) -> Command {
        let mut command = session.command(program("belldot"));
        command.args(arguments).args(self.arguments());
        command
    }
}

/// A running Belldot; killed when dropped.
pub struct Belldot {
    process: Child,
}

impl Belldot {
    /// Starts it.
    pub fn start(session: &Session, home: &Home, arguments: &[&str]) -> Self {
        Self::run(&mut home.command(session, arguments))
    }

    /// Starts a command that is Belldot.
    pub fn run(command: &mut Command) -> Self {
        Self {
            process: command.spawn().unwrap(),
        }
    }

    /// Starts one that refuses to run, and returns what it prints to standard error.
    pub fn refuses_to_start(session: &Session, home: &Home) -> String {
        let mut command = home.command(session, &["--hidden"]);
        let process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut belldot = Self { process };
        assert!(!belldot.wait_for_end().success());
        let mut said = String::new();
        let mut stderr = belldot.process.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said
    }

    /// Its process ID.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Whether a window is of this Belldot: of itself, or of a process that it started.
    pub fn has(&self, window: &DesktopWindow) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", window.pid)).unwrap();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        let parent: u32 = parent.unwrap().trim().parse().unwrap();
        [window.pid, parent].contains(&self.pid())
    }

    /// Ends it with SIGKILL, as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Ends it by its menu.
    pub fn quit(&mut self, session: &Session) {
        session.choose(&session.bell(), "Quit").unwrap();
        assert!(self.wait_for_end().success());
    }

    /// Waits until the process ends.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        wait_for("Belldot ends", LIMIT, || self.process.try_wait().unwrap()).unwrap()
    }
}

impl Drop for Belldot {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// What a session shows of Belldot: its tray item and its notifications.
pub trait SessionExt {
    /// Waits for the tray item.
    fn bell(&self) -> TrayItem;
    /// Waits until the tray item fulfils a condition, which `what` names in an error.
    fn wait_for_bell(&self, what: &str, is_it: impl FnMut(&TrayItem) -> bool) -> TrayItem;
    /// Waits until the tray item has this title.
    fn wait_for_title(&self, title: &str) -> TrayItem;
    /// Waits for a notification that contains these words.
    fn wait_for_toast(&self, words: &str) -> Notification;
    /// All notifications so far that contain these words.
    fn toasts(&self, words: &str) -> Vec<Notification>;
    /// Waits until all notifications with these words are closed.
    fn wait_for_no_toast(&self, words: &str);
    /// Waits for a notification with these words and chooses its button with this label.
    fn choose_button(&self, words: &str, label: &str);
    /// Waits until no process of the session has this name.
    fn wait_for_no_process(&self, name: &str);
}

impl SessionExt for Session {
    fn bell(&self) -> TrayItem {
        self.wait_for_bell("of Belldot, with words", |item| !item.title.is_empty())
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

    fn wait_for_no_toast(&self, words: &str) {
        wait_until(&format!("no toast says {words:?}"), LIMIT, || {
            self.toasts(words).iter().all(|toast| !toast.open)
        })
        .unwrap();
    }

    fn choose_button(&self, words: &str, label: &str) {
        let toast = self.wait_for_toast(words);
        let button = toast.actions.iter().find(|(_, known)| known == label);
        let (key, _) = button.unwrap_or_else(|| panic!("a button {label:?} of {toast:?}"));
        self.choose_action(toast.id, key).unwrap();
    }

    fn wait_for_no_process(&self, name: &str) {
        wait_until(&format!("no process {name} is left"), LIMIT, || {
            self.processes().iter().all(|process| process.name != name)
        })
        .unwrap();
    }
}

/// Whether the tray item's icon has the red mark.
pub fn has_red(item: &TrayItem) -> bool {
    item.icon.iter().any(|picture| {
        picture
            .argb
            .chunks_exact(4)
            .any(|pixel| pixel[0] > 200 && pixel[1] > 200 && pixel[2] < 100 && pixel[3] < 100)
    })
}
