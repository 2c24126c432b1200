//! Very many to-dos at once.

use belldot_session::{Button, Session, SessionOptions, wait_for, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _, has_red};
use serde_json::json;

use crate::{page::Driver, sender::Sender};

const MANY: usize = 1_000;

#[test]
fn a_thousand_todos_are_one_digest_and_the_page_lists_them() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let driver = Driver::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);

    let sender = Sender::start(
        &server,
        MANY,
        |number| json!({ "title": format!("To-do {number}") }),
    );
    sender.release(MANY);
    sender.finish();
    let bell = session.wait_for_title("1000 unread to-dos");
    assert!(has_red(&bell));
    wait_until("the digest says it", LIMIT, || {
        session.toasts("1000 new to-dos").len() == 1
    })
    .unwrap();
    let digests = session.toasts("new to-dos");
    assert_eq!(digests.len(), 1, "updated in place: {digests:?}");
    let open: Vec<_> = session
        .notifications()
        .into_iter()
        .filter(|toast| toast.open)
        .map(|toast| toast.summary)
        .collect();
    assert_eq!(open, ["1000 new to-dos"]);
    wait_until("all are noted as told", LIMIT, || {
        home.inbox().announced() == MANY
    })
    .unwrap();

    session.click_tray(&bell, Button::Left).unwrap();
    let page = driver.page();
    page.wait_for_text("[data-todo-key] [data-part=title]", |title| {
        title.starts_with("To-do ")
    });
    session.wait_for_no_toast("1000 new to-dos");
    page.click("[data-todo-key] [data-part=done]");
    session.wait_for_title("999 unread to-dos");

    session.choose(&session.bell(), "Quit").unwrap();
    session.wait_for_no_process("belldot");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_click_on_the_digest_opens_the_list() {
    let server = BelldotServer::start(&[]);
    for number in 0..12 {
        server.post(&format!("To-do {number}"));
    }
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast("12 new to-dos");
    let area = wait_for("the digest is on the screen", LIMIT, || {
        session.notification_area().unwrap()
    })
    .unwrap();
    let (x, y) = area.centre();
    session.click(x, y, Button::Left).unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    assert_eq!(
        session.bell().title,
        "12 unread to-dos",
        "looking is not reading"
    );
}

#[test]
fn the_digest_goes_when_all_of_it_was_read_elsewhere() {
    let server = BelldotServer::start(&[]);
    let ids: Vec<_> = (0..5)
        .map(|number| server.post(&format!("To-do {number}")))
        .collect();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast("5 new to-dos");
    for id in ids {
        server.patch(&id, &json!({ "read": true }));
    }
    session.wait_for_title("Belldot");
    session.wait_for_no_toast("5 new to-dos");
}
