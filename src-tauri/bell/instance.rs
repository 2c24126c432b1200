//! One Belldot for each profile, that is, for each data folder. Whoever starts a second one passes
//! on what they want, and hears whether it was done: before any toolkit is touched, so also without
//! a display.
//!
//! A Unix socket beside the inbox: a line of JSON there, a line of JSON back. Who asks the running
//! one to quit waits for the end of the connection, which is the end of the process.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::{
        fs::PermissionsExt as _,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_core::{Command, Input, i18n::Localizer, private};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _},
    runtime::Handle,
    sync::broadcast::error::RecvError,
    time::timeout,
};

use crate::state::AppState;

const SOCKET: &str = "belldot.sock";
const LOCK: &str = "belldot.lock";

/// How long the running one may take to open something: it may have to load WebKit first.
const OPENING: Duration = Duration::from_secs(20);

/// How long it may take to end; it gives itself 2 s.
const ENDING: Duration = Duration::from_secs(5);

/// How long one that holds the lock may take until it can be asked.
const STARTING: Duration = Duration::from_secs(5);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The longest request; a link to a to-do is in it.
const MOST_BYTES: u64 = 64 << 10;

/// The longest path that every system's socket addresses have room for.
const MOST_PATH: usize = 100;

/// What a second start wants of the running one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceCommand {
    /// That it runs.
    Run,
    /// The to-dos.
    Open,
    /// The to-do with this id.
    Todo(String),
    /// The settings.
    Settings,
    /// The end.
    Quit,
}

#[derive(Debug, Serialize, Deserialize)]
struct InstanceRequest {
    wish: InstanceCommand,
    /// Lets a window come to the front on Wayland.
    activation: Option<String>,
}

/// Whether it was done; else why not, in a sentence.
type InstanceAnswer = Result<(), String>;

/// Whether this is the first start.
#[derive(Debug)]
pub enum InstanceStart {
    /// It is; others ask this one.
    First(InstanceLock),
    /// Another one runs, and has done what was wanted. Or none runs, and it was to end.
    Done,
}

/// The one Belldot of a profile, as long as this lives.
#[derive(Debug)]
pub struct InstanceLock {
    /// Nobody can be heard where the folder takes no sockets.
    listener: Option<UnixListener>,
    _lock: Option<File>,
}

/// Passes a wish on to the Belldot that runs with this data folder, or becomes the one.
///
/// # Errors
/// When one runs and did not do it; in a sentence.
pub fn start(
    data: &Path,
    wish: InstanceCommand,
    words: &Localizer,
) -> Result<InstanceStart, String> {
    let begin = Instant::now();
    loop {
        match connect(data) {
            Ok(running) => return ask(running, wish, words).map(|()| InstanceStart::Done),
            Err(error) => tracing::debug!(%error, "nobody answers yet"),
        }
        match lock(data, wish == InstanceCommand::Quit) {
            Ok(_) if wish == InstanceCommand::Quit => return Ok(InstanceStart::Done),
            Ok(lock) => {
                return Ok(InstanceStart::First(InstanceLock {
                    listener: listen(data),
                    _lock: lock,
                }));
            }
            Err(TryLockError::WouldBlock) if begin.elapsed() > STARTING => {
                return Err(words.text("error-instance-silent", &[]));
            }
            // It starts at this moment, or ends.
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_LOOKS),
            // The inbox has a lock, too, and says what is wrong with the folder.
            Err(TryLockError::Error(error)) if wish != InstanceCommand::Quit => {
                tracing::warn!(%error, "no lock in the data folder");
                return Ok(InstanceStart::First(InstanceLock {
                    listener: None,
                    _lock: None,
                }));
            }
            Err(TryLockError::Error(_)) => return Ok(InstanceStart::Done),
        }
    }
}

/// Takes the lock; who only looks whether somebody has it makes no file.
fn lock(data: &Path, only_look: bool) -> Result<Option<File>, TryLockError> {
    let opened = private::options()
        .write(true)
        .create(!only_look)
        .truncate(false)
        .open(data.join(LOCK));
    let file = match opened {
        Err(error) if only_look && error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(TryLockError::Error)?,
    };
    file.try_lock().map(|()| Some(file))
}

