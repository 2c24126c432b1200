//! What dependencies may be: their licences, where they come from, which ones are not wanted.
//! `deny.toml` says it, and cargo-deny looks.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{self, TaskError, TaskResult, ask, cargo, root, target};

const VERSION: &str = "0.20.2";

/// Checks them.
///
/// # Errors
/// When one may not be, or cargo-deny cannot be had.
pub(crate) fn check() -> TaskResult {
    install()?;
    let mut deny = Command::new(program());
    deny.current_dir(root()).args(["--locked", "check"]);
    // Advisories change by the day and are no matter of the change that is tested.
    shell::run(deny.args(["licenses", "bans", "sources"]))
}

/// Builds cargo-deny, without optimisation: that takes longer than all it has to do here.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn install() -> TaskResult {
    let version = ask(Command::new(program()).arg("--version"));
    if version.is_some_and(|version| version.split_whitespace().last() == Some(VERSION)) {
        return Ok(());
    }
    println!("Installing cargo-deny {VERSION} in target/tools (cargo install).");
    let mut install = cargo(&["install", "--quiet", "--locked", "--debug", "cargo-deny"]);
    install.args(["--version", VERSION, "--root"]).arg(tools());
    install.env("CARGO_TARGET_DIR", tools().join("build"));
    shell::run(&mut install).map_err(|_| TaskError::new("cargo-deny could not be installed."))?;
    // Never needed again, and large.
    Ok(std::fs::remove_dir_all(tools().join("build"))?)
}

fn program() -> PathBuf {
    let name = format!("cargo-deny{}", std::env::consts::EXE_SUFFIX);
    tools().join("bin").join(name)
}

fn tools() -> PathBuf {
    target().join("tools")
}
