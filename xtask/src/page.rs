//! The page in `ui/`: its tools, its dependencies, its build.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::shell::{TaskError, TaskResult, ask, npm, root, run};

/// Says so when Node.js or npm is missing or too old to build the page.
///
/// # Errors
/// When one is.
pub(crate) fn check_tools() -> TaskResult {
    let wanted = "Belldot's page is built with Node.js 20.19 or newer (22.12 or newer of line 22)";
    let advice = "Install it with npm from your distribution or from the Node.js project, and \
                  start again.";
    let Some(node) = ask(Command::new("node").arg("--version")) else {
        return Err(TaskError::new(format!(
            "{wanted}, and there is no `node` here. {advice}"
        )));
    };
    if !is_enough(&node) {
        let node = node.trim();
        return Err(TaskError::new(format!(
            "{wanted}, and `node` here is {node}. {advice}"
        )));
    }
    if ask(npm(&["--version"]).current_dir(root())).is_none() {
        return Err(TaskError::new(format!(
            "{wanted} and npm, and there is no `npm` here. {advice}"
        )));
    }
    Ok(())
}

/// Installs what the page depends on, if that has changed.
///
/// # Errors
/// When npm fails.
pub(crate) fn install() -> TaskResult {
    install_packages("ui", "the page")
}

/// Installs what `whose` package.json in a folder of the project asks for, if that has changed.
///
/// # Errors
/// When npm fails.
pub(crate) fn install_packages(folder: &str, whose: &str) -> TaskResult {
    let folder = root().join(folder);
    let installed = changed(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&folder.join("package-lock.json")) {
        return Ok(());
    }
    println!("Installing the packages of {whose} (npm ci).");
    run(npm(&["ci", "--no-audit", "--no-fund"]).current_dir(folder))
}

/// Builds the page, if anything of it has changed.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn build() -> TaskResult {
    let ui = root().join("ui");
    let built = changed(&ui.join("dist/index.html"));
    let of_the_build = [
        "src",
        "plugins",
        "index.html",
        "package-lock.json",
        "vite.config.ts",
        "svelte.config.js",
    ];
    let sources = of_the_build.map(|name| ui.join(name)).into_iter();
    let newest = sources
        .chain([root().join("locales")])
        .filter_map(|path| newest(&path))
        .max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    println!("Building the page (npm run build).");
    run(&mut npm(&["run", "build"]))
}

/// What Vite 8 asks for: `^20.19.0 || >=22.12.0`.
fn is_enough(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(20)), Some(Ok(minor))) => minor >= 19,
        (Some(Ok(22)), Some(Ok(minor))) => minor >= 12,
        (Some(Ok(major)), _) => major > 22,
        _ => false,
    }
}

/// When a file was changed last.
pub(crate) fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// When the youngest file in a folder, or the file itself, was changed.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return changed(path);
    }
    let entries = fs::read_dir(path).ok()?.flatten();
    entries.filter_map(|entry| newest(&entry.path())).max()
}

#[cfg(test)]
mod tests {
    use super::is_enough;

    #[test]
    fn node_is_new_enough_from_20_19_and_22_12() {
        for enough in ["v20.19.0\n", "v20.20.2", "v22.12.0", "v23.0.0", "v24.1.0"] {
            assert!(is_enough(enough), "{enough}");
        }
        for old in [
            "v18.20.4\n",
            "v20.18.9",
            "v21.7.3",
            "v22.11.0",
            "",
            "nonsense",
        ] {
            assert!(!is_enough(old), "{old}");
        }
    }
}
