use std::{
    env,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    net::{SocketAddr, TcpListener},
    os::unix::net::UnixStream,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use belldot_session::{Button, Session, SessionOptions};
use belldot_testkit::{Belldot, Figures, Home, SessionExt as _, sample_todo};

/// The longest wait for a condition.
const LIMIT: Duration = Duration::from_secs(180);

/// In milliseconds.
const CLICK_BAR: f64 = 50.0;
const QUIT_BAR: f64 = 2_000.0;

const BETWEEN_CLICKS: Duration = Duration::from_secs(1);

pub fn run() -> ExitCode {
    let many = env::var("BELLDOT_CLICKS_TODOS").map_or(100_000, |text| text.parse().unwrap());
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &format!("http://{}/events", serve(many)));
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    // A real click on the bell makes the window.
    let bell = session.wait_for_bell("with to-dos", |bell| bell.title.contains("unread"));
    session.click_tray(&bell, Button::Left).unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();

    let begun = Instant::now();
    let mut clicks = Vec::new();
    while session.bell().title != format!("{many} unread to-dos") {
        assert!(begun.elapsed() < LIMIT, "{}", session.bell().title);
        let click = Instant::now();
        open(&home);
        clicks.push(click.elapsed());
        thread::sleep(BETWEEN_CLICKS.saturating_sub(click.elapsed()));
    }
    let mut figures = Figures::default();
    figures.tell("clicks within the backlog", clicks.len() as f64, "");
    figures.percentiles("a click is taken up", clicks, None, Some(CLICK_BAR));

    // The search is being made ready now, and the disk is busy.
    let begun = Instant::now();
    let mut quit = Belldot::start(&session, &home, &["quit"]);
    assert!(belldot.wait_for_end().success());
    let ended = begun.elapsed().as_secs_f64() * 1e3;
    assert!(quit.wait_for_end().success());
    figures.at_most("quits within", ended, QUIT_BAR, "ms");
    figures.exit_code()
}

/// Wants to see the to-dos, as a second start does: answered once they are opened, or in front.
/// It goes in where a click on the bell does, which nobody answers.
fn open(home: &Home) {
    let mut running = UnixStream::connect(home.data().join("belldot.sock")).unwrap();
    running.set_read_timeout(Some(LIMIT)).unwrap();
    writeln!(running, r#"{{"wish":"open"}}"#).unwrap();
    let mut answer = String::new();
    BufReader::new(running).read_line(&mut answer).unwrap();
    assert_eq!(answer, "{\"Ok\":null}\n");
}

/// A server of so many to-dos that sends as quickly as it can.
fn serve(many: u64) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
            while head.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let mut stream = BufWriter::new(stream);
            let sent = (|| {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                )?;
                for at in 0..many {
                    let mut todo = sample_todo(at);
                    todo["id"] = at.to_string().into();
                    write!(stream, "event: todo\nid: {}\ndata: {todo}\n\n", at + 1)?;
                }
                stream.flush()
            })();
            // Belldot has ended where it failed.
            if sent.is_ok() {
                thread::sleep(LIMIT);
            }
        }
    });
    address
}
