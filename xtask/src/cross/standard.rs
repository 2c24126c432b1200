//! The std of the systems that are checked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cross::debian;
use crate::cross::targets::{TARGETS, folder, rust_version};
use crate::shell::{TaskError, TaskResult, ask};

/// What of std is to be made: `test` for the test programs, `proc_macro` since std names it.
const CRATES: &str = "build-std=std,panic_unwind,panic_abort,proc_macro,test";

/// Where the std of the other systems comes from.
#[derive(Debug)]
pub(crate) enum StdSource {
    /// The toolchain has it built, as after `rustup target add`.
    Built,
    /// The toolchain has its sources, as after `rustup component add rust-src`.
    Sources,
    /// Its sources are in a folder that the toolchain does not know.
    SourcesIn(PathBuf),
}

impl StdSource {
    /// The one that takes least time; fetches the sources where there is none.
    ///
    /// # Errors
    /// In a sentence with what to do, when it can be had nowhere.
    pub(crate) fn find_or_fetch() -> TaskResult<Self> {
        let sysroot = ask(Command::new("rustc").args(["--print", "sysroot"]))
            .ok_or_else(|| TaskError::new("`rustc` does not say where it is."))?;
        let in_toolchain = Path::new(sysroot.trim()).join("lib/rustlib");
        if TARGETS
            .iter()
            .all(|target| in_toolchain.join(target).join("lib").is_dir())
        {
            return Ok(Self::Built);
        }
        if is_std(&in_toolchain.join("src/rust/library")) {
            return Ok(Self::Sources);
        }
        let version = rust_version()?;
        let sources = folder().join("rust-src").join(&version);
        if !is_std(&sources) {
            debian::fetch(&version, &sources)
                .map_err(|failure| unobtainable(&version, &failure))?;
        }
        Ok(Self::SourcesIn(sources))
    }

    /// Has Cargo use it.
    ///
    /// To make std from its sources is not a stable part of Cargo. The variables that allow it are
    /// given to this one command, which builds where nothing else does.
    pub(crate) fn apply(&self, cargo: &mut Command) {
        if matches!(self, Self::Built) {
            return;
        }
        cargo.args(["-Z", CRATES]).env("RUSTC_BOOTSTRAP", "1");
        // So is to look for them elsewhere: there is this variable, for Cargo's own tests.
        if let Self::SourcesIn(folder) = self {
            cargo.env("__CARGO_TESTS_ONLY_SRC_ROOT", folder);
        }
    }
}

/// Whether a folder holds std's sources, with the crates that it depends on or the list of them.
fn is_std(folder: &Path) -> bool {
    folder.join("std/src/lib.rs").is_file() && folder.join("Cargo.lock").is_file()
}

fn unobtainable(version: &str, failure: &TaskError) -> TaskError {
    TaskError::new(format!(
        "The std of Rust {version} for {} is not here, nor are its sources. {failure}\n\
         Install it with `rustup target add {}`, or from the distribution the sources of exactly \
         this version (`rust-src`).",
        TARGETS.join(" and "),
        TARGETS.join(" "),
    ))
}
