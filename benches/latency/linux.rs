use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::ExitCode,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{Belldot, Figures, Home, SessionExt as _};
use zbus::{
    MatchRule,
    blocking::{Connection, MessageIterator, connection, fdo::MonitoringProxy},
};

/// The longest wait for a condition.
const LIMIT: Duration = Duration::from_secs(60);

/// In milliseconds.
const BAR: f64 = 25.0;

/// Between two events: so far apart that each is a toast of its own and not a digest.
const PAUSE: Duration = Duration::from_millis(800);

pub fn run() -> ExitCode {
    let events = env::var("BELLDOT_LATENCY_EVENTS").map_or(300, |text| text.parse().unwrap());
    let source = Source::open();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &format!("http://{}/events", source.address));
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    let mut stream = source.stream.recv_timeout(LIMIT).expect("a stream");
    session.wait_for_bell("that is connected", |bell| {
        bell.tooltip.1.contains("connected")
    });
    let seen = overhear(session.bus_address());

    let (mut bells, mut toasts) = (Vec::new(), Vec::new());
    for number in 1..=events {
        thread::sleep(PAUSE);
        // What the bell said of itself meanwhile is not an answer.
        while seen.try_recv().is_ok() {}
        let sent = Instant::now();
        write!(
            stream,
            "event: todo\nid: {number}\ndata: {{\"id\":\"{number}\",\"title\":\"To-do {number}\"}}\n\n"
        )
        .unwrap();
        let (mut bell, mut toast) = (None, None);
        while bell.is_none() || toast.is_none() {
            let (what, when) = seen.recv_timeout(LIMIT).expect("bell and toast");
            match what {
                What::Bell => bell.get_or_insert(when - sent),
                What::Toast => toast.get_or_insert(when - sent),
            };
        }
        bells.extend(bell);
        toasts.extend(toast);
    }
    let mut figures = Figures::default();
    figures.percentiles("From event to bell", bells, None, Some(BAR));
    figures.percentiles("From event to toast", toasts, None, Some(BAR));
    figures.exit_code()
}

/// The simplest server that there can be: what is measured is Belldot.
struct Source {
    address: SocketAddr,
    stream: Receiver<TcpStream>,
}

impl Source {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (opened, stream) = mpsc::channel();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
            while head.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            stream.set_nodelay(true).unwrap();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\n")
                .unwrap();
            opened.send(stream).unwrap();
        });
        Self { address, stream }
    }
}

enum What {
    /// The tray item says that it looks different.
    Bell,
    /// The notification daemon is asked to show something.
    Toast,
}

/// Listens to everything of interest on the session's bus, until that is gone.
fn overhear(bus_address: &str) -> Receiver<(What, Instant)> {
    let connection: Connection = connection::Builder::address(bus_address)
        .unwrap()
        .build()
        .unwrap();
    let rules = [
        "type='signal',interface='org.kde.StatusNotifierItem',member='NewTitle'",
        "type='signal',interface='org.kde.StatusNotifierItem',member='NewIcon'",
        "type='method_call',interface='org.freedesktop.Notifications',member='Notify'",
    ];
    let rules: Vec<_> = rules
        .map(|rule| MatchRule::try_from(rule).unwrap())
        .to_vec();
    let monitoring = MonitoringProxy::new(&connection).unwrap();
    monitoring.become_monitor(&rules, 0).unwrap();
    let (heard, seen) = mpsc::channel();
    thread::spawn(move || {
        for message in MessageIterator::from(connection).flatten() {
            let now = Instant::now();
            let header = message.header();
            let what = match header.member().map(|member| member.as_str()) {
                Some("NewTitle" | "NewIcon") => What::Bell,
                Some("Notify") => What::Toast,
                _ => continue,
            };
            if heard.send((what, now)).is_err() {
                return;
            }
        }
    });
    seen
}
