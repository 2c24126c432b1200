//! What every process of a session finds around it.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::program::MARK;
use crate::session_files::SessionFiles;
use crate::{SessionOptions, TrayHost};

/// What is inherited from outside: how to find programs, and what Cargo and Rust use in tests.
const INHERITED: [&str; 6] = ["PATH", "USER", "LOGNAME", "SHELL", "TZ", "TMPDIR"];
const INHERITED_PREFIXES: [&str; 3] = ["CARGO", "RUST", "LLVM_PROFILE"];

pub(crate) struct ProcessEnvironment<'a> {
    pub(crate) files: &'a SessionFiles,
    pub(crate) options: &'a SessionOptions,
    /// The process group, so that all can be ended together.
    pub(crate) group: i32,
    /// The X display and the address of the session bus, once there are any.
    pub(crate) display_and_bus: Option<(&'a str, &'a str)>,
}

impl ProcessEnvironment<'_> {
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.process_group(self.group).env_clear();
        command.envs(std::env::vars_os().filter(|(name, _)| is_inherited(name)));
        command.env(MARK, self.files.root());
        command.envs([
            ("HOME", self.files.path("home")),
            ("XDG_RUNTIME_DIR", self.files.path("run")),
            ("XDG_CONFIG_HOME", self.files.path("config")),
            ("XDG_DATA_HOME", self.files.path("data")),
            ("XDG_CACHE_HOME", self.files.path("cache")),
            ("XDG_STATE_HOME", self.files.path("state")),
        ]);
        command.envs([
            ("LANG", self.options.language.as_str()),
            ("XDG_CURRENT_DESKTOP", self.desktop()),
            ("XDG_SESSION_TYPE", "x11"),
            ("GDK_BACKEND", "x11"),
            ("GIO_USE_VFS", "local"),
            ("GSETTINGS_BACKEND", "memory"),
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
        ]);
        if !self.options.accessibility {
            command.env("NO_AT_BRIDGE", "1");
        }
        if let Some((display, bus)) = self.display_and_bus {
            command
                .env("DISPLAY", display)
                .env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
        command
    }

    fn desktop(&self) -> &'static str {
        match self.options.host {
            TrayHost::Xfce => "XFCE",
            TrayHost::Lxqt => "LXQt",
        }
    }
}

fn is_inherited(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    INHERITED.contains(&name.as_ref())
        || INHERITED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}
