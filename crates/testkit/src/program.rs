//! The programs under test.

use std::env;
use std::path::{Path, PathBuf};

/// The path of a program that Cargo has built, such as `belldot` or `belldot-server`.
///
/// A library does not get `CARGO_BIN_EXE_…` at compile time, so this looks in the folder above the
/// one of the running test: `target/debug/belldot` for `target/debug/deps/whole-…`.
///
/// # Panics
/// If it has not been built.
pub fn program(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let built = test.parent().and_then(Path::parent).unwrap();
    let path = built.join(name).with_extension(env::consts::EXE_EXTENSION);
    assert!(
        path.exists(),
        "{} is missing: cargo build --workspace --bin {name}",
        path.display()
    );
    path
}
