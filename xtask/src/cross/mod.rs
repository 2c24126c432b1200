//! `cargo xtask cross`: the sources type-checked for the systems that are not this one.
//!
//! Nothing is linked. So a check wants two things only: the std of the other systems, which
//! [`standard`] finds or fetches, and C compilers for those dependencies that bring C code, for
//! which [`compilers`] stands in.

pub(crate) mod compilers;
mod debian;
mod standard;

use std::path::PathBuf;
use std::process::Command;

use belldot_testkit::{MAY_SKIP, may_skip};

use crate::shell::{self, Done, Failure, cargo, target};
use crate::tally::Tally;
use standard::Standard;

/// What Belldot ships for besides Linux. Each checks what all machines with that system share.
const TARGETS: &[&str] = if cfg!(windows) {
    &["aarch64-apple-darwin"]
} else if cfg!(target_os = "macos") {
    &["x86_64-pc-windows-msvc"]
} else {
    &["x86_64-pc-windows-msvc", "aarch64-apple-darwin"]
};

/// Fetches what [`run`] needs. Nothing else needs it, so where it cannot be had this only says so.
pub(crate) fn install() {
    if let Err(failure) = Standard::find_or_fetch() {
        println!("{failure}");
    }
}

/// Runs Clippy over the whole workspace for the other systems. Where their std cannot be had, it
/// goes on only if the environment says that this check may be left out, and counts as skipped.
///
/// # Errors
/// When something does not compile or Clippy has a remark; when it cannot be tried.
pub(crate) fn run(tally: &mut Tally) -> Done {
    match Standard::find_or_fetch() {
        Ok(standard) => check(&standard),
        Err(failure) if may_skip("cross") => {
            println!("NOT CHECKED for {}.\n{failure}", TARGETS.join(", "));
            tally.skipped += 1;
            Ok(())
        }
        Err(failure) => Err(Failure::new(format!(
            "{failure}\nTo go on without this check, set {MAY_SKIP}=cross."
        ))),
    }
}

/// Everything is built anew in a folder of its own, and the usual builds know nothing of it.
fn check(standard: &Standard) -> Done {
    let mut clippy = cargo(&["clippy", "--locked", "--workspace", "--all-targets"]);
    for target in TARGETS {
        clippy.args(["--target", target]);
    }
    clippy.env("CARGO_TARGET_DIR", folder());
    standard.apply(&mut clippy);
    compilers::apply(&mut clippy)?;
    shell::run(clippy.args(["--", "-D", "warnings"]))
}

/// Where all of it is.
fn folder() -> PathBuf {
    target().join("cross")
}

/// Cargo's name of a target in the names of variables.
fn in_variables(target: &str) -> String {
    target.replace('-', "_")
}

/// The version of the compiler, as `1.95.0` or `1.97.0-nightly`.
fn rust_version() -> Done<String> {
    let about = shell::ask(Command::new("rustc").args(["--version", "--verbose"]));
    about
        .and_then(|about| {
            let release = about
                .lines()
                .find_map(|line| line.strip_prefix("release: "))?;
            Some(release.to_owned())
        })
        .ok_or_else(|| Failure::new("`rustc` does not say its version."))
}
