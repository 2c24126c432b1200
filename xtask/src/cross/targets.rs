//! The systems that are checked for, and the folder and compiler to do so.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{self, TaskError, TaskResult, target};

/// What Belldot ships for besides Linux. Each checks what all machines with that system share.
pub(super) const TARGETS: &[&str] = if cfg!(windows) {
    &["aarch64-apple-darwin"]
} else if cfg!(target_os = "macos") {
    &["x86_64-pc-windows-msvc"]
} else {
    &["x86_64-pc-windows-msvc", "aarch64-apple-darwin"]
};

/// Where all of it is.
pub(super) fn folder() -> PathBuf {
    target().join("cross")
}

/// Cargo's name of a target in the names of variables.
pub(super) fn in_variables(target: &str) -> String {
    target.replace('-', "_")
}

/// The version of the compiler, as `1.95.0` or `1.97.0-nightly`.
pub(super) fn rust_version() -> TaskResult<String> {
    let about = shell::ask(Command::new("rustc").args(["--version", "--verbose"]));
    about
        .and_then(|about| {
            let release = about
                .lines()
                .find_map(|line| line.strip_prefix("release: "))?;
            Some(release.to_owned())
        })
        .ok_or_else(|| TaskError::new("`rustc` does not say its version."))
}
