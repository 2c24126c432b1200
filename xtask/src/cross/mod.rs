//! `cargo xtask cross`: the sources type-checked for the systems that are not this one.
//!
//! Nothing is linked. So a check wants two things only: the std of the other systems, which
//! [`standard`] finds or fetches, and C compilers for those dependencies that bring C code, for
//! which [`compilers`] stands in.

pub(crate) mod compilers;
mod debian;
mod standard;
mod targets;

use belldot_testkit::{MAY_SKIP, may_skip};

use crate::shell::{self, TaskError, TaskResult, cargo};
use crate::test_counts::TestCounts;
use standard::StdSource;
use targets::{TARGETS, folder};

/// Fetches what [`run`] needs. Nothing else needs it, so where it cannot be had this only says so.
pub(crate) fn install() {
    if let Err(failure) = StdSource::find_or_fetch() {
        println!("{failure}");
    }
}

/// Runs Clippy over the whole workspace for the other systems. Where their std cannot be had, it
/// goes on only if the environment says that this check may be left out, and counts as skipped.
///
/// # Errors
/// When something does not compile or Clippy has a remark; when it cannot be tried.
pub(crate) fn run(counts: &mut TestCounts) -> TaskResult {
    match StdSource::find_or_fetch() {
        Ok(standard) => check(&standard),
        Err(failure) if may_skip("cross") => {
            println!("NOT CHECKED for {}.\n{failure}", TARGETS.join(", "));
            counts.skipped += 1;
            Ok(())
        }
        Err(failure) => Err(TaskError::new(format!(
            "{failure}\nTo go on without this check, set {MAY_SKIP}=cross."
        ))),
    }
}

/// Everything is built anew in a folder of its own, and the usual builds know nothing of it.
fn check(standard: &StdSource) -> TaskResult {
    let mut clippy = cargo(&["clippy", "--locked", "--workspace", "--all-targets"]);
    for target in TARGETS {
        clippy.args(["--target", target]);
    }
    clippy.env("CARGO_TARGET_DIR", folder());
    standard.apply(&mut clippy);
    compilers::apply(&mut clippy)?;
    shell::run(clippy.args(["--", "-D", "warnings"]))
}
