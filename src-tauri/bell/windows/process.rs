//! The processes that show windows: one for Belldot's own, one for each company's page. One line
//! of JSON each way is a message.
//!
//! A process is started for the first page that it is to show. Once its last window is closed it
//! lingers for a while, so that a second look is quick; then its line is closed, and it ends. That
//! of a company's page stays, without a window: its session is kept in it, and who opens the page
//! again is still signed in. One that ends by itself takes nothing along: the next page gets
//! another.

use std::{
    collections::{HashMap, HashSet},
    env, io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use belldot_core::page::News;
use belldot_wire::clean_line;
use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, Command},
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use super::{
    FromWindows, ShowWindow, ToWindows, WindowHost, WindowOwner, WindowPage, WindowStart,
    company_data,
};
use crate::os::{paths::AppPaths, read_ahead};

/// The program that shows windows; it is beside this one.
const PROGRAM: &str = "belldot-window";

/// How long a process without a window stays, hidden.
const LINGERING: Duration = Duration::from_secs(30);

/// Pages draw what is new at most so often: more would only keep them from hearing of a click.
const BETWEEN_NEWS: Duration = Duration::from_millis(100);

/// How long a process may take to end once its line is closed.
const ENDING: Duration = Duration::from_secs(2);

/// The processes of all windows.
pub struct WindowProcesses {
    runtime: Handle,
    shared: Arc<ProcessTable>,
}

struct ProcessTable {
    /// Where places and sizes of windows are remembered: Belldot's own, and companies' pages.
    own_windows: PathBuf,
    company_windows: PathBuf,
    /// The list of files that windows need.
    ahead: PathBuf,
    is_listed: AtomicBool,
    told: flume::Sender<(WindowOwner, FromWindows)>,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    /// How many were started so far.
    started: u64,
    processes: HashMap<WindowOwner, WindowProcess>,
}

struct WindowProcess {
    number: u64,
    messages: mpsc::UnboundedSender<ToWindows>,
    news: watch::Sender<Option<Arc<News>>>,
    /// The labels of its windows.
    windows: HashSet<&'static str>,
    /// What it has not yet said to be there.
    pending: Vec<ShowWindow>,
    is_ready: bool,
    ended: JoinHandle<()>,
}

impl WindowProcesses {
    /// None yet. What they tell is sent there.
    pub fn new(
        runtime: Handle,
        paths: &AppPaths,
        told: flume::Sender<(WindowOwner, FromWindows)>,
    ) -> Self {
        let shared = Arc::new(ProcessTable {
            own_windows: paths.windows(),
            company_windows: paths.company_windows(),
            ahead: paths.ahead(),
            is_listed: AtomicBool::new(false),
            told,
            running: Mutex::default(),
        });
        Self { runtime, shared }
    }

    fn forget(&self, owner: &WindowOwner, folder: PathBuf) {
        let process = self.shared.lock().processes.remove(owner);
        self.runtime.spawn(async move {
            if let Some(WindowProcess {
                messages, ended, ..
            }) = process
            {
                // It ends as its line is closed; until then it would write the folder again.
                drop(messages);
                let _ = ended.await;
            }
            let removed = tokio::task::spawn_blocking(move || company_data::remove(&folder));
            let _ = removed.await;
        });
    }
}

impl WindowHost for WindowProcesses {
    fn send(&self, message: ToWindows) {
        match message {
            ToWindows::Show(show) => self.shared.show(&self.runtime, *show),
            ToWindows::Forget { source, folder } => {
                self.forget(&WindowOwner::Company(source), folder)
            }
            message => {
                if let Some(own) = self.shared.lock().processes.get(&WindowOwner::Belldot) {
                    // One that ended hears nothing, and its pages are gone.
                    let _ = own.messages.send(message);
                }
            }
        }
    }

    fn publish(&self, news: &News) {
        if let Some(own) = self.shared.lock().processes.get(&WindowOwner::Belldot) {
            // Whoever is slow gets the latest. It is written by the task that sends it: the
            // controller has more to do.
            own.news.send_replace(Some(Arc::new(news.clone())));
        }
    }
}

