//! The main job, end to end.

use belldot_session::{Button, Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _, has_red};

use crate::page::Driver;

#[test]
fn a_todo_rings_is_read_on_the_page_and_its_end_reaches_the_server() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let driver = Driver::start(&session, &home, &["--hidden"]);
    let quiet = session.wait_for_title("Belldot");
    assert!(!has_red(&quiet), "nothing is unread");
    server.wait_for_connections(1);

    let id = server.post("Approve travel expenses");
    let bell = session.wait_for_title("1 unread to-do");
    assert!(has_red(&bell), "the bell carries its red mark");
    let toast = session.wait_for_toast("Approve travel expenses");
    assert_eq!(toast.app_name, "Belldot");

    session.click_tray(&bell, Button::Left).unwrap();
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
    let page = driver.page();
    page.wait_for_text("[data-todo-key] [data-part=title]", |text| {
        text == "Approve travel expenses"
    });
    page.click("[data-todo-key] [data-part=done]");
    wait_until("the server knows that it is done", LIMIT, || {
        server.todo(&id)["status"] == "done"
    })
    .unwrap();
    let bell = session.wait_for_title("Belldot");
    assert!(!has_red(&bell), "the red mark goes");

    session.close_window(&window).unwrap();
    session.wait_for_no_window("My to-dos", LIMIT).unwrap();
    session.wait_for_no_process("WebKitWebProcess");
    assert_eq!(server.connections(), 1, "the stream outlives the window");

    session.choose(&session.bell(), "Quit").unwrap();
    server.wait_for_connections(0);
    session.wait_for_no_process("belldot");
}

#[test]
fn a_click_on_the_toast_opens_the_todo_and_marks_it_read() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    let id = server.post("Countersign the contract");
    session.wait_for_toast("Countersign the contract");

    let area = wait_until_shown(&session);
    let (x, y) = area.centre();
    session.click(x, y, Button::Left).unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    session.wait_for_title("Belldot");
    wait_until("the server knows that it was read", LIMIT, || {
        server.todo(&id)["read"] == true
    })
    .unwrap();
}

#[test]
fn done_on_the_toast_is_done_on_the_server() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    let id = server.post("Hand in the weekly report");
    let toast = session.wait_for_toast("Hand in the weekly report");
    let (key, _) = toast
        .actions
        .iter()
        .find(|(_, label)| label == "Done")
        .expect("a button Done");
    session.choose_action(toast.id, key).unwrap();
    wait_until("the server knows that it is done", LIMIT, || {
        server.todo(&id)["status"] == "done"
    })
    .unwrap();
    session.wait_for_title("Belldot");
}

#[test]
fn a_second_start_hands_its_wish_to_the_first() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut first = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    let mut second = Belldot::start(&session, &home, &["settings"]);
    assert!(second.wait_for_end().success());
    session.wait_for_window("Belldot settings", LIMIT).unwrap();
    let mut third = Belldot::start(&session, &home, &["quit"]);
    assert!(third.wait_for_end().success());
    assert!(first.wait_for_end().success());
}

fn wait_until_shown(session: &Session) -> belldot_session::Area {
    belldot_session::wait_for("the toast is on the screen", LIMIT, || {
        session.notification_area().ok().flatten()
    })
    .unwrap()
}
