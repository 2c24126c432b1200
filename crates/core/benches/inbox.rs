//! The inbox's figures: how fast a backlog is committed, how soon an event is a toast, how soon
//! the first bell stands, how long a page and a search take with 100,000 to-dos.
//!
//! `cargo bench -p belldot-core --bench inbox`. Fails where a figure misses its bar.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout
)]

use std::{
    collections::HashSet,
    path::Path,
    process::ExitCode,
    sync::LazyLock,
    time::{Duration, Instant},
};

use belldot_core::{
    Controller, Desktop, Input,
    bell::Bell,
    controller::Parts,
    desktop::Page,
    format::{self, Cursor, Format},
    inbox::{Edit, Inbox, Reader, SourceEntry, TodoKey},
    input::{Event, StreamUpdate},
    page::{Grouping, News, Query},
    settings::{Settings, SettingsFile},
    source::{Source, SourceId},
    streams::{Delivery, Streams},
    toast::{Toast, ToastId},
};
use belldot_testkit::{Figures, sample_todo};
use jiff::{Timestamp, Zoned};

const MANY: usize = 100_000;
const BATCH: usize = 1_000;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let mut figures = Figures::default();
    let full = folder.path().join("inbox.db");
    // First, while the process is small: this one looks at memory.
    backlog(&full, &mut figures);
    commit_rate(&folder.path().join("rate.db"), &mut figures);
    first_bell(&full, &mut figures);
    pages(&full, &mut figures);
    searches(&full, &mut figures);
    one_event(&folder.path().join("one.db"), &mut figures);
    figures.exit_code()
}

/// Decoded and committed, without a controller.
fn commit_rate(path: &Path, figures: &mut Figures) {
    let mut inbox = Inbox::open(path).unwrap();
    let work = || SourceId("work".to_owned());
    let entry = SourceEntry {
        id: work(),
        name: "Work".to_owned(),
        api: true,
    };
    inbox
        .commit(&[Edit::Sources(vec![entry])], Timestamp::now())
        .unwrap();
    let events = events(0..MANY);
    let start = Clock::now();
    for batch in events.chunks(BATCH) {
        let arrived = batch.iter().map(|event| Edit::Arrived {
            source: work(),
            changes: format::decode(&Format::Todo, event).changes,
            cursor: Cursor::Id(event.id.clone()),
            event_id: None,
            opening: false,
        });
        inbox
            .commit(&arrived.collect::<Vec<_>>(), Timestamp::now())
            .unwrap();
        inbox.write_back();
    }
    figures.at_least(
        "to-dos decoded and committed",
        per_second(start),
        25_000.0,
        "/s",
    );
    // The same again: nothing may change, so this is what a replay costs.
    let start = Clock::now();
    for batch in events.chunks(BATCH) {
        let arrived = batch.iter().map(|event| Edit::Arrived {
            source: work(),
            changes: format::decode(&Format::Todo, event).changes,
            cursor: Cursor::Id(event.id.clone()),
            event_id: None,
            opening: false,
        });
        let committed = inbox
            .commit(&arrived.collect::<Vec<_>>(), Timestamp::now())
            .unwrap();
        assert!(!committed.todos_changed);
    }
    figures.at_least("to-dos replayed", per_second(start), 25_000.0, "/s");
}

/// A whole controller, fed as its thread feeds it.
fn backlog(path: &Path, figures: &mut Figures) {
    let mut controller = controller(path);
    controller.start(Timestamp::now());
    let before = resident();
    let mut spent = Duration::ZERO;
    for first in (0..MANY).step_by(BATCH) {
        let inputs: Vec<Input> = events(first..first + BATCH)
            .into_iter()
            .map(input)
            .collect();
        let start = Clock::now();
        controller.handle(inputs, Timestamp::now());
        spent += start.elapsed();
    }
    let digests = controller.desktop().toasts.len();
    figures.at_least(
        "backlog through the controller",
        MANY as f64 / spent.as_secs_f64(),
        25_000.0,
        "/s",
    );
    figures.at_most("toasts for it, apart from updates", digests as f64, 1.0, "");
    if let (Some(before), Some(after)) = (before, resident()) {
        figures.at_most(
            "resident memory grown by",
            (after - before) / 1_048_576.0,
            24.0,
            "MiB",
        );
    }
    let start = Clock::now();
    while controller.idle() {}
    figures.tell(
        "indexing for the search afterwards",
        start.elapsed().as_secs_f64(),
        "s",
    );
}

