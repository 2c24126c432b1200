//! What goes wrong is said in a sentence, and nothing is lost.

use std::net::TcpListener;

use belldot_session::{Session, SessionOptions};

use crate::{
    LIMIT,
    belldot::{Belldot, Home, Seen as _},
    server::Server,
};

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
    let server = Server::start(&[]);
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Nobody announces this");
    session.wait_for_title("1 unread to-do");
}

#[test]
fn an_unreachable_server_and_one_that_is_no_stream_are_told_in_words() {
    let server = Server::start(&[]);
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
