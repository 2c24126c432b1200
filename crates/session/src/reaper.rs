//! The reaper: a small process that ends the whole session, whatever happens to its owner.
//!
//! It reads from a pipe whose other end only the owner holds. When the owner lets go, by dropping
//! the session or by dying, the reaper ends every process of the session and removes its folder.
//! All processes share its process group, and carry a mark in their environment in case one
//! leaves the group.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::SessionError;

const SCRIPT: &str = include_str!("../config/reaper.sh");

pub(crate) struct Reaper {
    process: Child,
}

impl Reaper {
    /// Starts the reaper of the session whose folder is `root`.
    pub(crate) fn start(root: &Path) -> Result<Self, SessionError> {
        let process = Command::new("sh")
            .args(["-c", SCRIPT, "belldot-session-reaper"])
            .arg(root)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| SessionError::Start {
                program: "sh".to_owned(),
                source,
            })?;
        Ok(Self { process })
    }

    /// The process group to start the session's processes in.
    pub(crate) fn group(&self) -> i32 {
        // A process id always fits; Rust and POSIX only disagree about the sign.
        i32::try_from(self.process.id()).unwrap_or(0)
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It kills itself last, so this is the end of all others too.
        self.process.wait().ok();
    }
}