impl ProcessTable {
    fn lock(&self) -> MutexGuard<'_, Running> {
        self.running.lock()
    }

    fn show(self: &Arc<Self>, runtime: &Handle, show: ShowWindow) {
        let owner = owner(&show.page);
        let mut running = self.lock();
        if !running.processes.contains_key(&owner) {
            read_ahead::start(self.ahead.clone());
            running.started += 1;
            let process = self.begin(runtime, &owner, running.started);
            running.processes.insert(owner.clone(), process);
        }
        if let Some(process) = running.processes.get_mut(&owner) {
            process.windows.insert(show.page.label());
            process.pending.push(show.clone());
            // Where it has just ended, it is found pending.
            let _ = process.messages.send(ToWindows::Show(Box::new(show)));
        }
    }

    fn begin(
        self: &Arc<Self>,
        runtime: &Handle,
        owner: &WindowOwner,
        number: u64,
    ) -> WindowProcess {
        let (messages, waiting) = mpsc::unbounded_channel();
        let (news, latest) = watch::channel(None);
        let window_state = match owner {
            WindowOwner::Belldot => self.own_windows.clone(),
            WindowOwner::Company(_) => self.company_windows.clone(),
        };
        let _ = messages.send(ToWindows::Start(WindowStart { window_state }));
        let life = ProcessTask {
            shared: self.clone(),
            runtime: runtime.clone(),
            owner: owner.clone(),
            number,
        };
        WindowProcess {
            number,
            messages,
            news,
            windows: HashSet::new(),
            pending: Vec::new(),
            is_ready: false,
            ended: runtime.spawn(life.run(waiting, latest)),
        }
    }
}

/// The life of one process.
struct ProcessTask {
    shared: Arc<ProcessTable>,
    runtime: Handle,
    owner: WindowOwner,
    number: u64,
}

impl ProcessTask {
    async fn run(
        self,
        messages: mpsc::UnboundedReceiver<ToWindows>,
        news: watch::Receiver<Option<Arc<News>>>,
    ) {
        match spawn() {
            Ok(mut child) => {
                if let (Some(input), Some(output), Some(errors)) =
                    (child.stdin.take(), child.stdout.take(), child.stderr.take())
                {
                    let writing = tokio::spawn(write(input, messages, news));
                    let logging = tokio::spawn(log(errors));
                    let id = child.id().unwrap_or_default();
                    self.listen(id, BufReader::new(output).lines()).await;
                    writing.abort();
                    let status = end(&mut child).await;
                    let last = timeout(ENDING, logging).await;
                    let last = last.ok().and_then(Result::ok).flatten();
                    self.note_end(&last.unwrap_or(status));
                }
            }
            Err(error) => self.note_end(&format!("{PROGRAM}: {error}")),
        }
    }

    /// Passes on what it tells until it ends, or nobody looks any longer.
    async fn listen<R: AsyncRead + Unpin>(&self, id: u32, mut lines: Lines<BufReader<R>>) {
        let mut leave_at = None;
        loop {
            let leave = async {
                match leave_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let line = tokio::select! {
                line = lines.next_line() => line,
                () = leave => {
                    if self.leave() {
                        return;
                    }
                    leave_at = None;
                    continue;
                }
            };
            let Ok(Some(line)) = line else { return };
            match serde_json::from_str::<FromWindows>(&line) {
                Ok(message) => {
                    let is_empty = self.note(&message);
                    let is_shown = matches!(message, FromWindows::Shown { error: None, .. });
                    if is_shown && !self.shared.is_listed.swap(true, Ordering::AcqRel) {
                        read_ahead::note_soon(self.shared.ahead.clone(), id);
                    }
                    leave_at = (is_empty && self.owner == WindowOwner::Belldot)
                        .then(|| leave_at.unwrap_or(Instant::now() + LINGERING));
                    let _ = self.shared.told.send((self.owner.clone(), message));
                }
                Err(error) => tracing::warn!(%error, "{PROGRAM} says something unknown"),
            }
        }
    }

    /// Takes notice of what it tells; whether it has no window.
    fn note(&self, message: &FromWindows) -> bool {
        let mut running = self.shared.lock();
        let Some(process) = self.find(&mut running) else {
            return false;
        };
        match message {
            FromWindows::Ready { .. } => process.is_ready = true,
            FromWindows::Shown { window, error } => {
                if let Some(at) = process
                    .pending
                    .iter()
                    .position(|show| show.page.label() == window)
                {
                    process.pending.remove(at);
                }
                if error.is_some() {
                    process.windows.retain(|label| label != window);
                }
            }
            FromWindows::Closed { window } | FromWindows::Crashed { window } => {
                let awaited = process
                    .pending
                    .iter()
                    .any(|show| show.page.label() == window);
                process.windows.retain(|label| awaited || label != window);
            }
            FromWindows::Request { .. } | FromWindows::Browse { .. } => {}
        }
        process.windows.is_empty()
    }

    /// Nobody looked for long: the next page gets another process. Whether that is still so.
    fn leave(&self) -> bool {
        let mut running = self.shared.lock();
        match self.find(&mut running) {
            Some(process) if !process.windows.is_empty() => return false,
            Some(_) => drop(running.processes.remove(&self.owner)),
            None => {}
        }
        true
    }

    /// It has ended: who waits for a page of it gets another process, or hears why not.
    fn note_end(&self, why: &str) {
        let process = {
            let mut running = self.shared.lock();
            let is_there = self.find(&mut running).is_some();
            is_there.then(|| running.processes.remove(&self.owner))
        };
        let Some(WindowProcess {
            mut windows,
            pending,
            is_ready,
            ..
        }) = process.flatten()
        else {
            return;
        };
        for show in pending {
            windows.remove(show.page.label());
            if is_ready {
                self.shared.show(&self.runtime, show);
            } else {
                self.tell(FromWindows::Shown {
                    window: show.page.label().to_owned(),
                    error: Some(why.to_owned()),
                });
            }
        }
        for window in windows {
            self.tell(FromWindows::Crashed {
                window: window.to_owned(),
            });
        }
    }

    fn tell(&self, message: FromWindows) {
        let _ = self.shared.told.send((self.owner.clone(), message));
    }

    fn find<'a>(&self, running: &'a mut Running) -> Option<&'a mut WindowProcess> {
        let process = running.processes.get_mut(&self.owner);
        process.filter(|process| process.number == self.number)
    }
}

