//! `belldot-server`: the to-do server as a program.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

mod cli;

fn main() -> ExitCode {
    match cli::run(cli::CommandLine::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // Nobody may be reading; the exit code says it, too.
            writeln!(std::io::stderr(), "belldot-server: {reason}").ok();
            ExitCode::FAILURE
        }
    }
}
