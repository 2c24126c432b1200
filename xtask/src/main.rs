//! `cargo xtask`: everything there is to do with Belldot's sources, in one word each.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it talks to whoever typed it"
)]

mod bench;
mod bundle;
mod cross;
mod demo;
#[cfg(target_os = "linux")]
mod demo_script;
mod dependencies;
mod packages;
mod page;
mod servers;
mod setup;
mod shell;
mod test;
mod test_counts;
#[cfg(test)]
mod type_names;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything there is to do with Belldot's sources
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct XtaskOptions {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing to build, try and test Belldot
    Setup {
        /// Install without asking
        #[arg(long)]
        yes: bool,
    },
    /// Build Belldot and try it with a to-do server of its own; without a display, on a desktop
    /// without a screen that leaves pictures in target/demo
    Demo,
    /// Check what is quick: format, lints, unit tests
    Check,
    /// Check and test everything
    Test,
    /// Check the sources for the other systems: Windows and macOS
    Cross,
    /// Run all benches
    Bench,
    /// Build the packages for this system
    Bundle,
}

fn main() -> ExitCode {
    if let Some(code) = cross::compilers::called_as_one() {
        return code;
    }
    let done = match XtaskOptions::parse().task {
        Task::Setup { yes } => setup::run(yes)
            .and_then(|()| servers::install())
            .and_then(|()| dependencies::install())
            .map(|()| cross::install()),
        Task::Demo => demo::run(),
        Task::Check => test::check(),
        Task::Test => test::run(),
        Task::Cross => cross::run(&mut test_counts::TestCounts::default()),
        Task::Bench => bench::run(),
        Task::Bundle => bundle::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}