/// Whoever holds the lock may replace the socket of one that was killed.
fn listen(data: &Path) -> Option<UnixListener> {
    let listen = || {
        let (path, _folder) = address(data)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => (),
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen()
        .inspect_err(|error| tracing::warn!(%error, "a second start will not be heard"))
        .ok()
}

fn connect(data: &Path) -> io::Result<UnixStream> {
    let (path, _folder) = address(data)?;
    UnixStream::connect(path)
}

/// Where the socket is, by a path that is short enough; and what has to be open meanwhile.
fn address(data: &Path) -> io::Result<(PathBuf, Option<File>)> {
    let path = data.join(SOCKET);
    if path.as_os_str().len() <= MOST_PATH {
        return Ok((path, None));
    }
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd as _;
        let folder = File::open(data)?;
        let path = format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd());
        Ok((path.into(), Some(folder)))
    }
    #[cfg(not(target_os = "linux"))]
    Ok((path, None))
}

fn ask(running: UnixStream, wish: InstanceCommand, words: &Localizer) -> InstanceAnswer {
    let silent = |error: io::Error| {
        tracing::warn!(%error, "the running Belldot does not answer");
        words.text("error-instance-silent", &[])
    };
    let quits = wish == InstanceCommand::Quit;
    let activation = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|token| !token.is_empty()));
    let request = serde_json::to_string(&InstanceRequest { wish, activation });
    let request = request.map_err(|error| silent(error.into()))?;
    let answer = exchange(running, &request, if quits { ENDING } else { OPENING });
    match answer {
        Ok(answer) if quits && answer.is_empty() => Ok(()),
        Err(error) if quits && error.kind() == io::ErrorKind::ConnectionReset => Ok(()),
        Ok(answer) => serde_json::from_str(&answer).map_err(|error| silent(error.into()))?,
        Err(error) => Err(silent(error)),
    }
}

fn exchange(mut running: UnixStream, request: &str, wait: Duration) -> io::Result<String> {
    running.set_read_timeout(Some(wait))?;
    running.set_write_timeout(Some(wait))?;
    writeln!(running, "{request}")?;
    let mut answer = String::new();
    BufReader::new(running).read_line(&mut answer)?;
    Ok(answer)
}

