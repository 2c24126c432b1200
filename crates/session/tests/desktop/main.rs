//! What a session promises, on the real programs of the desktop.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests may panic"
)]

mod life;
mod notifications;
mod panel;
mod screen;
mod tray;

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use belldot_session::{Session, SessionOptions, TrayItem};

/// Far more than anything here takes, even on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(60);

const RED: &str = "e5383b";

fn desktop() -> Session {
    Session::start(SessionOptions::default()).unwrap()
}

/// The programs of `examples/`, which Cargo builds before it runs tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples")
        .join(name)
}

/// A program with a tray item in the session.
struct Program {
    process: Child,
    log: PathBuf,
}

impl Program {
    fn start(session: &Session, name: &str, colour: &str) -> Self {
        let log = session.folder().join(format!("{name}.happened"));
        let mut program = session.command(example("tray-item"));
        program.arg(&log).args([name, colour]).stdin(Stdio::null());
        Self {
            process: program.spawn().unwrap(),
            log,
        }
    }

    fn happened(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

fn item(session: &Session, id: &str) -> TrayItem {
    session
        .wait_for_tray_item(&format!("called {id}"), LIMIT, |item| item.id == id)
        .unwrap()
}
