//! Windows: remembered, found at the right place, outlived by the streams.

use belldot_session::{DesktopWindow, Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

use crate::page::Driver;

#[test]
fn a_window_comes_back_where_and_as_large_as_it_was() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut belldot = Belldot::start(&session, &home, &["open"]);
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
    let moved = move_to(&session, &window, (120, 80, 600, 560));

    // Closed and opened again, and over a new start.
    session.close_window(&moved).unwrap();
    session.wait_for_no_window("My to-dos", LIMIT).unwrap();
    let mut second = Belldot::start(&session, &home, &["open"]);
    assert!(second.wait_for_end().success());
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    wait_for_area(&session, moved.area);
    // Moved once more, and open at the end.
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
    let moved = move_to(&session, &window, (200, 130, 640, 580));
    belldot.quit(&session);
    let mut next = Belldot::start(&session, &home, &["open"]);
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    wait_for_area(&session, moved.area);
    next.quit(&session);
}

#[test]
fn a_web_process_that_dies_leaves_the_stream_alive_and_a_click_away_from_a_new_window() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    server.post("Hand in the weekly report");
    let page = Driver::start(&session, &home, &["open"]).page();
    // WebKit itself gives up where its process dies before it has begun.
    page.wait_for("[data-todo-key]");
    server.wait_for_connections(1);
    assert!(kill(&session, "WebKitWebProcess"));

    session.wait_for_no_window("My to-dos", LIMIT).unwrap();
    let toast = session.wait_for_toast("ended unexpectedly");
    assert_eq!(server.connections(), 1, "the stream outlives the window");
    session.choose_action(toast.id, "default").unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    server.post("Approve travel expenses");
    session.wait_for_title("2 unread to-dos");
    Belldot::start(&session, &home, &["quit"]).wait_for_end();
}

/// Moves a window to a place and a size, as a person does; answers how it stands then.
fn move_to(
    session: &Session,
    window: &DesktopWindow,
    (x, y, width, height): (i32, i32, u32, u32),
) -> DesktopWindow {
    let place = format!("0,{x},{y},{width},{height}");
    let mut wmctrl = session.command("wmctrl");
    wmctrl.args(["-i", "-r", &window.id.to_string(), "-e", &place]);
    assert!(wmctrl.status().unwrap().success());
    wait_until("the window has moved", LIMIT, || {
        let found = session.windows(&window.title).unwrap();
        found.first().is_some_and(|found| found.area.width == width)
    })
    .unwrap();
    session.wait_for_window(&window.title, LIMIT).unwrap()
}

fn wait_for_area(session: &Session, area: belldot_session::Area) {
    let mut last = None;
    let waited = wait_until("the window is where it was", LIMIT, || {
        last = session.windows("My to-dos").unwrap().pop();
        last.as_ref().is_some_and(|window| window.area == area)
    });
    waited.unwrap_or_else(|error| panic!("{error}: {area:?}, but it is {last:?}"));
}

/// Kills the session's processes of this name; whether there was one.
fn kill(session: &Session, name: &str) -> bool {
    let found: Vec<_> = session
        .processes()
        .into_iter()
        .filter(|process| process.name == name)
        .collect();
    for process in &found {
        let pid = process.pid.to_string();
        let _ = std::process::Command::new("kill")
            .args(["-9", &pid])
            .status();
    }
    !found.is_empty()
}
