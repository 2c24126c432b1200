//! The programs of the desktop, and all processes that run in a session.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::SessionError;

/// A process of the session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionProcess {
    /// The process id.
    pub pid: u32,
    /// The name of its program's file, for example `WebKitWebProcess`.
    pub name: String,
}

/// A program that belongs to the desktop itself. It is killed when dropped.
pub(crate) struct DesktopProgram {
    name: String,
    log: PathBuf,
    process: Child,
}

impl DesktopProgram {
    /// Starts `command`, its output going to a file in `logs`.
    pub(crate) fn start(mut command: Command, logs: &Path) -> Result<Self, SessionError> {
        let (name, log) = name_and_log(&command, logs);
        let file = File::options().create(true).append(true).open(&log)?;
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        Self::spawn(command, name, log)
    }

    /// Starts `command` and returns the first line that it prints, which says that it is ready.
    pub(crate) fn start_and_read_line(
        mut command: Command,
        logs: &Path,
    ) -> Result<(Self, String), SessionError> {
        let (name, log) = name_and_log(&command, logs);
        let file = File::options().create(true).append(true).open(&log)?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file);
        let mut program = Self::spawn(command, name, log)?;

        let mut line = String::new();
        if let Some(stdout) = program.process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        if line.trim().is_empty() {
            return Err(program.ended());
        }
        Ok((program, line.trim().to_owned()))
    }

    /// Starts `command` and gives it `input` to read.
    pub(crate) fn start_with_input(
        mut command: Command,
        logs: &Path,
        input: &[u8],
    ) -> Result<Self, SessionError> {
        let (name, log) = name_and_log(&command, logs);
        let file = File::options().create(true).append(true).open(&log)?;
        command
            .stdin(Stdio::piped())
            .stdout(file.try_clone()?)
            .stderr(file);
        let mut program = Self::spawn(command, name, log)?;
        if let Some(mut stdin) = program.process.stdin.take() {
            stdin.write_all(input)?;
        }
        Ok(program)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Fails if the program has ended.
    pub(crate) fn check(&mut self) -> Result<(), SessionError> {
        match self.process.try_wait()? {
            None => Ok(()),
            Some(_) => Err(self.ended()),
        }
    }

    fn spawn(mut command: Command, name: String, log: PathBuf) -> Result<Self, SessionError> {
        match command.spawn() {
            Ok(process) => Ok(Self { name, log, process }),
            Err(source) => Err(SessionError::Start {
                program: name,
                source,
            }),
        }
    }

    fn ended(&self) -> SessionError {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(10)..];
        SessionError::Ended {
            program: self.name.clone(),
            said: last.join("\n"),
        }
    }
}

impl Drop for DesktopProgram {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The processes that carry the mark of the session whose folder is `root`.
pub(crate) fn processes(root: &Path) -> Vec<SessionProcess> {
    let mark = mark(root);
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    folders
        .filter_map(|folder| {
            let pid = folder.file_name().to_str()?.parse().ok()?;
            let environment = fs::read(folder.path().join("environ")).ok()?;
            let is_ours = environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == mark);
            let file = fs::read_link(folder.path().join("exe")).ok()?;
            let name = file.file_name()?.to_string_lossy().into_owned();
            is_ours.then_some(SessionProcess { pid, name })
        })
        .collect()
}

fn mark(root: &Path) -> Vec<u8> {
    format!("{MARK}={}", root.display()).into_bytes()
}

/// The environment variable by which the processes of a session are known.
pub(crate) const MARK: &str = "BELLDOT_SESSION";

fn name_and_log(command: &Command, logs: &Path) -> (String, PathBuf) {
    let name = command.get_program().to_string_lossy().into_owned();
    let log = logs.join(format!("{name}.log"));
    (name, log)
}
