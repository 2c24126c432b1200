//! Starts the program that shows Belldot's windows. Belldot starts it.

fn main() -> std::process::ExitCode {
    belldot_window::main()
}
