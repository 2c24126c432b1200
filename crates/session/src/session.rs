//! The session: its start, its end, and the programs that come and go in between.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

use crate::bus::SessionBus;
use crate::environment::ProcessEnvironment;
use crate::notifications::NotificationMonitor;
use crate::program::{self, DesktopProgram, SessionProcess};
use crate::reaper::Reaper;
use crate::session_files::SessionFiles;
use crate::{Notification, PanelLook, SessionError, SessionOptions, TrayHost, wait_until};

/// How long a program of the desktop may take to start, on a machine that is busy with tests.
const START_LIMIT: Duration = Duration::from_secs(60);
pub(crate) const END_LIMIT: Duration = Duration::from_secs(20);

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

/// A running desktop. Dropping it ends all that runs in it and removes its files.
pub struct Session {
    // The reaper comes first: it ends the programs in a civil manner before they are dropped.
    reaper: Reaper,
    files: SessionFiles,
    options: SessionOptions,
    display: String,
    bus_address: String,
    bus: SessionBus,
    record: NotificationMonitor,
    desktop: Mutex<DesktopPrograms>,
    _foundation: [DesktopProgram; 2],
}

/// The programs that may be ended and started again while the session runs.
#[derive(Default)]
pub(crate) struct DesktopPrograms {
    window_manager: Option<DesktopProgram>,
    panel: Option<DesktopProgram>,
    notifier: Option<DesktopProgram>,
    pub(crate) keyring: Option<DesktopProgram>,
}

