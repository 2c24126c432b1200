//! Windows are shown by a process of their own: the bell has no part of the toolkits, and what
//! happens to that process takes nothing along.

use std::{fs, process::Command};

use belldot_session::{Button, DesktopWindow, Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

const TODOS: &str = "My to-dos";

#[test]
fn the_bell_loads_no_toolkit_not_even_with_a_window_open() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let belldot = Belldot::start(&session, &home, &["open"]);
    let window = session.wait_for_window(TODOS, LIMIT).unwrap();
    assert!(belldot.has(&window));
    assert!(has_loaded(window.pid, "libwebkit2gtk"));
    for library in ["libwebkit2gtk", "libjavascriptcoregtk", "libgtk", "libgdk"] {
        assert!(!has_loaded(belldot.pid(), library), "{library}");
    }
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
fn a_window_that_is_closed_and_soon_asked_for_again_is_shown_by_the_same_process() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let _belldot = Belldot::start(&session, &home, &["open"]);
    let first = session.wait_for_window(TODOS, LIMIT).unwrap();
    close(&session, &first);
    Belldot::start(&session, &home, &["open"]).wait_for_end();
    let second = session.wait_for_window(TODOS, LIMIT).unwrap();
    assert_eq!(second.pid, first.pid);
}

#[test]
fn a_while_after_the_last_window_nothing_of_its_process_is_left_and_the_next_one_opens() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let belldot = Belldot::start(&session, &home, &["open"]);
    let first = session.wait_for_window(TODOS, LIMIT).unwrap();
    close(&session, &first);
    for name in ["belldot-window", "WebKitWebProcess", "WebKitNetworkProcess"] {
        session.wait_for_no_process(name);
    }
    Belldot::start(&session, &home, &["open"]).wait_for_end();
    let second = session.wait_for_window(TODOS, LIMIT).unwrap();
    assert_ne!(second.pid, first.pid);
    assert!(belldot.has(&second));
    wait_until("it is where it was", LIMIT, || {
        session
            .windows(TODOS)
            .unwrap()
            .pop()
            .is_some_and(|window| window.area == first.area)
    })
    .unwrap();
}

#[test]
fn a_window_process_that_is_killed_takes_nothing_along_and_the_next_click_opens() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let mut belldot = Belldot::start(&session, &home, &["open"]);
    server.wait_for_connections(1);
    for number in 1..=3 {
        let window = session.wait_for_window(TODOS, LIMIT).unwrap();
        kill(window.pid);
        session.wait_for_no_window(TODOS, LIMIT).unwrap();
        server.post(&format!("To-do {number}"));
        session.wait_for_title(&match number {
            1 => "1 unread to-do".to_owned(),
            more => format!("{more} unread to-dos"),
        });
        assert_eq!(server.connections(), 1);
        session.click_tray(&session.bell(), Button::Left).unwrap();
    }
    session.wait_for_window(TODOS, LIMIT).unwrap();
    belldot.quit(&session);
}

#[test]
fn a_window_process_that_is_killed_while_it_starts_is_followed_by_another() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    let _asking = Belldot::start(&session, &home, &["open"]);
    let started = || {
        let all = session.processes().into_iter();
        all.filter(|process| process.name == "belldot-window")
            .map(|process| process.pid)
            .next()
    };
    wait_until("it starts", LIMIT, || started().is_some()).unwrap();
    kill(started().unwrap());
    Belldot::start(&session, &home, &["open"]).wait_for_end();
    let window = session.wait_for_window(TODOS, LIMIT).unwrap();
    assert!(belldot.has(&window));
}

#[test]
fn a_window_does_not_outlive_a_bell_that_is_killed() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut belldot = Belldot::start(&session, &home, &["open"]);
    session.wait_for_window(TODOS, LIMIT).unwrap();
    belldot.kill();
    for name in ["belldot-window", "WebKitWebProcess", "WebKitNetworkProcess"] {
        session.wait_for_no_process(name);
    }
}

#[test]
fn quitting_ends_the_windows_too() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut belldot = Belldot::start(&session, &home, &["open"]);
    session.wait_for_window(TODOS, LIMIT).unwrap();
    belldot.quit(&session);
    session.wait_for_no_process("belldot-window");
}

#[test]
fn belldot_starts_and_opens_a_window_under_another_allocator() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let allocator = fs::read_dir("/usr/lib/x86_64-linux-gnu")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.ends_with("libjemalloc.so.2"))
        .expect("libjemalloc2 is installed by `cargo xtask setup`");
    let mut command = home.command(&session, &["open"]);
    let mut belldot = Belldot::run(command.env("LD_PRELOAD", allocator));
    session.wait_for_window(TODOS, LIMIT).unwrap();
    assert!(has_loaded(belldot.pid(), "libjemalloc"));
    belldot.quit(&session);
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

fn close(session: &Session, window: &DesktopWindow) {
    session.close_window(window).unwrap();
    session.wait_for_no_window(&window.title, LIMIT).unwrap();
}

fn kill(process: u32) {
    let killed = Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(killed.unwrap().success());
}

/// Whether a process has a library in its memory.
fn has_loaded(pid: u32, library: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/maps"))
        .unwrap()
        .contains(library)
}
