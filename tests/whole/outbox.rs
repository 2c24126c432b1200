//! What a person did reaches the server, however long that takes.

use std::fs;

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

const TITLE: &str = "Approve travel expenses";

#[test]
fn what_was_done_while_the_server_was_away_reaches_it_when_it_is_back() {
    let (mut server, id, session, home) = a_server_with_a_todo();
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast(TITLE);
    server.kill();
    session.choose_button(TITLE, "Done");
    session.wait_for_title("Belldot");
    assert_eq!(home.inbox().undelivered(), 1);

    server.restart();
    server.wait_for_todo(&id, "status", "done");
    wait_until("nothing is left to deliver", LIMIT, || {
        home.inbox().undelivered() == 0
    })
    .unwrap();
}

#[test]
fn what_was_done_reaches_the_server_also_when_belldot_was_killed_in_between() {
    let (mut server, id, session, home) = a_server_with_a_todo();
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast(TITLE);
    server.kill();
    session.choose_button(TITLE, "Done");
    wait_until("it is written down", LIMIT, || {
        home.inbox().undelivered() == 1
    })
    .unwrap();
    belldot.kill();

    server.restart();
    assert_eq!(server.todo(&id)["status"], "open");
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_todo(&id, "status", "done");
    session.wait_for_title("Belldot");
}

#[test]
fn a_todo_that_the_server_no_longer_knows_is_said_in_a_sentence_and_stays_done_here() {
    let (mut server, _, session, home) = a_server_with_a_todo();
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast(TITLE);
    server.kill();
    session.choose_button(TITLE, "Done");
    session.wait_for_title("Belldot");

    server.restart_without_todos();
    session.wait_for_toast(&format!(
        "Work no longer knows “{TITLE}”; your change stays here only."
    ));
    wait_until("it is given up", LIMIT, || home.inbox().undelivered() == 0).unwrap();
    assert!(!home.inbox().todo(TITLE).unwrap().open);
    // The new server's to-dos are taken as before.
    server.wait_for_connections(1);
    server.post("From the new server");
    session.wait_for_title("1 unread to-do");
}

#[test]
fn changes_wait_for_the_sign_in_that_a_server_wants_and_go_after_it() {
    let (mut server, id, session, home) = a_server_with_a_todo();
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast(TITLE);
    server.kill();
    session.choose_button(TITLE, "Done");
    session.wait_for_title("Belldot");
    let users = server.data().join("users.toml");
    fs::write(&users, "[[tokens]]\ntoken = \"secret\"\nuser = \"me\"\n").unwrap();
    server.restart();
    session.wait_for_toast("Work wants a sign-in before it takes your changes; they wait.");
    session.wait_for_bell("that says what its stream lacks", |item| {
        item.tooltip.1.contains("sign-in needed")
    });
    assert_eq!(home.inbox().undelivered(), 1);

    server.kill();
    fs::remove_file(&users).unwrap();
    server.restart();
    session.choose(&session.bell(), "Try again").unwrap();
    server.wait_for_todo(&id, "status", "done");
}

fn a_server_with_a_todo() -> (BelldotServer, String, Session, Home) {
    let server = BelldotServer::start(&["--retry", "1"]);
    let id = server.post(TITLE);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    (server, id, session, home)
}
