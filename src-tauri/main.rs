//! Starts Belldot.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    #[cfg(all(target_os = "linux", not(feature = "portable")))]
    return belldot_bell::main(belldot_bell::app::run);
    #[cfg(any(not(target_os = "linux"), feature = "portable"))]
    belldot_bell::main(belldot_window::run_with_bell)
}
