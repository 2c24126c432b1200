//! The windows of Belldot: pages in the system's web engine. What they show, and what their pages
//! ask for, is the bell's business (`belldot_bell::windows`).
//!
//! - `app`: the Tauri application. On Linux it is a program of its own, told by lines on its
//!   standard input; elsewhere one process with the bell.
//! - `state`: what is known of all windows.
//! - `windows`: makes, shows and hides windows.
//! - `pages`: what Belldot's own pages ask for, passed on.
//! - `company`: a company's page.
//! - `portable`: tray and toasts by Tauri.

mod app;
mod company;
mod labels;
mod pages;
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
mod portable;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod process;
mod state;
mod windows;

#[cfg(any(not(target_os = "linux"), feature = "portable"))]
pub use portable::run_with_bell;

/// The program of windows, from its first line of input to its exit code.
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub fn main() -> std::process::ExitCode {
    process::main()
}

/// Windows are in the bell's process here.
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::FAILURE
}
