//! A notification daemon that dies, comes late, refuses, or can do little.

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, InboxFile, LIMIT, SessionExt as _};
use serde_json::json;

use crate::{daemon::Daemon, page::Driver};

#[test]
fn after_a_restart_of_the_daemon_the_next_toast_arrives_and_no_old_one_again() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    let id = server.post("Before the restart");
    session.wait_for_toast("Before the restart");

    session.kill_notifier().unwrap();
    session.start_notifier().unwrap();
    server.post("After the restart");
    session.wait_for_toast("After the restart");
    assert_eq!(session.toasts("Before the restart").len(), 1);

    // The number that the old daemon gave to the first toast may be the new one's second.
    server.patch(&id, &json!({ "read": true }));
    session.wait_for_title("1 unread to-do");
    assert!(session.toasts("After the restart")[0].open);
}

#[test]
fn what_came_without_a_daemon_is_shown_once_when_there_is_one_and_told_only_then() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let inbox = home.inbox();
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    session.kill_notifier().unwrap();

    let changed = server.post_todo(&json!({ "id": "changed", "title": "As it was at first" }));
    let read = server.post("Read elsewhere meanwhile");
    session.wait_for_title("2 unread to-dos");
    server.post_todo(&json!({ "id": changed, "title": "As it is now" }));
    server.patch(&read, &json!({ "read": true }));
    session.wait_for_title("1 unread to-do");
    assert!(inbox.unannounced() > 0, "nobody was told");

    session.start_notifier().unwrap();
    session.wait_for_toast("As it is now");
    wait_until("it is noted as told", LIMIT, || inbox.unannounced() == 0).unwrap();
    let toasts: Vec<_> = session
        .notifications()
        .into_iter()
        .map(|toast| toast.summary)
        .collect();
    assert_eq!(toasts, ["As it is now"]);
}

#[test]
fn a_daemon_that_comes_after_belldot_takes_what_waited() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Waited for the daemon");
    session.wait_for_title("1 unread to-do");

    session.start_notifier().unwrap();
    session.wait_for_toast("Waited for the daemon");
    session.choose_button("Waited for the daemon", "Done");
    session.wait_for_title("Belldot");
}

#[test]
fn a_daemon_that_refuses_is_named_in_the_window_and_tried_again_with_the_next_toast() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    let daemon = Daemon::start(&session, &["actions", "body"]);
    daemon.refuse(true);
    let home = Home::with_source(&session, &server.events());
    let page = Driver::start(&session, &home, &["open"]).page();
    server.wait_for_connections(1);
    server.post("Refused at first");
    page.wait_for_text("[data-part=notice]", |said| {
        said.contains("takes no notifications") && said.contains("no room")
    });
    assert_eq!(session.toasts("Refused at first"), []);

    daemon.refuse(false);
    server.post("Taken at once");
    session.wait_for_toast("Taken at once");
    session.wait_for_toast("Refused at first");
}

#[test]
fn a_daemon_without_buttons_and_markup_is_given_neither() {
    let toast = shown_by_a_daemon_that_can(&["body"]);
    assert_eq!(toast.body, "R&D\nUp to <3 items");
    assert_eq!(toast.actions, []);
}

#[test]
fn a_daemon_with_buttons_and_markup_is_given_both() {
    let toast = shown_by_a_daemon_that_can(&["actions", "body", "body-markup"]);
    assert_eq!(toast.body, "R&amp;D\nUp to &lt;3 items");
    let labels: Vec<_> = toast.actions.iter().map(|(_, label)| &**label).collect();
    assert_eq!(
        labels[1..],
        ["Open", "Done", "In 15 minutes", "In an hour", "Tomorrow"]
    );
}

fn shown_by_a_daemon_that_can(capabilities: &[&str]) -> belldot_session::Notification {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    let _daemon = Daemon::start(&session, capabilities);
    let home = Home::with_source(&session, &server.events());
    let inbox: InboxFile = home.inbox();
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post_todo(&json!({
        "title": "Order parts", "body": "Up to <3 items", "sender": "R&D",
    }));
    let toast = session.wait_for_toast("Order parts");
    wait_until("it is noted as told", LIMIT, || inbox.unannounced() == 0).unwrap();
    toast
}
