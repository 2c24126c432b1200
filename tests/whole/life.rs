//! How Belldot starts, is told something from outside, and ends.

use std::process::{Command, Stdio};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _, program};

#[test]
fn a_signal_to_end_closes_the_stream_and_ends_it_well() {
    for signal in ["TERM", "INT", "HUP"] {
        let server = BelldotServer::start(&[]);
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
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let mut first = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);

    for (verb, title) in [("open", "My to-dos"), ("settings", "Belldot settings")] {
        let mut second = Belldot::start(&session, &home, &[verb]);
        assert!(second.wait_for_end().success(), "{verb}");
        let window = session.wait_for_window(title, LIMIT).unwrap();
        assert!(first.has(&window), "{verb}");
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
        assert!(belldot.has(&window));
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

#[test]
fn a_second_hidden_start_opens_nothing() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let _first = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    let mut second = Belldot::start(&session, &home, &["--hidden"]);
    assert!(second.wait_for_end().success());
    assert_eq!(session.windows("").unwrap(), []);
}

#[test]
fn two_profiles_have_a_bell_each_and_each_quits_its_own() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let [one, other] = ["one", "other"].map(|name| Home::named(&session, name, ""));
    let mut first = Belldot::start(&session, &one, &["--hidden"]);
    let mut second = Belldot::start(&session, &other, &["--hidden"]);
    wait_for_bells(&session, 2);
    let mut quit = Belldot::start(&session, &other, &["quit"]);
    assert!(quit.wait_for_end().success());
    assert!(second.wait_for_end().success());
    wait_for_bells(&session, 1);
    let mut open = Belldot::start(&session, &one, &["open"]);
    assert!(open.wait_for_end().success());
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
    assert!(first.has(&window));
    first.quit(&session);
}

#[test]
fn the_demo_runs_beside_a_belldot_and_a_second_one_says_that_it_does() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(&session, "");
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    let demo = || {
        let mut command = session.command(program("belldot"));
        command.arg("demo");
        command
    };
    let _demo = Belldot::run(demo().stdout(Stdio::null()));
    wait_for_bells(&session, 2);
    let second = demo().output().unwrap();
    assert!(second.status.success());
    let said = String::from_utf8_lossy(&second.stdout).into_owned();
    assert!(said.contains("already running"), "{said}");
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    wait_for_bells(&session, 2);
}

#[test]
fn quit_reaches_the_running_one_from_a_terminal_without_display_and_bus() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut first = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    let quit = without_a_desktop(&mut home.command(&session, &["quit"]))
        .output()
        .unwrap();
    assert!(quit.status.success(), "{quit:?}");
    assert!(first.wait_for_end().success());
}

#[test]
fn without_a_display_belldot_says_so_and_does_not_start() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let start = without_a_desktop(&mut home.command(&session, &["--hidden"]))
        .output()
        .unwrap();
    assert_eq!(start.status.code(), Some(1), "{start:?}");
    let said = String::from_utf8_lossy(&start.stderr).into_owned();
    assert!(said.contains("there is no display here"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn without_a_session_bus_belldot_keeps_a_window() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut command = home.command(&session, &["--hidden"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    let mut belldot = Belldot::run(&mut command);
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
    assert!(belldot.has(&window));
    let mut quit = Belldot::start(&session, &home, &["quit"]);
    assert!(quit.wait_for_end().success());
    assert!(belldot.wait_for_end().success());
}

fn without_a_desktop(command: &mut Command) -> &mut Command {
    command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
}

fn wait_for_bells(session: &Session, count: usize) {
    wait_until(&format!("{count} bells hang on the panel"), LIMIT, || {
        session.tray_items().is_ok_and(|items| items.len() == count)
    })
    .unwrap();
}
