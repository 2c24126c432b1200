//! `cargo xtask setup`: finds what is missing, asks, installs.

use std::io::{self, IsTerminal, Write};

use crate::packages::{Distribution, PACKAGES, Root};
use crate::page;
use crate::shell::{TaskError, TaskResult};

/// Installs what is missing; does nothing and says nothing where all is there.
///
/// # Errors
/// When something is missing and cannot be installed, or nobody agrees to it.
pub(crate) fn run(yes: bool) -> TaskResult {
    if cfg!(target_os = "linux") {
        install_packages(yes)?;
    }
    page::check_tools()?;
    page::install()
}

fn install_packages(yes: bool) -> TaskResult {
    let Some(distribution) = Distribution::here() else {
        println!(
            "Belldot's setup knows Debian, Ubuntu, Fedora and Arch, and this is another system. \
             It needs what Debian calls:\n  {}\nGoing on as if all of it were here.",
            PACKAGES
                .iter()
                .map(|package| package.debian)
                .collect::<Vec<_>>()
                .join(" ")
        );
        return Ok(());
    };
    let missing = distribution.missing();
    if missing.is_empty() {
        return Ok(());
    }
    println!(
        "Belldot needs these packages to be built and tested:\n  {}",
        missing.join(" ")
    );
    let root = if is_root() {
        Root::Already
    } else {
        Root::BySudo
    };
    if !yes && !agreed(root)? {
        return Err(TaskError::new(
            "Nothing was installed, and without them Belldot does not build.",
        ));
    }
    distribution.install(&missing, root)
}

/// Asks. Where nobody can answer, root's silence is agreement: so it is in a container.
fn agreed(root: Root) -> TaskResult<bool> {
    match root {
        _ if io::stdin().is_terminal() => ask(root),
        Root::Already => Ok(true),
        Root::BySudo => Err(TaskError::new(
            "Nobody is there to ask whether they may be installed. Say so with \
             `cargo xtask setup --yes`, which uses sudo, or install them by hand.",
        )),
    }
}

fn ask(root: Root) -> TaskResult<bool> {
    let how = match root {
        Root::Already => "",
        Root::BySudo => " with sudo",
    };
    print!("Install them{how}? [Y/n] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "" | "y" | "yes" | "j" | "ja" | "是"
    ))
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
