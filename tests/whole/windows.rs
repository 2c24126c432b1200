//! Windows: one of each kind, made when asked for, gone when closed.

use belldot_session::{Button, Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

const TODOS: &str = "My to-dos";
const SETTINGS: &str = "Belldot settings";

#[test]
fn a_window_that_is_open_already_comes_to_the_front_instead_of_a_second_one() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let _belldot = Belldot::start(&session, &home, &["open"]);
    let todos = session.wait_for_window(TODOS, LIMIT).unwrap();
    let bell = session.bell();
    session.choose(&bell, "Settings").unwrap();
    let settings = session.wait_for_window(SETTINGS, LIMIT).unwrap();
    wait_for_focus(&session, settings.id);

    session.click_tray(&bell, Button::Left).unwrap();
    wait_for_focus(&session, todos.id);
    session.choose(&bell, "Settings").unwrap();
    wait_for_focus(&session, settings.id);
    assert_eq!(session.windows(TODOS).unwrap().len(), 1);
    assert_eq!(session.windows(SETTINGS).unwrap().len(), 1);
}

#[test]
fn the_last_window_closed_leaves_no_web_process_and_the_stream_open() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["open"]);
    server.wait_for_connections(1);
    let todos = session.wait_for_window(TODOS, LIMIT).unwrap();
    session.choose(&session.bell(), "Settings").unwrap();
    let settings = session.wait_for_window(SETTINGS, LIMIT).unwrap();

    for window in [&todos, &settings] {
        session.close_window(window).unwrap();
        session.wait_for_no_window(&window.title, LIMIT).unwrap();
    }
    session.wait_for_no_process("WebKitWebProcess");
    assert_eq!(server.connections(), 1);
    server.post("Comes after the windows");
    session.wait_for_title("1 unread to-do");
    session.click_tray(&session.bell(), Button::Left).unwrap();
    session.wait_for_window(TODOS, LIMIT).unwrap();
}

fn wait_for_focus(session: &Session, window: u32) {
    wait_until("the window has the keyboard", LIMIT, || {
        let focused = session.focused_window().unwrap();
        focused.is_some_and(|focused| focused.id == window)
    })
    .unwrap();
}
