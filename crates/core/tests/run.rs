//! The controller's thread: it ends when asked, and works while nobody asks anything.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use belldot_core::{
    Command, Controller, Desktop, Input,
    bell::Bell,
    controller::{self, Parts},
    desktop::Page,
    inbox::{Inbox, Reader},
    input::{Event, StreamUpdate},
    page::{News, Query},
    settings::{Settings, SettingsFile},
    source::{Source, SourceId},
    streams::{Delivery, Streams},
    toast::{Toast, ToastId},
};
use tempfile::TempDir;

#[derive(Clone, Default)]
struct Screen(Arc<Mutex<(u64, bool)>>);

impl Desktop for Screen {
    fn show_bell(&mut self, bell: &Bell) {
        self.0.lock().unwrap().0 = bell.unread;
    }

    fn show_toast(&mut self, _: &Toast) {}
    fn close_toast(&mut self, _: &ToastId) {}
    fn open_page(&mut self, _: &Page) {}
    fn publish(&mut self, _: &News) {}

    fn quit(&mut self) {
        self.0.lock().unwrap().1 = true;
    }
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
    inputs: flume::Sender<Input>,
    thread: JoinHandle<()>,
    screen: Screen,
    folder: TempDir,
}

fn start() -> Running {
    let folder = tempfile::tempdir().unwrap();
    let (file, ..) = SettingsFile::load(folder.path().join("settings.toml"));
    let url = "https://todo.example/api/v1/events".parse().unwrap();
    let source = Source::new(SourceId("work".to_owned()), "Work", url);
    let screen = Screen::default();
    let controller = Controller::new(Parts {
        inbox: Inbox::open(folder.path().join("inbox.db")).unwrap(),
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
    let (inputs, waiting) = flume::bounded(16);
    let thread = std::thread::spawn(move || controller::run(controller, &waiting));
    Running {
        inputs,
        thread,
        screen,
        folder,
    }
}

fn todo(id: usize) -> Input {
    let event = Event {
        kind: "todo".to_owned(),
        data: format!(r#"{{"id":"{id}","title":"Contract {id}"}}"#),
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
    running.inputs.send(Input::Command(Command::Quit)).unwrap();
    running.thread.join().unwrap();
    assert!(running.screen.0.lock().unwrap().1);
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
    assert!(screen.0.lock().unwrap().1);
}

#[test]
fn a_backlog_ends_at_the_right_count_and_is_indexed_while_nothing_happens() {
    let running = start();
    for id in 0..2_000 {
        running.inputs.send(todo(id)).unwrap();
    }
    wait_until("the right count", || {
        running.screen.0.lock().unwrap().0 == 2_000
    });
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
    running.inputs.send(Input::Command(Command::Quit)).unwrap();
    running.thread.join().unwrap();
}
