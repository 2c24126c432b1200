//! Counting the tests that ran, from what the test programs print.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use crate::shell::{Done, Failure, failed, not_started};

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// Runs a command that runs tests, shows what it prints, and counts.
    ///
    /// # Errors
    /// When it cannot be started, fails, or does not say how many tests it ran.
    pub(crate) fn count(&mut self, command: &mut Command) -> Done {
        let mut child = command
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(command, &error))?;
        let mut found = None;
        if let Some(stdout) = child.stdout.take() {
            found = echo(stdout, std::io::stdout())?;
        }
        let status = child.wait()?;
        let counted = found.unwrap_or_default();
        self.passed += counted.passed;
        self.failed += counted.failed;
        self.skipped += counted.skipped;
        if !status.success() {
            return Err(failed(command));
        }
        if counted.passed == 0 {
            return Err(Failure::new("No test ran where tests were to run."));
        }
        Ok(())
    }
}

/// Passes all lines on, and sums what they say about tests.
fn echo(output: impl Read, mut shown: impl Write) -> Done<Option<Tally>> {
    let mut found: Option<Tally> = None;
    let mut lines = BufReader::new(output);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        shown.write_all(&line)?;
        shown.flush()?;
        if let Some(said) = result(&String::from_utf8_lossy(&line)) {
            let sum = found.get_or_insert_default();
            sum.passed += said.passed;
            sum.failed += said.failed;
            sum.skipped += said.skipped;
        }
        line.clear();
    }
    Ok(found)
}

/// What a line says about tests: Cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …` and
/// vitest's `Tests  1 failed | 3 passed | 2 skipped (6)`.
fn result(line: &str) -> Option<Tally> {
    let line = line.trim();
    let (counts, separator) = match line.strip_prefix("test result: ") {
        Some(rest) => (rest.split_once(". ")?.1, ';'),
        None => (line.strip_prefix("Tests ")?.split('(').next()?, '|'),
    };
    let mut tally = Tally::default();
    for count in counts.split(separator) {
        let mut words = count.split_whitespace();
        let (Some(number), Some(what)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match what {
            "passed" => tally.passed += number,
            "failed" => tally.failed += number,
            "ignored" | "skipped" | "todo" => tally.skipped += number,
            _ => {}
        }
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_and_vitest_are_understood() {
        let tally = |passed, failed, skipped| {
            Some(Tally {
                passed,
                failed,
                skipped,
            })
        };
        for (line, expected) in [
            (
                "test result: ok. 29 passed; 0 failed; 2 ignored; 0 measured; 7 filtered out; \
                 finished in 27.41s\n",
                tally(29, 0, 2),
            ),
            (
                "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
                tally(3, 1, 0),
            ),
            ("      Tests  33 passed (33)\n", tally(33, 0, 0)),
            (
                "      Tests  1 failed | 32 passed | 2 skipped (35)\n",
                tally(32, 1, 2),
            ),
            (" Test Files  4 passed (4)\n", None),
            ("test tray::a_real_click_reaches_the_item ... ok\n", None),
            ("", None),
        ] {
            assert_eq!(result(line), expected, "{line}");
        }
    }

    #[test]
    fn results_are_summed_and_nothing_found_is_no_success() {
        let mut shown = Vec::new();
        let output = "test result: ok. 2 passed; 0 failed; 0 ignored\n\
                      \u{fffd}\n\
                      test result: FAILED. 1 passed; 4 failed; 1 ignored\n";
        assert_eq!(
            echo(output.as_bytes(), &mut shown).unwrap(),
            Some(Tally {
                passed: 3,
                failed: 4,
                skipped: 1
            })
        );
        assert_eq!(echo(&b"no tests here\n"[..], &mut shown).unwrap(), None);
    }
}
