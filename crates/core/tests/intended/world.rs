//! A controller between recorded fakes of the desktop and the network.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use belldot_core::{
    Command, Controller, Desktop, Input, Policy,
    bell::{Bell, MenuItem},
    controller::Parts,
    desktop::Page,
    format::Format,
    inbox::{Inbox, TodoKey},
    input::{DesktopEvent, Event, Outcome, StreamUpdate},
    page::{News, Query, TodoView},
    settings::{Settings, SettingsError, SettingsFile},
    source::{Cause, Source, SourceId, StreamState},
    streams::{Delivery, Streams},
    toast::{Toast, ToastId},
};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
use tempfile::TempDir;

/// Everything that was asked of the desktop.
#[derive(Default)]
pub struct Screen {
    pub bells: Vec<Bell>,
    pub toasts: Vec<Toast>,
    pub closed: Vec<ToastId>,
    pub pages: Vec<Page>,
    pub news: Vec<News>,
    /// Those that it was told last.
    pub settings: Option<Settings>,
    pub has_quit: bool,
}

impl Desktop for Screen {
    fn show_bell(&mut self, bell: &Bell) {
        self.bells.push(bell.clone());
    }

    fn show_toast(&mut self, toast: &Toast) {
        self.closed.retain(|id| *id != toast.id);
        self.toasts.push(toast.clone());
    }

    fn close_toast(&mut self, id: &ToastId) {
        self.closed.push(id.clone());
    }

    fn open_page(&mut self, page: &Page) {
        self.pages.push(page.clone());
    }

    fn publish(&mut self, news: &News) {
        self.news.push(news.clone());
    }

    fn use_settings(&mut self, settings: &Settings) {
        self.settings = Some(settings.clone());
    }

    fn quit(&mut self) {
        self.has_quit = true;
    }
}

/// Something that was asked of the streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Start(String, String),
    Stop(String),
    TryAgain(String),
    Pause(String, bool),
    GoOnAfter(String, String),
}

/// Everything that was asked of the network.
#[derive(Default)]
pub struct Network {
    pub asked: Vec<Asked>,
    /// The addresses that streams were to ask, at a start or later.
    pub addresses: Vec<String>,
    pub deliveries: VecDeque<Delivery>,
}

impl Streams for Network {
    fn start(&mut self, source: &Source, cursor: &str) {
        self.asked
            .push(Asked::Start(source.id.0.clone(), cursor.to_owned()));
        self.addresses.push(source.url.to_string());
    }

    fn ask_next(&mut self, _: &SourceId, url: &url::Url) {
        self.addresses.push(url.to_string());
    }

    fn stop(&mut self, source: &SourceId) {
        self.asked.push(Asked::Stop(source.0.clone()));
    }

    fn try_again(&mut self, source: &SourceId) {
        self.asked.push(Asked::TryAgain(source.0.clone()));
    }

    fn pause(&mut self, source: &SourceId, paused: bool) {
        self.asked.push(Asked::Pause(source.0.clone(), paused));
    }

    fn go_on_after(&mut self, source: &SourceId, cursor: &str) {
        self.asked
            .push(Asked::GoOnAfter(source.0.clone(), cursor.to_owned()));
    }

    fn deliver(&mut self, delivery: &Delivery) {
        self.deliveries.push_back(delivery.clone());
    }
}

pub struct World {
    pub controller: Controller<Screen, Network>,
    pub now: Timestamp,
    pub folder: TempDir,
    /// Where the computer is.
    pub zone: Arc<Mutex<TimeZone>>,
    settings: Settings,
}

/// Sunday, 22 November 2026, 10:00 in Shanghai.
pub const START: &str = "2026-11-22T02:00:00Z";

impl World {
    /// One source `work` that speaks Belldot's own protocol; its stream is open.
    pub fn open() -> Self {
        let mut world = Self::of(vec![work()]);
        world.opens("work");
        world
    }

    /// These sources, started hidden, nothing connected yet.
    pub fn of(sources: Vec<Source>) -> Self {
        Self::with(
            Settings {
                sources,
                ..Settings::default()
            },
            true,
        )
    }

    pub fn with(settings: Settings, hidden: bool) -> Self {
        Self::first(tempfile::tempdir().unwrap(), settings, hidden)
    }

    /// With whatever is in this folder, the settings in their file.
    pub fn in_folder(folder: TempDir, settings: Settings) -> Self {
        let (mut file, ..) = SettingsFile::load(folder.path().join("settings.toml"));
        file.save(&settings).unwrap();
        Self::first(folder, settings, true)
    }

    fn first(folder: TempDir, mut settings: Settings, hidden: bool) -> Self {
        settings.general.language = belldot_core::settings::Language::English;
        Self::begin(folder, settings, hidden, START.parse().unwrap())
    }

