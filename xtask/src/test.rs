//! `cargo xtask test`: everything that must hold before a change lands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, TaskError, TaskResult, built, cargo, heading, npm, root, target};
use crate::test_counts::TestCounts;
use crate::{cross, dependencies, page, servers, setup};

/// Always with `--workspace`: Cargo then builds the dependencies with the same features as for
/// everything else, and not a second time.
const PORTABLE: &str = "belldot/portable";

/// Runs all checks and tests, the quick ones first, and stops at the first step that fails.
///
/// # Errors
/// When one fails.
pub(crate) fn run() -> TaskResult {
    counted(steps)
}

/// Runs the quick ones, and the unit tests. The rest takes its time.
///
/// # Errors
/// When one fails.
pub(crate) fn check() -> TaskResult {
    counted(|counts| {
        setup::run(false)?;
        quick_steps(counts)?;
        heading("Unit tests");
        counts.count(&mut cargo(&["test", "--workspace", "--lib", "--bins"]))
    })
}

/// Takes steps, and says at the end how many tests passed.
fn counted(steps: impl FnOnce(&mut TestCounts) -> TaskResult) -> TaskResult {
    let mut counts = TestCounts::default();
    let done = steps(&mut counts);
    println!(
        "\n{} passed, {} failed, {} skipped",
        counts.passed, counts.failed, counts.skipped
    );
    done
}

fn steps(counts: &mut TestCounts) -> TaskResult {
    heading("Setup");
    setup::run(false)?;
    servers::install()?;

    quick_steps(counts)?;
    heading("Clippy, with the tray and the notifications of Windows and macOS");
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        PORTABLE,
    ];
    run_cargo(&[&clippy[..], &["--", "-D", "warnings"]].concat())?;
    heading("Clippy, for Windows and macOS");
    cross::run(counts)?;
    heading("Dependencies: their licences, and where they come from");
    dependencies::check()?;
    heading("Documentation");
    document()?;

    heading("Tests, the whole program on a desktop without a screen among them");
    let before = written_by_tests()?;
    count_whole(counts, &[])?;
    check_written(&before, &written_by_tests()?)?;

    heading("A minute of fuzzing: the stream's decoder");
    fuzz()?;

    heading("The page in a browser, with a real server");
    counts.count(
        npm(&["run", "--silent", "e2e"])
            .env("BELLDOT_SERVER", built("belldot-server"))
            .env("BELLDOT_FORMATS", built("examples/formats")),
    )?;

    heading("The whole program with the tray and the notifications of Windows and macOS");
    count_whole(counts, &["--features", PORTABLE, "--test", "whole"])
}

/// What says most about a change in least time: format, lints, the page's tests.
fn quick_steps(counts: &mut TestCounts) -> TaskResult {
    heading("Format");
    run_cargo(&["fmt", "--all", "--check"])?;
    run_npm(&["run", "--silent", "format:check"])?;

    heading("The page: types");
    run_npm(&["run", "--silent", "check"])?;
    heading("The page: lints");
    run_npm(&["run", "--silent", "lint"])?;
    heading("The page: tests");
    counts.count(&mut npm(&["run", "--silent", "test"]))?;
    heading("The page: build");
    page::build()?;

    heading("Clippy");
    let clippy = ["clippy", "--workspace", "--all-targets"];
    run_cargo(&[&clippy[..], &["--", "-D", "warnings"]].concat())
}

/// The tests of whole programs, which share a desktop and a machine with all else that runs.
const WHOLE: [&str; 2] = ["--test", "whole"];

/// Counts the workspace's tests. In CI a test of the whole program that fails is run once more,
/// alone, after the rest; one that passes then is named, and does not fail the run.
fn count_whole(counts: &mut TestCounts, options: &[&str]) -> TaskResult {
    let test = [&["test", "--workspace", "--no-fail-fast"], options].concat();
    let Err(failure) = counts.count(&mut cargo(&test)) else {
        return Ok(());
    };
    // A program that broke off has tests that nobody heard of.
    let all_told = !counts.failures.is_empty() && counts.unfinished == 0;
    if std::env::var_os("CI").is_none() || !all_told {
        return Err(failure);
    }
    let features = options.strip_suffix(&WHOLE).unwrap_or(options);
    for name in counts.failures.clone() {
        let again = [&["test", "--workspace"], features, &WHOLE].concat();
        let alone = ["--", "--exact", &name, "--test-threads", "1"];
        let passed = TestCounts::default().count(&mut cargo(&[&again[..], &alone].concat()));
        if passed.is_ok() {
            println!("FLAKY: {name} failed beside others and passed alone. Mend it first.");
            counts.count_as_passed(&name);
        }
    }
    match counts.failures.is_empty() {
        true => Ok(()),
        false => Err(failure),
    }
}

/// The examples are asked for since Cargo then takes the dependencies as Clippy has left them,
/// with the features that tests want; else it would check half of them a second time.
fn document() -> TaskResult {
    let mut doc = cargo(&["doc", "--workspace", "--no-deps"]);
    doc.args(["--lib", "--bin", "xtask", "--examples"]);
    shell::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Finds nothing in a minute, or fails with the input that broke the decoder.
fn fuzz() -> TaskResult {
    let mut fuzz = cargo(&[
        "run",
        "--quiet",
        "--",
        "-max_total_time=60",
        "-print_final_stats=1",
    ]);
    fuzz.args(["-dict=sse.dict", "-max_len=4096", "-verbosity=0"]);
    fuzz.env("CARGO_TARGET_DIR", target().join("fuzz"));
    shell::run(fuzz.current_dir(root().join("crates/stream/fuzz")))
}

fn run_cargo(arguments: &[&str]) -> TaskResult {
    shell::run(&mut cargo(arguments))
}

fn run_npm(arguments: &[&str]) -> TaskResult {
    shell::run(&mut npm(arguments))
}

/// The files that tests generate and that are kept in git, for those who only build the page.
fn written_by_tests() -> TaskResult<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    collect(&root().join("ui/src/backend/types"), &mut files)?;
    Ok(files)
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> TaskResult {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            let text = fs::read(&path)?;
            files.insert(path, text);
        }
    }
    Ok(())
}

fn check_written(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &BTreeMap<PathBuf, Vec<u8>>,
) -> TaskResult {
    let changed = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(*text));
    let changed: Vec<_> = changed
        .map(|(path, _)| path.display().to_string())
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(TaskError::new(format!(
        "The types that the page shares with Rust were out of date, and the tests have written \
         them anew. Commit them:\n  {}",
        changed.join("\n  ")
    )))
}
