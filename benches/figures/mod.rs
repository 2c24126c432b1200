//! Figures, told beside the bars that they have to meet.

use std::process::ExitCode;

/// What was measured so far.
#[derive(Default)]
pub struct Figures {
    missed: bool,
}

impl Figures {
    /// A figure without a bar.
    pub fn tell(&self, name: &str, figure: f64, unit: &str) {
        println!("{name:<44} {figure:>10.2} {unit}");
    }

    /// A figure that may be so much.
    pub fn at_most(&mut self, name: &str, figure: f64, bar: f64, unit: &str) {
        let missed = figure > bar;
        self.missed |= missed;
        let word = if missed { "  MISSED" } else { "" };
        println!("{name:<44} {figure:>10.2} {unit}  (at most {bar} {unit}){word}");
    }

    /// Whether every bar was met.
    pub fn exit_code(&self) -> ExitCode {
        if self.missed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}