    /// The program ends without a word, and starts again.
    pub fn killed_and_restarted(self) -> Self {
        let Self {
            controller,
            now,
            folder,
            settings,
            ..
        } = self;
        drop(controller);
        Self::begin(folder, settings, true, now + SignedDuration::from_secs(1))
    }

    fn begin(folder: TempDir, settings: Settings, hidden: bool, now: Timestamp) -> Self {
        let (file, _, wrong_settings) = SettingsFile::load(folder.path().join("settings.toml"));
        let parts = Parts {
            inbox: Inbox::open(folder.path().join("inbox.db")).unwrap(),
            file,
            settings: settings.clone(),
            policy: Policy::load(folder.path().join("policy.toml")),
            wrong_settings,
            hidden,
            desktop: Screen::default(),
            streams: Network::default(),
        };
        let zone = Arc::new(Mutex::new(TimeZone::get("Asia/Shanghai").unwrap()));
        let asked = zone.clone();
        let mut controller = Controller::new(parts)
            .with_zones(move || asked.lock().unwrap().clone())
            .with_chance(|| 0.5);
        controller.start(now);
        Self {
            controller,
            now,
            folder,
            zone,
            settings,
        }
    }

    pub fn say(&mut self, inputs: impl IntoIterator<Item = Input>) {
        self.controller
            .handle(inputs.into_iter().collect(), self.now);
    }

    pub fn command(&mut self, command: Command) {
        self.say([Input::Command(command)]);
    }

    pub fn hint(&mut self, hint: DesktopEvent) {
        self.say([Input::Desktop(hint)]);
    }

    /// Time passes; whatever falls due meanwhile happens at its time.
    pub fn pass(&mut self, seconds: f64) {
        let end = self.now + SignedDuration::from_millis((seconds * 1_000.0) as i64);
        while let Some(deadline) = self.controller.next_deadline().filter(|time| *time <= end) {
            // A deadline that has passed already is one that handling does not do away with.
            assert!(deadline >= self.now, "a deadline in the past");
            self.now = self.now.max(deadline);
            self.controller.handle(Vec::new(), self.now);
            assert_ne!(
                self.controller.next_deadline(),
                Some(deadline),
                "a deadline that handling does not move is a loop"
            );
        }
        self.now = end;
        self.controller.handle(Vec::new(), self.now);
    }

    /// What waited for the next frame is shown.
    pub fn settle(&mut self) {
        self.pass(0.2);
    }

    pub fn opens(&mut self, source: &str) {
        let since = self.now;
        self.is(source, StreamState::Open { since });
    }

    pub fn is(&mut self, source: &str, state: StreamState) {
        self.say([input(source, StreamUpdate::State(state))]);
        self.settle();
    }

    /// The stream waits for its next attempt in these seconds.
    pub fn waits(&mut self, source: &str, seconds: i64) {
        let until = self.now + SignedDuration::from_secs(seconds);
        self.is(
            source,
            StreamState::Waiting {
                until,
                attempt: 1,
                cause: cause("refused"),
            },
        );
    }

    /// The stream was cut off, or ended by the server itself (`ended`).
    pub fn breaks(&mut self, source: &str, code: &str) {
        let until = self.now + SignedDuration::from_secs(2);
        self.is(
            source,
            StreamState::Waiting {
                until,
                attempt: 0,
                cause: cause(code),
            },
        );
    }

    /// The opening burst of the connection is over.
    pub fn settles(&mut self, source: &str) {
        self.say([input(source, StreamUpdate::Settled)]);
    }

    /// An event, alone in its batch.
    pub fn event(&mut self, source: &str, kind: &str, data: &str, id: &str) {
        self.say([event(source, kind, data, id)]);
    }

    /// A to-do of Belldot's own protocol, alone in its batch.
    pub fn todo(&mut self, id: &str, title: &str) -> TodoKey {
        self.say([todo(id, title)]);
        self.key(title)
    }

    pub fn settings(&self) -> Settings {
        self.settings.clone()
    }

    pub fn change(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), SettingsError> {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let (reply, answer) = flume::bounded(1);
        self.command(Command::ChangeSettings {
            settings: Box::new(settings.clone()),
            reply,
        });
        let answer = answer.try_recv().unwrap();
        if answer.is_ok() {
            self.settings = settings;
        }
        answer
    }

    pub fn deliver(&mut self, outcome: Outcome) -> Delivery {
        let delivery = self
            .controller
            .streams()
            .deliveries
            .pop_front()
            .expect("a delivery");
        self.say([Input::Delivered {
            entry: delivery.entry,
            outcome,
        }]);
        delivery
    }

    pub fn screen(&mut self) -> &mut Screen {
        self.controller.desktop()
    }

