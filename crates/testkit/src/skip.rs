//! Checks that may be left out where their tools are missing: only if the environment says so.

use std::env;
use std::io::{self, Write as _};

/// Names the checks that may be skipped, separated by commas, such as `nchan,netns`.
pub const MAY_SKIP: &str = "BELLDOT_MAY_SKIP";

/// The start of the line that a skipped test prints. `cargo xtask test` counts these lines.
pub const SKIPPED: &str = "SKIPPED: ";

/// Whether [`MAY_SKIP`] names `check`.
pub fn may_skip(check: &str) -> bool {
    named(&env::var(MAY_SKIP).unwrap_or_default(), check)
}

/// Returns `false` if the test can run. If it cannot and may be skipped, prints why and returns
/// `true`.
///
/// # Panics
/// If the test can neither run nor be skipped.
pub fn skip_unless(can_run: bool, check: &str, missing: &str) -> bool {
    if can_run {
        return false;
    }
    assert!(
        may_skip(check),
        "{missing}. To go on without this test, set {MAY_SKIP}={check}."
    );
    // Not `println!`, which is not shown of tests that pass.
    let line = format!("\n{SKIPPED}{check}: {missing}\n");
    io::stdout().write_all(line.as_bytes()).unwrap();
    true
}

fn named(list: &str, check: &str) -> bool {
    list.split(',').any(|name| name.trim() == check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_named_check_may_be_skipped() {
        assert!(named("cross, nchan", "nchan"));
        assert!(!named("cross,nchan", "netns"));
        assert!(!named("", "nchan"));
    }

    #[test]
    fn what_can_run_is_not_skipped() {
        assert!(!skip_unless(true, "nothing", "nothing is missing"));
    }

    #[test]
    #[should_panic(expected = "BELLDOT_MAY_SKIP=no-such-check")]
    fn what_cannot_run_and_is_not_named_fails() {
        skip_unless(false, "no-such-check", "a part is missing");
    }
}
