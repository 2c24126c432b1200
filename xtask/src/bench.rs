//! `cargo xtask bench`: runs all benches.

use crate::shell::{self, TaskError, TaskResult, cargo, heading, root};
use crate::{page, servers, setup};

/// The packages and where they are, in the order of an event's way.
const PACKAGES: [(&str, &str); 4] = [
    ("belldot-stream", "crates/stream"),
    ("belldot-core", "crates/core"),
    ("belldot-server", "crates/server"),
    ("belldot", "."),
];

/// Runs the benches of every package that has any.
///
/// # Errors
/// When one fails, or there is none.
pub(crate) fn run() -> TaskResult {
    let measured: Vec<_> = PACKAGES
        .into_iter()
        .filter(|(_, folder)| has_benches(folder))
        .collect();
    if measured.is_empty() {
        return Err(TaskError::new("There is nothing to measure yet."));
    }
    setup::run(false)?;
    servers::install()?;
    page::build()?;
    heading("Building the server that the whole program is measured with");
    shell::run(&mut cargo(&["build", "--release", "-p", "belldot-server"]))?;
    for (package, _) in measured {
        heading(&format!("Measuring {package}"));
        shell::run(&mut cargo(&["bench", "-p", package, "--benches"]))?;
    }
    Ok(())
}

fn has_benches(folder: &str) -> bool {
    let files = std::fs::read_dir(root().join(folder).join("benches"))
        .into_iter()
        .flatten();
    files
        .flatten()
        .any(|file| file.path().extension().is_some_and(|end| end == "rs"))
}