    pub fn asked(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.controller.streams().asked)
    }

    pub fn bell(&mut self) -> Bell {
        self.settle();
        self.screen().bells.last().expect("a bell").clone()
    }

    pub fn unread(&mut self) -> u64 {
        self.bell().unread
    }

    /// The titles of the toasts shown since the last call.
    pub fn new_toasts(&mut self) -> Vec<String> {
        self.screen()
            .toasts
            .drain(..)
            .map(|toast| toast.title)
            .collect()
    }

    /// The sentences of the notices shown since the last call.
    pub fn new_notices(&mut self) -> Vec<String> {
        self.settle();
        let toasts = self.screen().toasts.drain(..);
        toasts
            .filter(|toast| matches!(toast.id, ToastId::Notice(_)))
            .map(|toast| toast.body)
            .collect()
    }

    pub fn zoned(&self) -> Zoned {
        self.now.to_zoned(TimeZone::get("Asia/Shanghai").unwrap())
    }

    pub fn list(&self, query: Query) -> Vec<TodoView> {
        let query = Query {
            limit: 500,
            ..query
        };
        self.controller
            .inbox()
            .list(&query, &self.zoned())
            .unwrap()
            .todos
    }

    pub fn titles(&self) -> Vec<String> {
        self.list(Query::default())
            .into_iter()
            .map(|todo| todo.title)
            .collect()
    }

    pub fn done_titles(&self) -> Vec<String> {
        let query = Query {
            done: true,
            ..Query::default()
        };
        self.list(query)
            .into_iter()
            .map(|todo| todo.title)
            .collect()
    }

    /// The key of the to-do with this title, open, snoozed or done.
    pub fn key(&self, title: &str) -> TodoKey {
        let queries = [
            Query::default(),
            Query {
                done: true,
                ..Query::default()
            },
            Query {
                snoozed: true,
                ..Query::default()
            },
        ];
        let mut todos = queries.into_iter().flat_map(|query| self.list(query));
        todos.find(|todo| todo.title == title).expect(title).key
    }
}

/// A source that speaks Belldot's own protocol.
pub fn work() -> Source {
    source("work", "Work", "https://todo.example/api/v1/events")
}

/// A source of plain text.
pub fn plain() -> Source {
    Source {
        format: Format::Text,
        ..source("plain", "Plain", "https://plain.example/stream")
    }
}

pub fn source(id: &str, name: &str, url: &str) -> Source {
    Source::new(SourceId(id.to_owned()), name, url.parse().unwrap())
}

pub fn input(source: &str, update: StreamUpdate) -> Input {
    Input::Stream {
        source: SourceId(source.to_owned()),
        update,
    }
}

pub fn event(source: &str, kind: &str, data: &str, id: &str) -> Input {
    let event = Event {
        kind: kind.to_owned(),
        data: data.to_owned(),
        id: id.to_owned(),
        own_id: !id.is_empty(),
    };
    input(source, StreamUpdate::Event(event))
}

/// An event without an `id:` field; it inherits the id of one before it.
pub fn inheriting(source: &str, data: &str, id: &str) -> Input {
    let event = Event {
        kind: "message".to_owned(),
        data: data.to_owned(),
        id: id.to_owned(),
        own_id: false,
    };
    input(source, StreamUpdate::Event(event))
}

/// A to-do of the source `work`; its event has the same id.
pub fn todo(id: &str, title: &str) -> Input {
    todo_with(id, title, "")
}

/// The same with further JSON members, each with a comma before it.
pub fn todo_with(id: &str, title: &str, more: &str) -> Input {
    let data = format!(
        r#"{{"id":"{id}","title":"{title}","created":"2026-11-22T01:00:00Z",
            "updated":"2026-11-22T01:00:00Z"{more}}}"#
    );
    event("work", "todo", &data, id)
}

pub fn cause(code: &str) -> Cause {
    Cause::parse(code, None).unwrap()
}

/// The labels of a menu; a submenu's are indented by `> `.
pub fn labels(menu: &[MenuItem]) -> Vec<String> {
    menu.iter()
        .flat_map(|item| match item {
            MenuItem::Action { label, .. } => vec![label.clone()],
            MenuItem::Line(line) => vec![format!("({line})")],
            MenuItem::Separator => vec!["—".to_owned()],
            MenuItem::Submenu { label, items } => {
                let inner = labels(items).into_iter().map(|label| format!("> {label}"));
                std::iter::once(label.clone()).chain(inner).collect()
            }
        })
        .collect()
}

/// Chooses an entry of a menu by its label.
pub fn choose(menu: &[MenuItem], wanted: &str) -> Command {
    let found = menu.iter().find_map(|item| match item {
        MenuItem::Action { label, command } if label == wanted => Some(command.clone()),
        MenuItem::Submenu { items, .. } => items.iter().find_map(|item| match item {
            MenuItem::Action { label, command } if label == wanted => Some(command.clone()),
            _ => None,
        }),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no {wanted} in {:?}", labels(menu)))
}
