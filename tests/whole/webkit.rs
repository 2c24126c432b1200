//! WebKit is there for windows, and only for them.

use std::fs;

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

#[test]
fn a_belldot_that_only_waits_has_not_loaded_webkit() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Hand in the weekly report");
    session.wait_for_toast("Hand in the weekly report");
    assert!(!has_loaded(belldot.pid(), "libwebkit2gtk"));
    assert!(!has_loaded(belldot.pid(), "libjavascriptcoregtk"));

    Belldot::start(&session, &home, &["open"]).wait_for_end();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    assert!(has_loaded(belldot.pid(), "libwebkit2gtk"));
}

#[test]
fn without_webkit_the_bell_rings_and_a_toast_says_why_there_is_no_window() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let broken = session.folder().join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("libwebkit2gtk-4.1.so.0"), "no library").unwrap();
    let mut command = home.command(&session, &["--hidden"]);
    let mut belldot = Belldot::run(command.env("LD_LIBRARY_PATH", &broken));
    server.wait_for_connections(1);
    server.post("Hand in the weekly report");
    session.wait_for_title("1 unread to-do");

    Belldot::start(&session, &home, &["open"]).wait_for_end();
    session.wait_for_toast("cannot open a window");
    server.post("Approve travel expenses");
    session.wait_for_title("2 unread to-dos");
    belldot.quit(&session);
}

#[test]
fn a_window_that_is_asked_for_twice_at_a_time_has_one_web_process() {
    let server = BelldotServer::start(&[]);
    // Without a panel Belldot asks for the window too.
    let session = Session::start(SessionOptions::default().without_panel()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["open"]);
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    let processes = session.processes().into_iter();
    let web = processes.filter(|process| process.name == "WebKitWebProcess");
    assert_eq!(web.count(), 1);
}

#[test]
fn the_last_window_closed_leaves_none_of_webkits_processes_and_the_next_one_opens() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let _belldot = Belldot::start(&session, &home, &["open"]);
    for _ in 0..2 {
        let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
        session.close_window(&window).unwrap();
        session.wait_for_no_process("WebKitWebProcess");
        session.wait_for_no_process("WebKitNetworkProcess");
        Belldot::start(&session, &home, &["open"]).wait_for_end();
    }
    session.wait_for_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn what_a_window_needed_from_the_disk_is_read_ahead_for_the_next_one() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let note = home.data().join("ahead.json");
    let mut belldot = Belldot::start(&session, &home, &["open"]);
    wait_until("it is noted what the window needs", LIMIT, || note.exists()).unwrap();
    belldot.quit(&session);
    let noted = fs::read_to_string(&note).unwrap();
    assert!(noted.contains("libwebkit2gtk"), "{noted}");
    // Only the web process has it.
    assert!(noted.contains("/WebKitWebProcess\""), "{noted}");
    assert!(
        !home.logs().contains("read ahead bytes="),
        "{}",
        home.logs()
    );

    let _belldot = Belldot::start(&session, &home, &["open"]);
    wait_until("all that is read ahead", LIMIT, || {
        home.logs().contains("read ahead bytes=")
    })
    .unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn a_note_of_what_a_window_needs_that_is_damaged_is_passed_over_and_written_anew() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let note = home.data().join("ahead.json");
    fs::create_dir_all(home.data()).unwrap();
    fs::write(&note, "[{\"file\":").unwrap();
    let _belldot = Belldot::start(&session, &home, &["open"]);
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    wait_until("it is noted anew", LIMIT, || {
        fs::read_to_string(&note).unwrap().contains("libwebkit2gtk")
    })
    .unwrap();
}

/// Whether a process has a library in its memory.
fn has_loaded(pid: u32, library: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/maps"))
        .unwrap()
        .contains(library)
}
