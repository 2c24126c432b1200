//! Counts the tests that ran, and collects the names of those that failed, from the output of test
//! programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use belldot_testkit::SKIPPED;

use crate::shell::{TaskError, TaskResult, failed, not_started};

/// Numbers of tests that passed, failed and were skipped.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct TestCounts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    /// The Rust tests that failed, by name.
    pub(crate) failures: Vec<String>,
    /// How many of Cargo's test programs began and did not say how they ended.
    pub(crate) unfinished: u64,
}

impl TestCounts {
    /// Runs a command that runs tests, shows what it prints, and counts.
    ///
    /// # Errors
    /// When it cannot be started, fails, or does not say how many tests it ran.
    pub(crate) fn count(&mut self, command: &mut Command) -> TaskResult {
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
        self.failures.extend(counted.failures);
        self.unfinished += counted.unfinished;
        if !status.success() {
            return Err(failed(command));
        }
        if counted.passed == 0 {
            return Err(TaskError::new("No test ran where tests were to run."));
        }
        Ok(())
    }

    /// Counts a failed test that has passed in another run.
    pub(crate) fn count_as_passed(&mut self, name: &str) {
        if let Some(at) = self.failures.iter().position(|failed| failed == name) {
            self.failures.remove(at);
            self.failed = self.failed.saturating_sub(1);
            self.passed += 1;
        }
    }
}

/// Copies all lines to `shown`, and sums the tests that they report.
fn echo(output: impl Read, mut shown: impl Write) -> TaskResult<Option<TestCounts>> {
    let mut found: Option<TestCounts> = None;
    let mut lines = BufReader::new(output);
    let mut line = Vec::new();
    // Tests that skipped themselves, which Cargo counts as passed.
    let mut left_out = 0;
    while lines.read_until(b'\n', &mut line)? > 0 {
        shown.write_all(&line)?;
        shown.flush()?;
        let text = String::from_utf8_lossy(&line);
        if text.contains(SKIPPED) {
            left_out += 1;
        }
        if begins(&text) {
            found.get_or_insert_default().unfinished += 1;
        }
        if let Some(said) = result(&text) {
            let sum = found.get_or_insert_default();
            sum.unfinished = sum.unfinished.saturating_sub(1);
            sum.passed += said.passed.saturating_sub(left_out);
            sum.failed += said.failed;
            sum.skipped += said.skipped + left_out;
            left_out = 0;
        }
        if let Some(name) = failure(&text) {
            let failures = &mut found.get_or_insert_default().failures;
            failures.push(name.to_owned());
        }
        line.clear();
    }
    Ok(found)
}

/// What a line says about tests: Cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …` and
/// vitest's `Tests  1 failed | 3 passed | 2 skipped (6)`.
fn result(line: &str) -> Option<TestCounts> {
    let line = line.trim();
    let (listed, separator) = match line.strip_prefix("test result: ") {
        Some(rest) => (rest.split_once(". ")?.1, ';'),
        None => (line.strip_prefix("Tests ")?.split('(').next()?, '|'),
    };
    let mut counts = TestCounts::default();
    for count in listed.split(separator) {
        let mut words = count.split_whitespace();
        let (Some(number), Some(what)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match what {
            "passed" => counts.passed += number,
            "failed" => counts.failed += number,
            "ignored" | "skipped" | "todo" => counts.skipped += number,
            _ => {}
        }
    }
    Some(counts)
}

/// Whether one of Cargo's test programs begins: `running 12 tests`.
fn begins(line: &str) -> bool {
    let count = line.strip_prefix("running ").and_then(|rest| {
        let rest = rest.trim_end();
        rest.strip_suffix(" tests").or(rest.strip_suffix(" test"))
    });
    count.is_some_and(|count| count.parse::<u64>().is_ok())
}

/// The test that a line of Cargo's says has failed: `test menu::opens ... FAILED`.
fn failure(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("test ")?;
    name.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_and_vitest_are_understood() {
        let counts = |passed, failed, skipped| {
            Some(TestCounts {
                passed,
                failed,
                skipped,
                failures: Vec::new(),
                unfinished: 0,
            })
        };
        for (line, expected) in [
            (
                "test result: ok. 29 passed; 0 failed; 2 ignored; 0 measured; 7 filtered out; \
                 finished in 27.41s\n",
                counts(29, 0, 2),
            ),
            (
                "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
                counts(3, 1, 0),
            ),
            ("      Tests  33 passed (33)\n", counts(33, 0, 0)),
            (
                "      Tests  1 failed | 32 passed | 2 skipped (35)\n",
                counts(32, 1, 2),
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
        let output = "running 2 tests\n\
                      test result: ok. 2 passed; 0 failed; 0 ignored\n\
                      running 6 tests\n\
                      \u{fffd}\n\
                      test menu::opens ... FAILED\n\
                      test menu::closes ... ok\n\
                      test result: FAILED. 1 passed; 4 failed; 1 ignored\n\
                      running 1 test\n\
                      Segmentation fault\n";
        assert_eq!(
            echo(output.as_bytes(), &mut shown).unwrap(),
            Some(TestCounts {
                passed: 3,
                failed: 4,
                skipped: 1,
                failures: vec!["menu::opens".to_owned()],
                unfinished: 1,
            })
        );
        assert_eq!(echo(&b"no tests here\n"[..], &mut shown).unwrap(), None);
    }

    #[test]
    fn a_test_that_skipped_itself_is_not_passed() {
        let output = "running 3 tests\n\
                      SKIPPED: nchan: nginx is not installed\n\
                      test nchan::rings ... ok\n\
                      test result: ok. 3 passed; 0 failed; 1 ignored\n\
                      running 1 test\n\
                      test result: ok. 1 passed; 0 failed; 0 ignored\n";
        let counts = echo(output.as_bytes(), Vec::new()).unwrap().unwrap();
        assert_eq!((counts.passed, counts.skipped), (3, 2));
    }

    #[test]
    fn a_test_that_passes_in_another_run_no_longer_counts_as_failed() {
        let failures = vec!["menu::opens".to_owned()];
        let mut counts = TestCounts {
            passed: 1,
            failed: 1,
            failures,
            ..TestCounts::default()
        };
        counts.count_as_passed("menu::closes");
        assert_eq!((counts.passed, counts.failed), (1, 1));
        counts.count_as_passed("menu::opens");
        assert_eq!((counts.passed, counts.failed), (2, 0));
        assert!(counts.failures.is_empty());
    }
}
