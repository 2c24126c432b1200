//! `belldot-server` as a process.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::support::within;

/// A running `belldot-server`.
pub struct Program {
    pub process: Child,
    pub url: String,
}

pub fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
    command
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(data);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

pub async fn started(mut command: Command) -> Program {
    let mut process = command.spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    within("the line on stdout", stdout.read_line(&mut line))
        .await
        .unwrap();
    let url = line
        .strip_prefix("listening on ")
        .unwrap()
        .trim_end()
        .to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    Program { process, url }
}

impl Program {
    /// Windows has no signal that one process could send to another.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let id = self.process.id().unwrap().to_string();
        let killed = std::process::Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(killed.success());
    }

    /// As gently as the system can.
    pub fn end(&mut self) {
        #[cfg(unix)]
        self.signal("TERM");
        #[cfg(not(unix))]
        self.process.start_kill().unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    #[cfg(unix)]
    pub async fn ended(mut self) -> std::process::ExitStatus {
        within("the program's end", self.process.wait())
            .await
            .unwrap()
    }
}

/// What it says on stderr, and that it does not start.
pub async fn sentence(mut command: Command) -> String {
    let mut process = command.spawn().unwrap();
    let mut text = String::new();
    within(
        "stderr",
        process.stderr.take().unwrap().read_to_string(&mut text),
    )
    .await
    .unwrap();
    assert!(!within("its end", process.wait()).await.unwrap().success());
    text
}