fn first_bell(path: &Path, figures: &mut Figures) {
    let mut times = Vec::new();
    for _ in 0..10 {
        let start = Clock::now();
        let mut controller = controller(path);
        controller.start(Timestamp::now());
        assert_eq!(controller.desktop().unread, MANY as u64);
        times.push(start.elapsed());
    }
    figures.percentiles("first bell with 100,000 to-dos", times, None, Some(100.0));
}

fn pages(path: &Path, figures: &mut Figures) {
    let reader = Reader::open(path).unwrap();
    let mut inbox = Inbox::open(path).unwrap();
    let now = Zoned::now();
    let source = Some(SourceId("work".to_owned()));
    let all = Query::default();
    let unread = Query {
        unread: true,
        ..Query::default()
    };
    let by_source = Query {
        by: Grouping::Source,
        ..Query::default()
    };
    let of_source = Query {
        source,
        ..Query::default()
    };
    for (name, query, changes) in [
        ("a page of the list", &all, false),
        ("a page of unread ones", &unread, false),
        ("a page of one source", &of_source, false),
        ("a page by source", &by_source, false),
        ("a page after a change", &all, true),
        ("a page by source after a change", &by_source, true),
    ] {
        let times = (0..400).map(|round| {
            if changes {
                let pin = Edit::Pin {
                    todos: vec![TodoKey(round as i64 + 1)],
                    pinned: false,
                };
                inbox.commit(&[pin], now.timestamp()).unwrap();
                inbox.write_back();
            }
            let offset = (round * 7_919 % MANY) as u32;
            let query = Query {
                offset,
                limit: 100,
                ..query.clone()
            };
            let start = Clock::now();
            let listing = reader.list(&query, &now).unwrap();
            assert_eq!(listing.total, MANY as u32);
            start.elapsed()
        });
        figures.percentiles(name, times.collect(), None, Some(5.0));
    }
    let times = (0..400).map(|round| {
        let key = TodoKey((round * 7_919 % MANY) as i64 + 1);
        let start = Clock::now();
        let position = reader.position(&all, key, &now).unwrap();
        assert!(position.is_some());
        start.elapsed()
    });
    figures.percentiles(
        "a to-do's place in the list",
        times.collect(),
        None,
        Some(5.0),
    );
}

fn searches(path: &Path, figures: &mut Figures) {
    let reader = Reader::open(path).unwrap();
    let now = Zoned::now();
    let kinds = [
        (
            "a search for one to-do",
            vec!["73519", "88123", "412 invoice"],
        ),
        (
            "a search for a common word",
            vec!["contract", "please", "review"],
        ),
        (
            "a search for 中文",
            vec!["季度", "报销", "合同审批", "签字"],
        ),
        ("a search for one letter", vec!["q", "字", "7"]),
        (
            "a search for nothing there",
            vec!["zebra", "斑马", "no such"],
        ),
    ];
    for (name, searches) in kinds {
        let times = (0..100).map(|round| {
            let search = searches[round % searches.len()].to_owned();
            let query = Query {
                search,
                limit: 100,
                ..Query::default()
            };
            let start = Clock::now();
            std::hint::black_box(reader.list(&query, &now).unwrap());
            start.elapsed()
        });
        figures.percentiles(name, times.collect(), None, Some(15.0));
    }
}

