//! A backlog of 100,000 to-dos from `belldot-server`, over loopback, to a committed inbox: how
//! quick, with how much memory, with how many toasts, what the page feels of it, and how soon a click
//! is taken up. Then the next start, with all of them in the inbox: how soon the first bell stands.
//!
//! `cargo bench -p belldot --bench backlog`. Fails where a figure misses its bar. Server, first
//! bell and client are processes of their own, so each figure is of one alone.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench may panic and print"
)]

use std::{
    collections::HashSet,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{self, Child, ExitCode, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use belldot_core::{
    Command, Controller, Desktop, Input, Policy,
    bell::Bell,
    controller::{self, Inputs, Parts},
    desktop::Page,
    inbox::{Inbox, Reader},
    input::{self, StreamUpdate},
    page::{News, Query},
    settings::{Settings, SettingsFile},
    source::{Source, SourceId},
    streams::{Delivery, Streams},
    toast::{Toast, ToastId},
};
use belldot_server::{
    NewTodo, TodoEdit,
    log::{SqliteLog, TodoAddress, TodoLog as _, TodoWrite},
};
use belldot_stream::{Config, Subscription, Update};
use belldot_testkit::{Figures, sample_todo};
use futures_util::{StreamExt as _, stream};
use jiff::Zoned;
use tokio::runtime::{Builder, Runtime};
use url::Url;

const MANY: u64 = 100_000;
/// As in the app.
const WAITING: usize = 1_024;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["serve", folder] => serve(Path::new(folder)),
        ["first-bell", inbox] => first_bell(Path::new(inbox)),
        _ => return measure(),
    }
    ExitCode::SUCCESS
}

fn measure() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let mut figures = Figures::default();
    println!("filling a server with {MANY} to-dos …");
    let (server, url) = start("serve", &folder.path().join("server"));
    let inbox = folder.path().join("inbox.db");
    backlog(&inbox, &url, &mut figures);
    drop(server);
    let mut times: Vec<f64> = (0..20)
        .map(|_| {
            let begin = Instant::now();
            let (_process, said) = start("first-bell", &inbox);
            let time = begin.elapsed();
            assert_eq!(said, MANY.to_string());
            time.as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    figures.at_most("process start to first bell, p50", times[10], 100.0, "ms");
    figures.at_most("process start to first bell, worst", times[19], 100.0, "ms");
    figures.exit_code()
}

/// From the first byte asked for to the last to-do committed.
fn backlog(inbox: &Path, url: &str, figures: &mut Figures) {
    let screen = Screen::default();
    let seen = screen.clone();
    let runtime = runtime();
    let (inputs, lanes) = controller::lanes(WAITING);
    let lines = Line {
        runtime: runtime.handle().clone(),
        inputs: inputs.clone(),
    };
    let controller = controller(inbox, url, screen, lines);
    // The trust store and the like are there before the backlog is, as in a running app.
    let before = resident();
    let begin = Instant::now();
    let stop = Arc::new(AtomicBool::new(false));
    let looking = thread::spawn({
        let (inbox, stop) = (inbox.to_owned(), stop.clone());
        move || look(&inbox, &stop)
    });
    let clicking = thread::spawn({
        let (inputs, screen, stop) = (inputs.clone(), seen.clone(), stop.clone());
        move || click(&inputs, &screen, &stop)
    });
    let at_work = thread::spawn(move || controller::run(controller, &lanes));
    let mut most = before;
    while seen.unread.load(Ordering::Acquire) < MANY {
        thread::sleep(Duration::from_millis(20));
        most = most.max(resident());
    }
    let spent = begin.elapsed();
    stop.store(true, Ordering::Release);
    let pages = looking.join().unwrap();
    let clicks = clicking.join().unwrap();
    inputs.tell(Command::Quit);
    at_work.join().unwrap();
    figures.at_least(
        "to-dos from the server, committed",
        MANY as f64 / spent.as_secs_f64(),
        25_000.0,
        "/s",
    );
    figures.at_most(
        "resident memory grown by, at most",
        (most - before) / 1_048_576.0,
        24.0,
        "MiB",
    );
    // Where the first one came alone, its own toast was withdrawn again.
    let toasts = seen.toasts.lock().unwrap();
    assert!(toasts.contains(&ToastId::Digest), "{toasts:?}");
    figures.at_most("toasts", toasts.len() as f64, 1.0, "");
    figures.tell("pages listed meanwhile", pages.len() as f64, "");
    figures.percentiles("a page meanwhile", pages, None, Some(100.0));
    figures.percentiles("a click meanwhile is taken up", clicks, None, Some(50.0));
}

/// Clicks on the bell while the backlog comes in; how soon each opens the page.
fn click(inputs: &Inputs, screen: &Screen, stop: &AtomicBool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !stop.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(100));
        let begin = Instant::now();
        inputs.tell(Command::OpenPage);
        let opened = screen.opened.1.recv_timeout(Duration::from_secs(60));
        times.push(opened.unwrap() - begin);
    }
    times
}