impl InstanceLock {
    /// Does from now on what later starts want.
    pub fn serve(self, runtime: &Handle, state: Arc<AppState>) {
        runtime.spawn(async move {
            let Self { listener, _lock } = self;
            let listener = listener.and_then(|listener| {
                tokio::net::UnixListener::from_std(listener)
                    .inspect_err(|error| tracing::warn!(%error, "no second start will be heard"))
                    .ok()
            });
            let Some(listener) = listener else {
                return std::future::pending().await;
            };
            loop {
                match listener.accept().await {
                    Ok((asking, _)) => {
                        tokio::spawn(answer(asking, state.clone()));
                    }
                    Err(error) => {
                        // Too many open files, say.
                        tracing::warn!(%error, "a second start was not heard");
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
            }
        });
    }
}

async fn answer(mut asking: tokio::net::UnixStream, state: Arc<AppState>) {
    let mut request = String::new();
    let (read, mut write) = asking.split();
    let mut lines = tokio::io::BufReader::new(read.take(MOST_BYTES));
    let read = timeout(STARTING, lines.read_line(&mut request)).await;
    let answer: InstanceAnswer = match (read, serde_json::from_str::<InstanceRequest>(&request)) {
        (Ok(Ok(_)), Ok(request)) => grant(request, &state).await,
        (_, unclear) => {
            tracing::warn!(?unclear, "a second start wants something unknown");
            Err(state.words().text("error-instance-unclear", &[]))
        }
    };
    let Ok(mut answer) = serde_json::to_string(&answer) else {
        return;
    };
    answer.push('\n');
    if let Err(error) = write.write_all(answer.as_bytes()).await {
        tracing::debug!(%error, "who asked has gone");
    }
}

async fn grant(request: InstanceRequest, state: &AppState) -> InstanceAnswer {
    #[cfg(target_os = "linux")]
    if let Some(token) = request.activation {
        state.activation().keep(token);
    }
    let command = match request.wish {
        InstanceCommand::Run => return Ok(()),
        InstanceCommand::Open => Command::OpenPage,
        InstanceCommand::Todo(id) => Command::OpenTodoById(id),
        InstanceCommand::Settings => Command::OpenSettings,
        InstanceCommand::Quit => {
            state.inputs().tell(Command::Quit);
            // The end of the process ends the connection, and that is the answer.
            return std::future::pending().await;
        }
    };
    let mut opened = state.opened();
    let (done, told) = flume::bounded(1);
    state.inputs().tell(Input::Asked { command, done });
    let quitting = || state.words().text("error-quitting", &[]);
    let quits = async {
        if told.recv_async().await.is_ok() {
            std::future::pending().await
        }
    };
    let opened = tokio::select! {
        opened = opened.recv() => opened,
        () = quits => return Err(quitting()),
    };
    match opened {
        Ok(Ok(())) | Err(RecvError::Lagged(_)) => Ok(()),
        Ok(Err(why)) => Err(state
            .words()
            .text("notice-no-window", &[("detail", why.into())])),
        Err(RecvError::Closed) => Err(quitting()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use belldot_core::settings::Language;

    fn words() -> Localizer {
        Localizer::new(Language::English)
    }

    fn first(data: &Path) -> InstanceLock {
        match start(data, InstanceCommand::Open, &words()) {
            Ok(InstanceStart::First(only)) => only,
            other => panic!("not the first: {other:?}"),
        }
    }

    /// Answers one request so, and tells what it was.
    fn answers(only: InstanceLock, with: &'static str) -> std::thread::JoinHandle<String> {
        std::thread::spawn(move || {
            let listener = only.listener.unwrap();
            listener.set_nonblocking(false).unwrap();
            let (mut asking, _) = listener.accept().unwrap();
            let mut request = String::new();
            let mut lines = BufReader::new(asking.try_clone().unwrap());
            lines.read_line(&mut request).unwrap();
            asking.write_all(with.as_bytes()).unwrap();
            let request: serde_json::Value = serde_json::from_str(&request).unwrap();
            request["wish"].to_string()
        })
    }

    #[test]
    fn a_second_start_is_done_when_the_first_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let heard = answers(first(folder.path()), "{\"Ok\":null}\n");
        let second = start(
            folder.path(),
            InstanceCommand::Todo("a/b".to_owned()),
            &words(),
        );
        assert!(matches!(second, Ok(InstanceStart::Done)), "{second:?}");
        assert_eq!(heard.join().unwrap(), r#"{"todo":"a/b"}"#);
    }

    #[test]
    fn what_the_first_could_not_do_is_said_by_the_second() {
        let folder = tempfile::tempdir().unwrap();
        let heard = answers(first(folder.path()), "{\"Err\":\"No window.\"}\n");
        let second = start(folder.path(), InstanceCommand::Settings, &words());
        assert!(matches!(second, Err(said) if said == "No window."));
        heard.join().unwrap();
    }

    #[test]
    fn quitting_is_done_when_the_first_has_gone() {
        let folder = tempfile::tempdir().unwrap();
        let heard = answers(first(folder.path()), "");
        let second = start(folder.path(), InstanceCommand::Quit, &words());
        assert!(matches!(second, Ok(InstanceStart::Done)), "{second:?}");
        assert_eq!(heard.join().unwrap(), r#""quit""#);
    }

    #[test]
    fn a_first_that_says_nothing_sensible_is_said_to_be_silent() {
        let folder = tempfile::tempdir().unwrap();
        let heard = answers(first(folder.path()), "what?\n");
        let second = start(folder.path(), InstanceCommand::Open, &words());
        assert!(matches!(second, Err(said) if said.contains("does not answer")));
        heard.join().unwrap();
    }

    #[test]
    fn where_none_runs_quitting_is_done_and_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let quit = start(folder.path(), InstanceCommand::Quit, &words());
        assert!(matches!(quit, Ok(InstanceStart::Done)));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn two_profiles_do_not_know_each_other() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _one = first(one.path());
        let _other = first(other.path());
    }

    #[test]
    fn the_socket_of_one_that_was_killed_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        drop(first(folder.path()));
        assert!(folder.path().join(SOCKET).exists());
        let heard = answers(first(folder.path()), "{\"Ok\":null}\n");
        assert!(start(folder.path(), InstanceCommand::Open, &words()).is_ok());
        heard.join().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_may_have_a_long_name() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(200));
        fs::create_dir(&long).unwrap();
        let heard = answers(first(&long), "{\"Ok\":null}\n");
        assert!(start(&long, InstanceCommand::Open, &words()).is_ok());
        heard.join().unwrap();
        let mode = fs::metadata(long.join(SOCKET)).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "for this user alone");
    }

    #[test]
    fn whoever_holds_the_lock_is_waited_for_until_it_can_be_asked() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path(), false).unwrap();
        let data = folder.path().to_owned();
        let second = std::thread::spawn(move || start(&data, InstanceCommand::Open, &words()));
        std::thread::sleep(3 * BETWEEN_LOOKS);
        let only = InstanceLock {
            listener: listen(folder.path()),
            _lock: held,
        };
        let heard = answers(only, "{\"Ok\":null}\n");
        assert!(matches!(second.join().unwrap(), Ok(InstanceStart::Done)));
        heard.join().unwrap();
    }
}
