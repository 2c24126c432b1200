//! `cargo xtask bundle`: the packages for this system.

use std::process::Command;

use crate::setup;
use crate::shell::{self, TaskError, TaskResult, root, target};

/// Builds the page, the release and its packages.
///
/// # Errors
/// When one of them fails.
pub(crate) fn run() -> TaskResult {
    setup::run(false)?;
    let name = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let tauri = root().join("ui/node_modules/.bin").join(name);
    if !tauri.exists() {
        return Err(TaskError::new(
            "Tauri's command line is not among the page's tools: @tauri-apps/cli is missing in \
             ui/package.json.",
        ));
    }
    // It looks for tauri.conf.json below the folder that it is started in.
    let mut build = Command::new(tauri);
    build.current_dir(root()).arg("build");
    if cfg!(target_os = "linux") {
        build.args(["--bundles", "deb,rpm"]);
    }
    shell::run(&mut build)?;
    println!(
        "\nThe packages are in {}.",
        target().join("release/bundle").display()
    );
    Ok(())
}