/// Turns pages while the backlog comes in, as a person at the window would.
fn look(inbox: &Path, stop: &AtomicBool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !stop.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(20));
        let Ok(reader) = Reader::open(inbox) else {
            continue;
        };
        while !stop.load(Ordering::Acquire) {
            let query = Query {
                limit: 100,
                ..Query::default()
            };
            let begin = Instant::now();
            reader.list(&query, &Zoned::now()).unwrap();
            times.push(begin.elapsed());
            thread::sleep(Duration::from_millis(20));
        }
    }
    times
}

/// A server of this many to-dos; tells its address, and serves until it is killed.
fn serve(folder: &Path) {
    runtime().block_on(async {
        let log = SqliteLog::open(folder, None).unwrap();
        let puts = stream::iter(0..MANY).map(|at| {
            let new: NewTodo = serde_json::from_value(sample_todo(at)).unwrap();
            let log = &log;
            async move {
                let (draft, _) = new.draft().unwrap();
                let address = TodoAddress::Sent {
                    user: "me".to_owned(),
                    owner: "me".to_owned(),
                    id: format!("{at:08}"),
                };
                let write = TodoWrite::new(address, TodoEdit::Upsert(draft));
                log.write(vec![write]).await.unwrap();
            }
        });
        puts.buffered(2_000).for_each(async |()| ()).await;
        log.close().await.unwrap();
        drop(log);
        let config = belldot_server::ServerConfig {
            data: folder.to_owned(),
            ..belldot_server::ServerConfig::default()
        };
        let server = belldot_server::bind(config).await.unwrap();
        println!("http://{}/api/v1/events", server.address());
        server.run(std::future::pending()).await.unwrap();
    });
}

/// What a start does until the bell stands; tells the number on it.
fn first_bell(inbox: &Path) {
    let screen = Screen::default();
    let (inputs, _lanes) = controller::lanes(WAITING);
    let lines = Line {
        runtime: runtime().handle().clone(),
        inputs,
    };
    let mut controller = controller(inbox, "http://127.0.0.1:9/", screen.clone(), lines);
    controller.start(jiff::Timestamp::now());
    println!("{}", screen.unread.load(Ordering::Acquire));
}

/// Starts this program again in another role; also its first line.
fn start(role: &str, path: &Path) -> (Process, String) {
    let mut process = process::Command::new(std::env::current_exe().unwrap())
        .arg(role)
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .map(Process)
        .unwrap();
    let mut line = String::new();
    let out = process.0.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    (process, line.trim().to_owned())
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn controller(inbox: &Path, url: &str, desktop: Screen, streams: Line) -> Controller<Screen, Line> {
    let id = SourceId("work".to_owned());
    let settings = Settings {
        sources: vec![Source::new(id, "Work", Url::parse(url).unwrap())],
        ..Settings::default()
    };
    let (file, ..) = SettingsFile::load(inbox.with_extension("toml"));
    Controller::new(Parts {
        inbox: Inbox::open(inbox).unwrap(),
        file,
        settings,
        policy: Policy::default(),
        wrong_settings: None,
        hidden: true,
        desktop,
        streams,
    })
}

/// Counts what a desktop would show.
#[derive(Clone)]
struct Screen {
    unread: Arc<AtomicU64>,
    toasts: Arc<Mutex<HashSet<ToastId>>>,
    /// When a page was opened.
    opened: (flume::Sender<Instant>, flume::Receiver<Instant>),
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            unread: Arc::default(),
            toasts: Arc::default(),
            opened: flume::unbounded(),
        }
    }
}

impl Desktop for Screen {
    fn show_bell(&mut self, bell: &Bell) {
        self.unread.store(bell.unread, Ordering::Release);
    }

    fn show_toast(&mut self, toast: &Toast) {
        self.toasts.lock().unwrap().insert(toast.id.clone());
    }

    fn close_toast(&mut self, id: &ToastId) {
        self.toasts.lock().unwrap().remove(id);
    }

    fn open_page(&mut self, _: &Page) {
        self.opened.0.send(Instant::now()).unwrap();
    }

    fn publish(&mut self, _: &News) {}
    fn quit(&mut self) {}
}

/// The one stream.
struct Line {
    runtime: tokio::runtime::Handle,
    inputs: Inputs,
}

impl Streams for Line {
    fn start(&mut self, source: &Source, cursor: &str) {
        let mut config = Config::new(source.url.clone());
        config.last_event_id = cursor.to_owned();
        let (id, inputs) = (source.id.clone(), self.inputs.clone());
        self.runtime.spawn(async move {
            let mut subscription = Subscription::start(config);
            while let Some(update) = subscription.next().await {
                let Update::Event(event) = update else {
                    continue;
                };
                let update = StreamUpdate::Event(input::Event {
                    own_id: event.own_id,
                    kind: event.kind,
                    data: event.data,
                    id: event.id,
                });
                let source = id.clone();
                if inputs
                    .streams()
                    .send_async(Input::Stream { source, update })
                    .await
                    .is_err()
                {
                    return;
                }
            }
        });
    }

    fn stop(&mut self, _: &SourceId) {}
    fn try_again(&mut self, _: &SourceId) {}
    fn pause(&mut self, _: &SourceId, _: bool) {}
    fn deliver(&mut self, _: &Delivery) {}
}

/// Resident memory in bytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim()
        .strip_suffix(" kB")
        .unwrap()
        .parse::<f64>()
        .unwrap()
        * 1_024.0
}
