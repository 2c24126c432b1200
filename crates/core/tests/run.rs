//! The controller's thread: it ends when asked, and works while nobody asks anything.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    sync::{Arc, Mutex, MutexGuard},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use belldot_core::{
    Command, Controller, Desktop, Input,
    bell::Bell,
    controller::{self, Inputs, Parts},
    desktop::Page,
    format::{Change, Cursor, Draft},
    inbox::{Edit, Inbox, Reader},
    input::{Event, StreamUpdate},
    page::{News, Query},
    settings::{Settings, SettingsFile},
    source::{Source, SourceId},
    streams::{Delivery, Streams},
    toast::{Toast, ToastId},
};
use tempfile::TempDir;

#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    unread: u64,
    pages: u64,
    /// The titles of the toasts.
    toasts: Vec<String>,
    has_quit: bool,
}

impl Screen {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }
}

impl Desktop for Screen {
    fn show_bell(&mut self, bell: &Bell) {
        self.seen().unread = bell.unread;
    }

    fn show_toast(&mut self, toast: &Toast) {
        self.seen().toasts.push(toast.title.clone());
    }

    fn open_page(&mut self, _: &Page) {
        self.seen().pages += 1;
    }

    fn quit(&mut self) {
        self.seen().has_quit = true;
    }

    fn close_toast(&mut self, _: &ToastId) {}
    fn publish(&mut self, _: &News) {}
}

struct Nowhere;

impl Streams for Nowhere {
    fn start(&mut self, _: &Source, _: &str) {}
    fn stop(&mut self, _: &SourceId) {}
    fn try_again(&mut self, _: &SourceId) {}
    fn pause(&mut self, _: &SourceId, _: bool) {}
    fn deliver(&mut self, _: &Delivery) {}
}

struct Running {
    inputs: Inputs,
    thread: JoinHandle<()>,
    screen: Screen,
    folder: TempDir,
}

fn start() -> Running {
    start_with(|_| ())
}

/// The same, with an inbox that was prepared.
fn start_with(prepare: impl FnOnce(&mut Inbox)) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let (file, ..) = SettingsFile::load(folder.path().join("settings.toml"));
    let url = "https://todo.example/api/v1/events".parse().unwrap();
    let source = Source::new(SourceId("work".to_owned()), "Work", url);
    let screen = Screen::default();
    let mut inbox = Inbox::open(folder.path().join("inbox.db")).unwrap();
    prepare(&mut inbox);
    let controller = Controller::new(Parts {
        inbox,
        file,
        settings: Settings {
            sources: vec![source],
            ..Settings::default()
        },
        policy: belldot_core::Policy::default(),
        wrong_settings: None,
        hidden: true,
        desktop: screen.clone(),
        streams: Nowhere,
    });
    let (inputs, lanes) = controller::lanes(16);
    let thread = std::thread::spawn(move || controller::run(controller, &lanes));
    Running {
        inputs,
        thread,
        screen,
        folder,
    }
}

fn todo(id: usize) -> Input {
    todo_of(id, "")
}

