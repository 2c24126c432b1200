//! A herd: a server with 1,000,000 clients restarts and takes 5,000 connections a second; those
//! it does not take fail. Simulated with Belldot's own policy code, beside a browser's fixed
//! delay and plain full jitter. Writes the picture `docs/herd.svg`.
//!
//! ```sh
//! cargo bench -p belldot-stream --bench herd
//! ```

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use belldot_stream::StreamPolicy;
use belldot_stream::retry::{Backoff, between};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

const CLIENTS: usize = 1_000_000;
const CAPACITY: usize = 5_000;
const MINUTES: usize = 20;

/// Attempts are served in steps of this length.
const STEP: Duration = Duration::from_millis(10);
const STEPS_A_SECOND: usize = 100;

fn main() {
    println!(
        "{CLIENTS} clients, a server that takes {CAPACITY} a second, {MINUTES} minutes at most"
    );
    let seconds = Duration::from_secs;
    // What a server that scales `retry:` to its load says: as long as it takes to serve all.
    let spread = seconds((CLIENTS / CAPACITY) as u64).mul_f64(1.2);
    let herds = [
        Herd::run(
            "a browser's fixed 3 s",
            "#c0392b",
            |_| (),
            |(), _| seconds(3),
        ),
        Herd::run(
            "full jitter from 1 s",
            "#e08e0b",
            |_| 0,
            |attempt: &mut u32, random| {
                let window = seconds(1) * 2_u32.saturating_pow(*attempt);
                *attempt += 1;
                between(Duration::ZERO, window.min(seconds(300)), random)
            },
        ),
        Herd::run("Belldot, without a hint", "#2471a3", |_| belldot(), wait),
        Herd::run(
            "Belldot, where the server spreads retry",
            "#1e8449",
            |random| {
                let mut backoff = belldot();
                backoff.0.server_asked(between(seconds(1), spread, random));
                backoff
            },
            wait,
        ),
    ];
    println!(
        "{:42} {:>12} {:>10} {:>11} {:>12}",
        "", "peak/s", "capacity", "recovered", "attempts"
    );
    for herd in &herds {
        let recovered = match herd.recovered {
            Some(second) => format!("{second} s"),
            None => "never".to_owned(),
        };
        println!(
            "{:42} {:>12} {:>8.1} × {:>11} {:>12.2}",
            herd.name,
            herd.peak(),
            herd.ratio(),
            recovered,
            herd.attempts() as f64 / CLIENTS as f64
        );
    }
    let verdict = |met| if met { "met" } else { "MISSED" };
    println!(
        "target: without a hint under 40 × capacity: {}",
        verdict(herds[2].ratio() < 40.0)
    );
    println!(
        "target: with the hint under 1.5 × capacity: {}",
        verdict(herds[3].ratio() < 1.5)
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/herd.svg");
    std::fs::write(&path, picture(&herds)).unwrap();
    println!("picture: docs/herd.svg");
}

/// A client, and whether it has yet to notice that its stream ended.
type Client = (Backoff, bool);

fn belldot() -> Client {
    let policy = StreamPolicy::default();
    (Backoff::new(policy.base, policy.ceiling), true)
}

fn wait((backoff, was_open): &mut Client, random: &mut SmallRng) -> Duration {
    let delay = match std::mem::take(was_open) {
        true => backoff.after_stream(true, random),
        false => backoff.next(random),
    };
    delay.max(StreamPolicy::default().gap)
}

struct Herd {
    name: &'static str,
    colour: &'static str,
    /// Attempts in each second.
    load: Vec<usize>,
    /// The second in which the last client was taken.
    recovered: Option<usize>,
}

impl Herd {
    fn run<C>(
        name: &'static str,
        colour: &'static str,
        mut client: impl FnMut(&mut SmallRng) -> C,
        mut delay: impl FnMut(&mut C, &mut SmallRng) -> Duration,
    ) -> Self {
        let mut random = SmallRng::seed_from_u64(1);
        let steps = MINUTES * 60 * STEPS_A_SECOND;
        let mut due: Vec<Vec<u32>> = vec![Vec::new(); steps];
        let mut clients: Vec<C> = (0..CLIENTS).map(|_| client(&mut random)).collect();
        let mut plan = |number: u32, now: usize, random: &mut SmallRng, due: &mut Vec<Vec<u32>>| {
            let delay = delay(&mut clients[number as usize], random);
            // Nobody tries twice within a step.
            let at = now + (delay.as_nanos() / STEP.as_nanos()).max(1) as usize;
            if let Some(due) = due.get_mut(at) {
                due.push(number);
            }
        };
        for number in 0..CLIENTS as u32 {
            plan(number, 0, &mut random, &mut due);
        }
        let mut load = vec![0; MINUTES * 60];
        let (mut taken, mut recovered) = (0, None);
        for step in 0..steps {
            let mut trying = std::mem::take(&mut due[step]);
            load[step / STEPS_A_SECOND] += trying.len();
            for _ in 0..trying.len().min(CAPACITY / STEPS_A_SECOND) {
                let lucky = random.random_range(0..trying.len());
                trying.swap_remove(lucky);
                taken += 1;
            }
            if taken == CLIENTS && recovered.is_none() {
                recovered = Some(step / STEPS_A_SECOND);
            }
            for number in trying {
                plan(number, step, &mut random, &mut due);
            }
        }
        Self {
            name,
            colour,
            load,
            recovered,
        }
    }

    fn peak(&self) -> usize {
        self.load.iter().copied().max().unwrap_or_default()
    }

    fn ratio(&self) -> f64 {
        self.peak() as f64 / CAPACITY as f64
    }

    fn attempts(&self) -> usize {
        self.load.iter().sum()
    }
}

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 500.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 130.0;
const BOTTOM: f64 = 50.0;
const SHOWN: usize = 600;
const DECADES: f64 = 4.3;

/// Attempts a second over time, the number on a logarithmic scale.
fn picture(herds: &[Herd]) -> String {
    let x = |second: usize| LEFT + (WIDTH - LEFT - RIGHT) * second as f64 / SHOWN as f64;
    let y = |attempts: usize| {
        let decades = (attempts.max(100) as f64 / 100.0).log10();
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * decades / DECADES
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>A million clients after a restart</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"17\">A million clients after a restart: \
         connection attempts a second</text>\n"
    );
    for (attempts, label) in [
        (100, "100"),
        (1_000, "1,000"),
        (10_000, "10,000"),
        (100_000, "100,000"),
        (1_000_000, "1,000,000"),
    ] {
        let (at, right) = (y(attempts), WIDTH - RIGHT);
        writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#e3e3e3\"/>"
        )
        .unwrap();
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{label}</text>",
            LEFT - 8.0,
            at + 4.0
        )
        .unwrap();
    }
    for minute in 0..=SHOWN / 60 {
        let (at, below) = (x(minute * 60), HEIGHT - BOTTOM + 20.0);
        writeln!(svg, "<text x=\"{at:.1}\" y=\"{below:.1}\" text-anchor=\"middle\" fill=\"#555\">{minute} min</text>").unwrap();
    }
    let (at, right) = (y(CAPACITY), WIDTH - RIGHT);
    writeln!(
        svg,
        "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#111\" stroke-dasharray=\"6 4\"/>"
    )
    .unwrap();
    writeln!(svg, "<text x=\"{right}\" y=\"{:.1}\" text-anchor=\"end\">what the server takes: 5,000 a second</text>", at - 6.0).unwrap();
    for (number, herd) in herds.iter().enumerate() {
        let mut path = String::new();
        for (second, attempts) in herd.load.iter().take(SHOWN).enumerate() {
            let command = if second == 0 { 'M' } else { 'L' };
            write!(path, "{command}{:.1} {:.1}", x(second), y(*attempts)).unwrap();
        }
        // The first is all spikes: it stays behind the others.
        let (width, opacity) = if number == 0 { (1, 0.35) } else { (2, 1.0) };
        let (colour, name) = (herd.colour, herd.name);
        writeln!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
             stroke-opacity=\"{opacity}\"/>"
        )
        .unwrap();
        let (left, line) = (LEFT, 50.0 + 20.0 * number as f64);
        writeln!(
            svg,
            "<path d=\"M{left} {:.1}h22\" stroke=\"{colour}\" stroke-width=\"3\"/>",
            line - 4.0
        )
        .unwrap();
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{line}\">{name}: peak {:.1} × capacity</text>",
            left + 30.0,
            herd.ratio()
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}
