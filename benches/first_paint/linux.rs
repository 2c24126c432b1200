use std::{
    hint,
    ops::Range,
    path::Path,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use belldot_core::{
    format::{self, Cursor, Format},
    inbox::{Edit, Inbox, SourceEntry},
    input::Event,
    source::SourceId,
};
use belldot_session::{Area, Session, SessionOptions};
use belldot_testkit::{Belldot, BelldotServer, Figures, Home, SessionExt as _, sample_todo};
use jiff::Timestamp;
use x11rb::{
    connection::Connection as _,
    protocol::{
        xproto::{
            BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, ImageFormat,
            MOTION_NOTIFY_EVENT, Window,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

/// The longest wait for a condition.
const LIMIT: Duration = Duration::from_secs(60);

const MANY: u64 = 100_000;
const WINDOW: &str = "My to-dos";
const ROUNDS: usize = 6;
/// In milliseconds.
const BAR: f64 = 700.0;

/// Between two rounds. Longer than Belldot keeps in memory what only a window needs.
const PAUSE: Duration = Duration::from_secs(15);

/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(10);

/// Where titles stand, in pixels from the window's left edge.
const TITLES: Range<i32> = 48..112;

/// Until nothing of a new window changes any longer.
const FINISHED: Duration = Duration::from_secs(3);

/// So much of the finished window's text is on the screen at its first paint.
const MOST: f64 = 0.9;

pub fn run() -> ExitCode {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    println!("filling an inbox with {MANY} to-dos …");
    fill(home.inbox().path());
    let screen = Screen::of(&session);

    // Once for the place at which it then opens, and for how it looks when it is finished.
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    screen.click(bell(&session));
    let area = session.wait_for_window(WINDOW, LIMIT).unwrap().area;
    thread::sleep(FINISHED);
    // Looking at all of the window all the time would keep the screen from being painted.
    let titles = Area {
        x: area.x + TITLES.start,
        width: TITLES.end.abs_diff(TITLES.start),
        ..area
    };
    let (finished, finished_titles) = (screen.ink(area), screen.ink(titles));
    assert!(finished > 1_000, "the window shows nothing");
    close(&session);
    let empty = screen.ink(area);
    assert!((empty as f64) < finished as f64 / 4.0, "it does not close");
    let shows = |area, ink| screen.ink(area) as f64 >= ink as f64 * MOST;

    let mut pace = Pace::measured();
    let mut painted = || {
        let bell = bell(&session);
        pace.reach();
        let clicked = Instant::now();
        screen.click(bell);
        while !(shows(titles, finished_titles) && shows(area, finished)) {
            assert!(clicked.elapsed() < LIMIT, "nothing is painted");
            thread::sleep(LOOK);
        }
        let time = clicked.elapsed();
        thread::sleep(FINISHED);
        assert_eq!(session.wait_for_window(WINDOW, LIMIT).unwrap().area, area);
        close(&session);
        time
    };
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        belldot.quit(&session);
        belldot = Belldot::start(&session, &home, &["--hidden"]);
        thread::sleep(PAUSE);
        first.push(painted());
        thread::sleep(PAUSE);
        later.push(painted());
    }
    pace.tell();
    let mut figures = Figures::default();
    figures.percentiles("From click to to-dos, first time", first, None, Some(BAR));
    figures.percentiles("From click to to-dos, later", later, None, Some(BAR));
    figures.exit_code()
}

/// The inbox of somebody who was long away, with everything indexed.
fn fill(path: &Path) {
    let mut inbox = Inbox::open(path).unwrap();
    let work = || SourceId("work".to_owned());
    let entry = SourceEntry {
        id: work(),
        name: "Work".to_owned(),
        api: true,
    };
    let edits: Vec<Edit> = (0..MANY)
        .map(|at| {
            let mut todo = sample_todo(at);
            todo["id"] = at.to_string().into();
            let event = Event {
                kind: "todo".to_owned(),
                data: todo.to_string(),
                id: String::new(),
                own_id: false,
            };
            Edit::Arrived {
                source: work(),
                changes: format::decode(&Format::Todo, &event).changes,
                cursor: Cursor::Stays,
                event_id: None,
                opening: false,
            }
        })
        .collect();
    let now = Timestamp::now();
    inbox.commit(&[Edit::Sources(vec![entry])], now).unwrap();
    for some in edits.chunks(1_000) {
        inbox.commit(some, now).unwrap();
    }
    inbox.commit(&[Edit::Announced], now).unwrap();
    while inbox.index_some().unwrap() {}
}

/// The middle of the bell.
fn bell(session: &Session) -> (i32, i32) {
    let bell = session.wait_for_bell("with its number", |bell| bell.title.contains("unread"));
    session.tray_position(&bell).unwrap().centre()
}

fn close(session: &Session) {
    let window = session.wait_for_window(WINDOW, LIMIT).unwrap();
    session.close_window(&window).unwrap();
    session.wait_for_no_window(WINDOW, LIMIT).unwrap();
}

/// How quick the machine is, by a plain loop on each of its processors.
struct Pace {
    best: Duration,
    /// How often it was not reached.
    missed: usize,
}

impl Pace {
    /// As it is at best over some seconds.
    fn measured() -> Self {
        let loops = (0..100).map(|_| Self::plain_loops());
        Self {
            best: loops.min().unwrap(),
            missed: 0,
        }
    }

    /// Keeps the machine busy until it has this pace for some loops in a row, at most for seconds.
    fn reach(&mut self) {
        const ENOUGH: usize = 5;
        const MOST: usize = 300;
        let mut reached = 0;
        for _ in 0..MOST {
            let took = Self::plain_loops();
            reached = if took < self.best * 5 / 4 {
                reached + 1
            } else {
                0
            };
            if reached == ENOUGH {
                return;
            }
        }
        self.missed += 1;
    }

    fn tell(&self) {
        let Self { best, missed } = self;
        println!("plain loop {best:.1?}; pace not reached before {missed} clicks");
    }

    fn plain_loops() -> Duration {
        let begun = Instant::now();
        let processors = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..processors {
                scope.spawn(|| (0..50_000_000_u64).fold(1, |sum, at| hint::black_box(sum ^ at)));
            }
        });
        begun.elapsed()
    }
}

/// The session's screen, looked at often.
struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    fn of(session: &Session) -> Self {
        let command = session.command("true");
        let mut environment = command.get_envs();
        let display = environment.find(|(name, _)| *name == "DISPLAY");
        let display = display.and_then(|(_, value)| value?.to_str()).unwrap();
        let (connection, screen) = x11rb::connect(Some(display)).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// Clicks there, without the time that a program for it would take to start.
    fn click(&self, at: (i32, i32)) {
        const LEFT: u8 = 1;
        self.fake(MOTION_NOTIFY_EVENT, 0, at);
        self.fake(BUTTON_PRESS_EVENT, LEFT, at);
        self.fake(BUTTON_RELEASE_EVENT, LEFT, at);
    }

    fn fake(&self, event: u8, detail: u8, (x, y): (i32, i32)) {
        let (x, y) = (x.try_into().unwrap(), y.try_into().unwrap());
        let faked = self
            .connection
            .xtest_fake_input(event, detail, 0, self.root, x, y, 0);
        faked.unwrap().check().unwrap();
    }

    /// How many pixels are as dark as text.
    fn ink(&self, area: Area) -> usize {
        let picture = self.connection.get_image(
            ImageFormat::Z_PIXMAP,
            self.root,
            area.x.try_into().unwrap(),
            area.y.try_into().unwrap(),
            area.width.try_into().unwrap(),
            area.height.try_into().unwrap(),
            !0,
        );
        let pixels = picture.unwrap().reply().unwrap().data;
        let dark = |pixel: &&[u8]| pixel[..3].iter().all(|colour| *colour < 128);
        pixels.chunks_exact(4).filter(dark).count()
    }
}
