//! What goes wrong is said in a sentence, and nothing is lost.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener},
    thread,
};

use belldot_session::{MenuEntry, Session, SessionOptions, TrayItem};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

#[test]
fn a_wrong_settings_file_is_named_with_its_line_and_stays_untouched() {
    const WRONG: &str = "[general]\nlanguage = \"en\"\nautostart = \"perhaps\"\n";
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(&session, WRONG);
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    let toast = session.wait_for_toast("settings.toml");
    assert!(
        toast.body.contains("settings.toml") && toast.body.contains('3'),
        "{toast:?}"
    );
    assert_eq!(home.settings(), WRONG);
}

#[test]
fn what_a_server_says_is_clean_short_and_without_secrets_on_the_bell_in_its_menu_and_in_the_log() {
    // Turned writing, what may be a secret, and far too much of it.
    let said = format!("\u{202e}?token=LOCSECRET{}", "A".repeat(100_000));
    let heads = [
        format!("302 Found\r\nLocation: http://[/{said}"),
        format!("503 {said}"),
        format!("200 OK\r\nContent-Type: text/{said}"),
    ];
    let session = Session::start(SessionOptions::default()).unwrap();
    let mut sources = String::new();
    for (number, head) in heads.into_iter().enumerate() {
        let url = answers_with(head);
        let id = format!("work{number}");
        writeln!(
            sources,
            "[[sources]]\nid = \"{id}\"\nname = \"{id}\"\nurl = \"http://{url}/\""
        )
        .unwrap();
    }
    let home = Home::with_settings(&session, &sources);
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    let words = ["points somewhere", "answered 503", "not an event stream"];
    let bell = session.wait_for_bell("that says why of each", |bell| {
        let shown = shown(bell);
        words.iter().all(|said| shown.contains(said))
    });
    let mut seen = shown(&bell);
    for entry in session.tray_menu(&bell).unwrap() {
        write_labels(&mut seen, &entry);
    }
    belldot.quit(&session);
    let logs = home.logs();
    assert!(logs.contains("work"), "{logs}");
    seen.push_str(&logs);
    assert!(!seen.contains("LOCSECRET"), "{seen}");
    assert!(!seen.contains('\u{202e}'), "{seen}");
    let longest = seen.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(1_000), "{longest:?}");
}

fn shown(bell: &TrayItem) -> String {
    format!("{}\n{}\n{}\n", bell.title, bell.tooltip.0, bell.tooltip.1)
}

fn write_labels(to: &mut String, entry: &MenuEntry) {
    writeln!(to, "{}", entry.label).unwrap();
    for inner in &entry.entries {
        write_labels(to, inner);
    }
}

/// A server that answers every request with this head.
fn answers_with(head: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = BufReader::new(stream.try_clone().unwrap()).lines();
            while request.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            // Belldot may have gone.
            let _ = write!(
                stream,
                "HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    address
}

#[test]
fn a_taken_port_ends_the_demo_with_a_sentence() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let home = Home::with_settings(&session, "");
    let output = home
        .command(&session, &["demo", "--listen", &address])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(said.contains(&address), "{said}");
}

#[test]
fn without_a_tray_host_a_window_says_so() {
    let session = Session::start(SessionOptions::default().without_panel()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast("No tray");
    session.wait_for_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn without_a_notification_daemon_the_bell_still_counts() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Nobody announces this");
    session.wait_for_title("1 unread to-do");
}

#[test]
fn an_unreachable_server_and_one_that_is_no_stream_are_told_in_words() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let not_a_stream = server.events().replace("/events", "/todos");
    let home = Home::with_settings(
        &session,
        &format!(
            "[[sources]]\nid = \"a\"\nname = \"Nobody\"\nurl = \"http://127.0.0.1:9/\"\n\
             [[sources]]\nid = \"b\"\nname = \"Page\"\nurl = \"{not_a_stream}\"\n"
        ),
    );
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_bell("that names both causes", |item| {
        let said = &item.tooltip.1;
        said.contains("Nobody")
            && said.contains("nothing answers")
            && said.contains("not an event stream")
    });
}