impl Session {
    /// Starts a desktop and returns when all of it answers.
    ///
    /// # Errors
    /// When a program of the desktop is missing, ends at once, or does not answer in time.
    pub fn start(options: SessionOptions) -> Result<Self, SessionError> {
        let files = SessionFiles::create()?;
        let reaper = Reaper::start(files.root()).inspect_err(|_| {
            fs::remove_dir_all(files.root()).ok();
        })?;
        let bare = ProcessEnvironment {
            files: &files,
            options: &options,
            group: reaper.group(),
            display_and_bus: None,
        };

        let (width, height) = options.screen;
        let mut xvfb = bare.command("Xvfb");
        xvfb.args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-noreset",
            "-dpi",
            "96",
        ]);
        xvfb.args(["-screen", "0", &format!("{width}x{height}x24")]);
        let (xvfb, number) = DesktopProgram::start_and_read_line(xvfb, &files.path("logs"))?;
        let display = format!(":{number}");

        let mut bus = bare.command("dbus-daemon");
        bus.args(["--nofork", "--nopidfile", "--print-address=1"]);
        bus.arg(format!(
            "--config-file={}",
            files.path("config/bus.conf").display()
        ));
        let (bus_daemon, bus_address) =
            DesktopProgram::start_and_read_line(bus, &files.path("logs"))?;

        let session = Self {
            bus: SessionBus::connect(&bus_address)?,
            record: NotificationMonitor::begin(&bus_address)?,
            reaper,
            display,
            bus_address,
            desktop: Mutex::default(),
            _foundation: [xvfb, bus_daemon],
            options,
            files,
        };
        session.furnish()?;
        Ok(session)
    }

    /// A command in this desktop: its display, bus, process group and private home.
    /// Of the surrounding environment it inherits only `PATH` and what Cargo and Rust use.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let environment = ProcessEnvironment {
            files: &self.files,
            options: &self.options,
            group: self.reaper.group(),
            display_and_bus: Some((&self.display, &self.bus_address)),
        };
        environment.command(program)
    }

    /// The session's private folder, gone after it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.files.root()
    }

    /// The address of the session bus.
    #[must_use]
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// Whether a program owns `name` on the session bus.
    #[must_use]
    pub fn owns_name(&self, name: &str) -> bool {
        self.bus.is_owned(name)
    }

    /// All processes of the session, the desktop's own among them.
    #[must_use]
    pub fn processes(&self) -> Vec<SessionProcess> {
        program::processes(self.files.root())
    }

    /// The notifications that the daemon has taken so far, the oldest first.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        self.record.notifications()
    }

    /// Starts the panel, and returns when it can take tray items.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_panel(&self) -> Result<(), SessionError> {
        let look = self.options.panel.unwrap_or(PanelLook::Light);
        self.files.write_panel(self.options.host, look)?;
        let panel = match self.options.host {
            TrayHost::Xfce => {
                let mut panel = self.command("xfce4-panel");
                panel.arg("--disable-wm-check");
                panel
            }
            TrayHost::Lxqt => self.command("lxqt-panel"),
        };
        let panel = DesktopProgram::start(panel, &self.files.path("logs"))?;
        self.programs().panel = Some(panel);
        self.wait_for_program(
            "the panel is there",
            |desktop| &mut desktop.panel,
            || self.is_tray_host_there(),
        )
    }

    /// Kills the panel as a crash would, and returns when its tray is gone.
    ///
    /// # Errors
    /// When its name stays on the bus.
    pub fn kill_panel(&self) -> Result<(), SessionError> {
        self.programs().panel = None;
        wait_until("the panel's tray is gone", END_LIMIT, || {
            !self.bus.is_owned(WATCHER)
        })
    }

    /// Starts the notification daemon, and returns when it takes notifications.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_notifier(&self) -> Result<(), SessionError> {
        let mut notifier = self.command("dunst");
        notifier
            .arg("-config")
            .arg(self.files.path("config/dunstrc"));
        let notifier = DesktopProgram::start(notifier, &self.files.path("logs"))?;
        self.programs().notifier = Some(notifier);
        self.wait_for_program(
            "notifications are taken",
            |desktop| &mut desktop.notifier,
            || self.bus.is_owned(NOTIFICATIONS),
        )
    }

    /// Kills the notification daemon as a crash would, and returns when it is gone.
    ///
    /// # Errors
    /// When its name stays on the bus.
    pub fn kill_notifier(&self) -> Result<(), SessionError> {
        self.programs().notifier = None;
        wait_until("the notification daemon is gone", END_LIMIT, || {
            !self.bus.is_owned(NOTIFICATIONS)
        })
    }

    pub(crate) fn bus(&self) -> &SessionBus {
        &self.bus
    }

    pub(crate) fn screen(&self) -> (u16, u16) {
        self.options.screen
    }

    pub(crate) fn tray_host(&self) -> TrayHost {
        self.options.host
    }

    pub(crate) fn record(&self) -> &NotificationMonitor {
        &self.record
    }

    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.files.path(name)
    }

    /// Runs a tool of the desktop to its end and returns what it printed.
    pub(crate) fn run(&self, mut tool: Command) -> Result<Vec<u8>, SessionError> {
        let output = self.output(&mut tool)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(SessionError::tool(&tool, &output))
        }
    }

    pub(crate) fn output(&self, tool: &mut Command) -> Result<Output, SessionError> {
        let output = tool.stdin(Stdio::null()).output();
        output.map_err(|source| SessionError::Start {
            program: tool.get_program().to_string_lossy().into_owned(),
            source,
        })
    }

    fn furnish(&self) -> Result<(), SessionError> {
        self.start_window_manager()?;
        self.paint_background()?;
        if self.options.accessibility {
            self.files
                .allow_to_start_by_itself("org.a11y.Bus.service")?;
        }
        if self.options.notifier {
            self.start_notifier()?;
        }
        if self.options.keyring {
            self.start_keyring()?;
        }
        if self.options.panel.is_some() {
            self.start_panel()?;
        }
        Ok(())
    }

    fn start_window_manager(&self) -> Result<(), SessionError> {
        let mut openbox = self.command("openbox");
        openbox.arg("--sm-disable");
        let openbox = DesktopProgram::start(openbox, &self.files.path("logs"))?;
        self.programs().window_manager = Some(openbox);
        self.wait_for_program(
            "windows are managed",
            |desktop| &mut desktop.window_manager,
            || self.is_window_manager_there(),
        )
    }

    pub(crate) fn wait_for_program(
        &self,
        what: &str,
        program: impl Fn(&mut DesktopPrograms) -> &mut Option<DesktopProgram>,
        mut is_ready: impl FnMut() -> bool,
    ) -> Result<(), SessionError> {
        let mut ended = None;
        wait_until(what, START_LIMIT, || {
            if let Some(program) = program(&mut self.programs()) {
                ended = program.check().err();
            }
            ended.is_some() || is_ready()
        })?;
        ended.map_or(Ok(()), Err)
    }

    fn is_tray_host_there(&self) -> bool {
        let host = self.bus.object(WATCHER, "/StatusNotifierWatcher", WATCHER);
        self.bus.is_owned(WATCHER)
            && host
                .and_then(|host| Ok(host.get_property("IsStatusNotifierHostRegistered")?))
                .unwrap_or(false)
    }

    pub(crate) fn programs(&self) -> MutexGuard<'_, DesktopPrograms> {
        self.desktop.lock()
    }
}
