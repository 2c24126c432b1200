//! How Belldot starts, is told something from outside, and ends.

use std::process::Command;

use belldot_session::{Session, SessionOptions};

use crate::{
    LIMIT,
    belldot::{Belldot, Home, Seen as _},
    server::Server,
};

#[test]
fn a_signal_to_end_closes_the_stream_and_ends_it_well() {
    for signal in ["TERM", "INT", "HUP"] {
        let server = Server::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events());
        let mut belldot = Belldot::start(&session, &home, &["open"]);
        server.wait_for_connections(1);
        session.wait_for_window("My to-dos", LIMIT).unwrap();

        let pid = belldot.pid().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(sent.unwrap().success());
        assert!(belldot.wait_for_end().success(), "after {signal}");
        assert_eq!(server.connections(), 0, "after {signal}");
        session.wait_for_no_process("WebKitWebProcess");
    }
}

#[test]
fn open_and_settings_and_quit_reach_the_running_one() {
    let server = Server::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let mut first = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);

    for (verb, title) in [("open", "My to-dos"), ("settings", "Belldot settings")] {
        let mut second = Belldot::start(&session, &home, &[verb]);
        assert!(second.wait_for_end().success(), "{verb}");
        let window = session.wait_for_window(title, LIMIT).unwrap();
        assert_eq!(window.pid, first.pid(), "{verb}");
    }
    let mut plain = Belldot::start(&session, &home, &[]);
    assert!(plain.wait_for_end().success());
    assert_eq!(session.windows("My to-dos").unwrap().len(), 1);
    assert_eq!(server.connections(), 1);

    let mut last = Belldot::start(&session, &home, &["quit"]);
    assert!(last.wait_for_end().success());
    assert!(first.wait_for_end().success());
    assert_eq!(server.connections(), 0);
}

#[test]
fn open_and_settings_start_it_where_none_runs() {
    for (verb, title) in [("open", "My to-dos"), ("settings", "Belldot settings")] {
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
        let belldot = Belldot::start(&session, &home, &[verb]);
        let window = session.wait_for_window(title, LIMIT).unwrap();
        assert_eq!(window.pid, belldot.pid());
        session.bell();
        assert_eq!(
            session.windows("").unwrap().len(),
            1,
            "{verb} opens that alone"
        );
    }
}

#[test]
fn quit_where_none_runs_ends_without_a_trace() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut belldot = Belldot::start(&session, &home, &["quit"]);
    assert!(belldot.wait_for_end().success());
    assert!(session.tray_items().unwrap().is_empty());
    assert_eq!(session.notifications(), []);
    assert!(!home.inbox().path().exists());
}

#[test]
fn a_hidden_start_shows_the_bell_and_no_window() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(&session, "");
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_title("Belldot");
    assert_eq!(session.windows("").unwrap(), []);
}