/// From the channel to the port, one event at a time.
fn one_event(path: &Path, figures: &mut Figures) {
    let mut controller = controller(path);
    let mut now = Timestamp::now();
    controller.start(now);
    let times = events(0..2_000).into_iter().map(|event| {
        // Far enough apart not to be a burst.
        now += jiff::SignedDuration::from_secs(5);
        controller.desktop().toast_at = None;
        let start = Clock::now();
        controller.handle(vec![input(event)], now);
        controller.desktop().toast_at.expect("a toast").since(start)
    });
    let times = times.collect();
    figures.percentiles("an event to its toast", times, Some(1.0), Some(5.0));
}

fn events(which: std::ops::Range<usize>) -> Vec<Event> {
    which
        .map(|at| {
            let mut todo = sample_todo(at as u64);
            todo["id"] = format!("0197-{at:08}").into();
            todo["status"] = "open".into();
            todo["read"] = false.into();
            todo["created"] = "2026-11-22T01:00:00.123Z".into();
            todo["updated"] = "2026-11-22T01:00:00.123Z".into();
            Event {
                kind: "todo".to_owned(),
                data: todo.to_string(),
                id: at.to_string(),
                own_id: true,
            }
        })
        .collect()
}

fn input(event: Event) -> Input {
    Input::Stream {
        source: SourceId("work".to_owned()),
        update: StreamUpdate::Event(event),
    }
}

fn controller(path: &Path) -> Controller<Screen, Nowhere> {
    let id = SourceId("work".to_owned());
    let url = "https://todo.example/api/v1/events".parse().unwrap();
    let settings = Settings {
        sources: vec![Source::new(id, "Work", url)],
        ..Settings::default()
    };
    let (file, ..) = SettingsFile::load(path.with_extension("toml"));
    Controller::new(Parts {
        inbox: Inbox::open(path).unwrap(),
        file,
        settings,
        policy: belldot_core::Policy::default(),
        wrong_settings: None,
        hidden: true,
        desktop: Screen::default(),
        streams: Nowhere,
    })
}

#[derive(Default)]
struct Screen {
    unread: u64,
    toasts: HashSet<ToastId>,
    toast_at: Option<Clock>,
}

impl Desktop for Screen {
    fn show_bell(&mut self, bell: &Bell) {
        self.unread = bell.unread;
    }

    fn show_toast(&mut self, toast: &Toast) {
        self.toast_at = Some(Clock::now());
        self.toasts.insert(toast.id.clone());
    }

    fn close_toast(&mut self, _: &ToastId) {}
    fn open_page(&mut self, _: &Page) {}
    fn publish(&mut self, _: &News) {}
    fn quit(&mut self) {}
}

struct Nowhere;

impl Streams for Nowhere {
    fn start(&mut self, _: &Source, _: &str) {}
    fn stop(&mut self, _: &SourceId) {}
    fn try_again(&mut self, _: &SourceId) {}
    fn pause(&mut self, _: &SourceId, _: bool) {}
    fn deliver(&mut self, _: &Delivery) {}
}

/// The time, or on a busy machine with `BENCH_CLOCK=cpu` the time that this thread had the CPU.
#[derive(Clone, Copy)]
struct Clock(Duration);

impl Clock {
    fn now() -> Self {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        #[cfg(target_os = "linux")]
        {
            static CPU: LazyLock<bool> =
                LazyLock::new(|| std::env::var("BENCH_CLOCK").is_ok_and(|clock| clock == "cpu"));
            if *CPU {
                let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
                return Self(Duration::new(time.tv_sec as u64, time.tv_nsec as u32));
            }
        }
        Self(START.elapsed())
    }

    fn since(self, start: Self) -> Duration {
        self.0 - start.0
    }

    fn elapsed(self) -> Duration {
        Self::now().since(self)
    }
}

fn per_second(start: Clock) -> f64 {
    MANY as f64 / start.elapsed().as_secs_f64()
}

/// Resident memory in bytes, where the system tells.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? * 1_024.0)
}
