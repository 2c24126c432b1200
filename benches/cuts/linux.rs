use std::{
    io::{BufRead as _, BufReader},
    process::{ExitCode, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{
    Figures, program,
    third_party::{CASES, ThirdPartyServer, free_ports},
};
use serde_json::Value;

const MEASURED: Duration = Duration::from_secs(300);
/// Per cent.
const CONNECTED_BAR: f64 = 90.0;

pub fn run() -> ExitCode {
    let session = Session::start(SessionOptions::default().without_panel()).unwrap();
    let measured = ["node-behind-haproxy", "php-behind-nginx"];
    let lives = thread::scope(|scope| {
        let mut ports = free_ports(measured.len()).into_iter();
        let running = measured.map(|name| {
            let (session, ports) = (&session, ports.next().unwrap());
            scope.spawn(move || watch(session, name, ports))
        });
        running.map(|life| life.join().unwrap())
    });
    let mut figures = Figures::default();
    for (name, life) in measured.into_iter().zip(lives) {
        let connected = 100.0 * (1.0 - life.away.as_secs_f64() / MEASURED.as_secs_f64());
        figures.at_least(&format!("{name}, connected"), connected, CONNECTED_BAR, "%");
        figures.tell(&format!("{name}, streams ended"), life.ends as f64, "");
        figures.at_most(
            &format!("{name}, attempts failed"),
            life.failed as f64,
            0.0,
            "",
        );
    }
    figures.exit_code()
}

/// What became of the streams to a server.
#[derive(Default)]
struct Life {
    /// How long there was no connection.
    away: Duration,
    ends: usize,
    failed: usize,
}

fn watch(session: &Session, name: &str, ports: [u16; 2]) -> Life {
    let case = CASES.iter().find(|case| case.name == name).unwrap();
    let mut server = ThirdPartyServer::start(session, case, ports);
    server.wait_until_it_listens();
    let mut watch = session
        .command(program("belldot"))
        .args(["watch", &server.events(), "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let (sender, states) = mpsc::channel();
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let _ = sender.send((Instant::now(), line));
        }
    });

    let end = Instant::now() + MEASURED;
    let mut life = Life::default();
    // Before the first attempt there is no connection either.
    let mut since = Some(Instant::now());
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let (at, line) = match states.recv_timeout(left) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("belldot watch ended"),
        };
        let line: Value = serde_json::from_str(&line).unwrap();
        match line["state"].as_str() {
            Some("waiting") => {
                life.ends += 1;
                life.failed += usize::from(line["attempt"] != 0);
                since.get_or_insert(at);
            }
            // It connects at once, or fails, which is counted.
            Some("connecting" | "open") => {
                let gap = since
                    .take()
                    .map(|since| at.saturating_duration_since(since));
                life.away += gap.unwrap_or_default();
            }
            _ => {}
        }
    }
    life.away += since
        .map(|since| end.saturating_duration_since(since))
        .unwrap_or_default();
    watch.kill().unwrap();
    watch.wait().unwrap();
    life
}
