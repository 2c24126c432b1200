//! The desktop's own way to open an address or a folder. Programs of the desktop do it, which may
//! be missing, fail or hang: nobody waits for them, and what came of it is told.
//!
//! What is opened may hold a secret: it is never logged.

use belldot_core::desktop::NotOpened;

/// Opens something; `done` is told what came of it, by another thread.
pub fn open(target: String, done: impl FnOnce(Result<(), NotOpened>) + Send + 'static) {
    let work = move || {
        system::open(&target, |result| {
            if let Err(why) = &result {
                tracing::warn!(cause = why.code(), "not opened");
            }
            done(result);
        });
    };
    let thread = std::thread::Builder::new().name("opener".to_owned());
    if let Err(error) = thread.spawn(work) {
        // Out of threads: whoever asked sees nothing happen, as with everything else then.
        tracing::error!(%error, "nothing can be opened");
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::{
        fs, io,
        os::unix::process::CommandExt as _,
        process::{Child, Command, ExitStatus, Stdio},
        time::{Duration, Instant},
    };

    use belldot_core::desktop::NotOpened;

    /// In this order; the first that is there and does it has done it.
    const PROGRAMS: [&[&str]; 5] = [
        &["xdg-open"],
        &["gio", "open"],
        &["gnome-open"],
        &["kde-open"],
        &["wslview"],
    ];

    /// How long one of them may take. Who still runs then may have become the browser.
    const LIMIT: Duration = Duration::from_secs(10);

    /// A program with so many threads is no script that waits for something.
    const BROWSER_THREADS: usize = 8;

    pub fn open(target: &str, done: impl FnOnce(Result<(), NotOpened>)) {
        with(&PROGRAMS, target, LIMIT, done);
    }

    pub(super) fn with(
        programs: &[&[&str]],
        target: &str,
        limit: Duration,
        done: impl FnOnce(Result<(), NotOpened>),
    ) {
        let mut why = NotOpened::NoProgram;
        for program in programs {
            let mut child = match start(program, target) {
                Ok(child) => child,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    tracing::debug!(program = program[0], kind = ?error.kind(), "did not start");
                    why = NotOpened::Failed;
                    continue;
                }
            };
            match end(&mut child, limit) {
                Some(status) if status.success() => return done(Ok(())),
                Some(status) => {
                    tracing::debug!(program = program[0], %status, "failed");
                    why = NotOpened::Failed;
                }
                None => {
                    done(match has_become_browser(child.id()) {
                        true => Ok(()),
                        false => Err(NotOpened::NoAnswer),
                    });
                    // Nobody else sees to it that it does not stay behind as a zombie.
                    let _ = child.wait();
                    return;
                }
            }
        }
        done(Err(why));
    }

    fn start(program: &[&str], target: &str) -> io::Result<Child> {
        let (name, arguments) = program.split_first().ok_or(io::ErrorKind::NotFound)?;
        Command::new(name)
            .args(arguments)
            .arg(target)
            .env_remove("BELLDOT_TOKEN")
            .stdin(Stdio::null())
            // It may say what it was asked to open.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // What ends Belldot in a terminal does not end the browser.
            .process_group(0)
            .spawn()
    }

    fn end(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
        let begin = Instant::now();
        let mut pause = Duration::from_millis(5);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begin.elapsed() < limit => {
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(200));
                }
                _ => return None,
            }
        }
    }

    /// Whether a process, or one that it started, is a program of some size: without a desktop of
    /// its own, `xdg-open` runs for as long as the browser does.
    fn has_become_browser(process: u32) -> bool {
        let count = |folder: String| fs::read_dir(folder).map_or(0, Iterator::count);
        if count(format!("/proc/{process}/task")) >= BROWSER_THREADS {
            return true;
        }
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
        let children = children.unwrap_or_default();
        children
            .split_whitespace()
            .filter_map(|child| child.parse().ok())
            .any(has_become_browser)
    }

    #[cfg(test)]
    mod tests {
        use std::{os::unix::fs::PermissionsExt as _, path::Path, sync::mpsc};

        use super::*;

        fn program(folder: &Path, name: &str, script: &str) -> String {
            let path = folder.join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            path.display().to_string()
        }

        fn opened(programs: &[&[&str]], limit: Duration) -> Result<(), NotOpened> {
            let (told, hears) = mpsc::channel();
            with(
                programs,
                "https://hr.example/?key=s3cret",
                limit,
                |result| {
                    told.send(result).unwrap();
                },
            );
            hears.recv().unwrap()
        }

        const LONG: Duration = Duration::from_secs(60);

        #[test]
        fn the_first_program_that_does_it_is_the_last_that_is_asked() {
            let folder = tempfile::tempdir().unwrap();
            let fails = program(folder.path(), "fails", "exit 3");
            let opens = program(
                folder.path(),
                "opens",
                &format!("echo \"$@\" > {}/opened", folder.path().display()),
            );
            let never = program(
                folder.path(),
                "never",
                &format!("touch {}/asked", folder.path().display()),
            );
            let programs: [&[&str]; 4] = [&["/not/there"], &[&fails], &[&opens, "open"], &[&never]];
            assert_eq!(opened(&programs, LONG), Ok(()));
            let said = fs::read_to_string(folder.path().join("opened")).unwrap();
            assert_eq!(said, "open https://hr.example/?key=s3cret\n");
            assert!(!folder.path().join("asked").exists());
        }

        #[test]
        fn none_there_all_that_fail_and_one_that_hangs_are_three_causes() {
            let folder = tempfile::tempdir().unwrap();
            let fails = program(folder.path(), "fails", "exit 3");
            let hangs = program(folder.path(), "hangs", "sleep 2");
            assert_eq!(opened(&[&["/not/there"]], LONG), Err(NotOpened::NoProgram));
            let programs: [&[&str]; 2] = [&[&fails], &["/not/there"]];
            assert_eq!(opened(&programs, LONG), Err(NotOpened::Failed));
            let hung = opened(&[&[&hangs]], Duration::from_millis(50));
            assert_eq!(hung, Err(NotOpened::NoAnswer));
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use belldot_core::desktop::NotOpened;

    /// The system says at once whether it knows a program for it.
    pub fn open(target: &str, done: impl FnOnce(Result<(), NotOpened>)) {
        done(open::that_detached(target).map_err(|_| NotOpened::Failed));
    }
}