/// A to-do with further JSON members, each with a comma before it.
fn todo_of(id: usize, more: &str) -> Input {
    let event = Event {
        kind: "todo".to_owned(),
        data: format!(r#"{{"id":"{id}","title":"Contract {id}"{more}}}"#),
        id: id.to_string(),
        own_id: true,
    };
    Input::Stream {
        source: SourceId("work".to_owned()),
        update: StreamUpdate::Event(event),
    }
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{what} took too long"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_thread_ends_when_asked_to_quit() {
    let running = start();
    running.inputs.tell(Command::Quit);
    running.thread.join().unwrap();
    assert!(running.screen.seen().has_quit);
}

#[test]
fn the_thread_quits_when_nobody_can_ask_anything_any_longer() {
    let Running {
        inputs,
        thread,
        screen,
        ..
    } = start();
    drop(inputs);
    thread.join().unwrap();
    assert!(screen.seen().has_quit);
}

#[test]
fn a_backlog_ends_at_the_right_count_and_is_indexed_while_nothing_happens() {
    let running = start();
    for id in 0..2_000 {
        running.inputs.streams().send(todo(id)).unwrap();
    }
    wait_until("the right count", || running.screen.seen().unread == 2_000);
    let other = rusqlite::Connection::open(running.folder.path().join("inbox.db")).unwrap();
    wait_until("the index", || {
        let waiting = other.query_row("SELECT count(*) FROM unindexed", [], |row| {
            row.get::<_, i64>(0)
        });
        waiting.unwrap() == 0
    });
    let reader = Reader::open(running.folder.path().join("inbox.db")).unwrap();
    let query = Query {
        search: "Contract 1234".to_owned(),
        limit: 5,
        ..Query::default()
    };
    assert_eq!(reader.list(&query, &jiff::Zoned::now()).unwrap().total, 1);
    running.inputs.tell(Command::Quit);
    running.thread.join().unwrap();
}

/// Sends to-dos for as long as somebody takes them; how many.
fn flood(inputs: &Inputs) -> JoinHandle<usize> {
    let streams = inputs.streams().clone();
    let body = format!(r#","read":true,"body":"{}""#, "words ".repeat(200));
    std::thread::spawn(move || {
        (0..)
            .take_while(|id| streams.send(todo_of(*id, &body)).is_ok())
            .count()
    })
}

#[test]
fn every_click_within_a_backlog_is_taken_up() {
    let running = start();
    let flood = flood(&running.inputs);
    for clicks in 1..=20 {
        running.inputs.tell(Command::OpenPage);
        wait_until("the page", || running.screen.seen().pages == clicks);
    }
    running.inputs.tell(Command::Quit);
    running.thread.join().unwrap();
    drop(running.inputs);
    assert!(flood.join().unwrap() > 0);
}

#[test]
fn a_full_disk_and_a_stream_that_does_not_end_leave_clicks_and_the_way_out() {
    let running = start_with(|inbox| inbox.limit_bytes(Some(0)).unwrap());
    let flood = flood(&running.inputs);
    wait_until("the disk is full", || {
        !running.screen.seen().toasts.is_empty()
    });
    wait_until("no more is taken", || running.inputs.streams().is_full());
    for clicks in 1..=20 {
        running.inputs.tell(Command::OpenPage);
        wait_until("the page", || running.screen.seen().pages == clicks);
    }
    running.inputs.tell(Command::Quit);
    running.thread.join().unwrap();
    assert!(running.screen.seen().has_quit);
    drop(running.inputs);
    flood.join().unwrap();
}

#[test]
fn what_streams_sent_before_somebody_quits_is_committed() {
    let running = start();
    for id in 0..500 {
        running.inputs.streams().send(todo(id)).unwrap();
    }
    running.inputs.tell(Command::Quit);
    running.thread.join().unwrap();
    let reader = Reader::open(running.folder.path().join("inbox.db")).unwrap();
    assert_eq!(reader.summary().unwrap().unread(), 500);
}

#[test]
fn a_reminder_comes_in_time_while_the_search_is_made_ready() {
    const MANY: u32 = 20_000;
    let body = "some words of a body; ".repeat(20);
    let running = start_with(|inbox| {
        let draft = |id: u32| Draft {
            id: Some(id.to_string()),
            title: format!("Contract {id}"),
            body: Some(body.clone()),
            read: Some(true),
            ..Draft::default()
        };
        let edit = Edit::Arrived {
            source: SourceId("work".to_owned()),
            changes: (0..MANY)
                .map(|id| Change::Upsert(Box::new(draft(id))))
                .collect(),
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        };
        inbox.commit(&[edit], jiff::Timestamp::now()).unwrap();
    });
    let due = jiff::Timestamp::now() + jiff::SignedDuration::from_millis(700);
    let reminded = todo_of(MANY as usize, &format!(r#","due":"{due}""#));
    running.inputs.streams().send(reminded).unwrap();
    wait_until("the reminder", || {
        let toasts = &running.screen.seen().toasts;
        toasts.iter().any(|title| title.contains("Due"))
    });
    let other = rusqlite::Connection::open(running.folder.path().join("inbox.db")).unwrap();
    let waiting: i64 = other
        .query_row("SELECT count(*) FROM unindexed", [], |row| row.get(0))
        .unwrap();
    assert!(
        (1..i64::from(MANY)).contains(&waiting),
        "{waiting} wait for the search"
    );
    running.inputs.tell(Command::Quit);
    running.thread.join().unwrap();
}
