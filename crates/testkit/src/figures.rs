//! Figures of benches, printed beside the limits they have to meet.

use std::{process::ExitCode, time::Duration};

/// Prints figures and notes whether one missed its limit.
#[derive(Default)]
pub struct Figures {
    missed: bool,
}

impl Figures {
    /// Prints a figure without a limit.
    pub fn tell(&self, name: &str, figure: f64, unit: &str) {
        println!("{name:<44} {figure:>10.2} {unit}");
    }

    /// Prints a figure that must not exceed `bar`.
    pub fn at_most(&mut self, name: &str, figure: f64, bar: f64, unit: &str) {
        self.judge(name, figure, &format!("at most {bar}"), figure <= bar, unit);
    }

    /// Prints a figure that must reach `bar`.
    pub fn at_least(&mut self, name: &str, figure: f64, bar: f64, unit: &str) {
        self.judge(
            name,
            figure,
            &format!("at least {bar}"),
            figure >= bar,
            unit,
        );
    }

    /// Prints median and 99th percentile in milliseconds, each with its limit if it has one.
    pub fn percentiles(
        &mut self,
        name: &str,
        mut times: Vec<Duration>,
        p50: Option<f64>,
        p99: Option<f64>,
    ) {
        times.sort();
        // Of few figures the 99th percentile is the worst one.
        let at = |part: f64| {
            times[((times.len() - 1) as f64 * part).ceil() as usize].as_secs_f64() * 1e3
        };
        for (label, part, bar) in [("p50", 0.5, p50), ("p99", 0.99, p99)] {
            let name = format!("{name}, {label}");
            match bar {
                Some(bar) => self.at_most(&name, at(part), bar, "ms"),
                None => self.tell(&name, at(part), "ms"),
            }
        }
    }

    /// Success if no figure missed its limit.
    pub fn exit_code(&self) -> ExitCode {
        if self.missed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }

    fn judge(&mut self, name: &str, figure: f64, bar: &str, met: bool, unit: &str) {
        self.missed |= !met;
        let word = if met { "" } else { "  MISSED" };
        println!("{name:<44} {figure:>10.2} {unit}  ({bar} {unit}){word}");
    }
}
