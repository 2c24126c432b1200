//! `cargo xtask demo`: Belldot with a to-do server of its own, for whoever sits there, or played
//! on a desktop without a screen.

use std::process::Command;

use crate::shell::{self, TaskResult, built, cargo, heading};
use crate::{page, setup};

/// Builds Belldot and tries it.
///
/// # Errors
/// When it cannot be built, or the demo did not show all that it is to show.
pub(crate) fn run() -> TaskResult {
    setup::run(false)?;
    heading("Building Belldot");
    page::build()?;
    shell::run(&mut cargo(&["build", "-p", "belldot"]))?;
    if has_display() { show() } else { play() }
}

fn show() -> TaskResult {
    heading("The demo");
    println!(
        "A bell appears in the tray, and every few seconds a to-do arrives from a server inside \
         the demo.\n\
         - Watch the red dot and its number grow, and the notifications.\n\
         - Click the bell: the page opens. Mark to-dos as done there, and the number falls.\n\
         - Click it with the right button: the menu. `Quit` there ends the demo, as Ctrl+C does \
         here.\n\
         Your own settings and to-dos are left alone."
    );
    shell::run(Command::new(built("belldot")).arg("demo"))
}

#[cfg(target_os = "linux")]
fn play() -> TaskResult {
    heading("The demo, on a desktop without a screen");
    crate::demo_script::play()
}

#[cfg(not(target_os = "linux"))]
fn play() -> TaskResult {
    show()
}

/// Whether somebody can see it. A machine that runs checks may have a display and nobody there.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux")
        || ((is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")) && !is_set("CI"))
}