fn owner(page: &WindowPage) -> WindowOwner {
    match page {
        WindowPage::Todos { .. } | WindowPage::Settings { .. } => WindowOwner::Belldot,
        WindowPage::Company(page) => WindowOwner::Company(page.source.clone()),
    }
}

fn spawn() -> io::Result<Child> {
    let program = env::current_exe()?.with_file_name(PROGRAM);
    Command::new(program)
        .envs(drawing(Path::new("/dev/dri")))
        .env_remove("BELLDOT_TOKEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What ends Belldot in a terminal ends it by its line.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// Has WebKit draw in plain memory where there is no graphics device, as on many virtual and
/// remote desktops: it would lose a quarter of a second trying, and look for the device through a
/// library that brings a compiler for graphics along.
fn drawing(devices: &Path) -> Vec<(&'static str, &'static str)> {
    const PLAIN: [(&str, &str); 3] = [
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
        ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/null"),
    ];
    let devices = std::fs::read_dir(devices).into_iter().flatten().flatten();
    let mut names = devices.map(|device| device.file_name());
    if names.any(|name| name.to_string_lossy().starts_with("renderD")) {
        return Vec::new();
    }
    let unset = |name: &&(&str, &str)| env::var_os(name.0).is_none();
    PLAIN.iter().filter(unset).copied().collect()
}

/// Sees to it that it ends: its line is closed. Answers how it did.
async fn end(child: &mut Child) -> String {
    if timeout(ENDING, child.wait()).await.is_err() {
        tracing::warn!("{PROGRAM} does not end by itself");
        let _ = child.kill().await;
    }
    match child.wait().await {
        Ok(status) => format!("{PROGRAM}: {status}"),
        Err(error) => format!("{PROGRAM}: {error}"),
    }
}

async fn write(
    mut input: ChildStdin,
    mut messages: mpsc::UnboundedReceiver<ToWindows>,
    mut news: watch::Receiver<Option<Arc<News>>>,
) {
    let mut next_news = Instant::now();
    loop {
        let changed = async {
            sleep_until(next_news).await;
            news.changed().await
        };
        let line = tokio::select! {
            biased;
            message = messages.recv() => match message {
                Some(message) => line(&message),
                None => return,
            },
            Ok(()) = changed => {
                next_news = Instant::now() + BETWEEN_NEWS;
                let latest = news.borrow_and_update().clone();
                latest.and_then(|news| line(&ToWindows::news(&news)))
            }
        };
        let Some(line) = line else { continue };
        if let Err(error) = input.write_all(line.as_bytes()).await {
            tracing::debug!(%error, "{PROGRAM} hears nothing");
            return;
        }
    }
}

fn line(message: &impl Serialize) -> Option<String> {
    let mut line = serde_json::to_string(message).ok()?;
    line.push('\n');
    Some(line)
}

/// What it logs, in this log; toolkits say much that is nothing. Answers the last line.
async fn log(errors: impl AsyncRead + Unpin) -> Option<String> {
    let mut lines = BufReader::new(errors).lines();
    let mut last = None;
    while let Ok(Some(line)) = lines.next_line().await {
        let line = clean_line(&line);
        match line.split_whitespace().next() {
            Some("ERROR") => tracing::error!("{PROGRAM}: {line}"),
            Some("WARN") => tracing::warn!("{PROGRAM}: {line}"),
            Some("INFO") => tracing::info!("{PROGRAM}: {line}"),
            _ => tracing::debug!("{PROGRAM}: {line}"),
        }
        last = Some(line);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_memory_is_drawn_in_only_without_a_graphics_device() {
        let devices = tempfile::tempdir().unwrap();
        assert_eq!(drawing(devices.path()).len(), 3);
        std::fs::write(devices.path().join("renderD128"), "").unwrap();
        assert!(drawing(devices.path()).is_empty());
    }
}
