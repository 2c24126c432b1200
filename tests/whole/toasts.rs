//! Toasts and their buttons, through the daemon.

use belldot_session::{NotificationUrgency, Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};
use serde_json::json;

#[test]
fn open_on_a_toast_opens_the_todo_and_marks_it_read() {
    let desk = Desk::start("");
    let id = desk.server.post("Countersign the contract");
    desk.session
        .choose_button("Countersign the contract", "Open");
    desk.session.wait_for_window("My to-dos", LIMIT).unwrap();
    desk.server.wait_for_todo(&id, "read", true);
    desk.session.wait_for_title("Belldot");
    desk.session.wait_for_no_toast("Countersign the contract");
}

#[test]
fn snooze_on_a_toast_takes_the_todo_away_for_now_and_leaves_the_server_alone() {
    let desk = Desk::start("");
    let id = desk.server.post("Not now");
    desk.session.choose_button("Not now", "In an hour");
    desk.session.wait_for_title("Belldot");
    let inbox = desk.home.inbox();
    wait_until("it is snoozed", LIMIT, || {
        inbox.todo("Not now").is_some_and(|todo| todo.snoozed)
    })
    .unwrap();
    desk.session.wait_for_no_toast("Not now");
    assert_eq!(desk.server.todo(&id)["status"], "open");
}

#[test]
fn a_toast_goes_when_its_todo_is_read_elsewhere() {
    let desk = Desk::start("");
    let id = desk.server.post("Somebody else's");
    desk.session.wait_for_toast("Somebody else's");
    desk.server.patch(&id, &json!({ "read": true }));
    desk.session.wait_for_no_toast("Somebody else's");
    desk.session.wait_for_title("Belldot");
}

#[test]
fn a_toast_goes_when_its_todo_is_done_elsewhere() {
    let desk = Desk::start("");
    let id = desk.server.post("Somebody does it");
    desk.session.wait_for_toast("Somebody does it");
    desk.server.patch(&id, &json!({ "status": "done" }));
    desk.session.wait_for_no_toast("Somebody does it");
}

#[test]
fn a_changed_todo_that_became_urgent_updates_its_toast_in_place() {
    let desk = Desk::start("");
    let id = desk.server.post("Call back");
    desk.session.wait_for_toast("Call back");
    desk.server
        .post_todo(&json!({ "id": id, "title": "Call back at once", "priority": 5 }));
    let toast = desk.session.wait_for_toast("Call back at once");
    assert_eq!(toast.urgency, NotificationUrgency::Critical);
    assert_eq!(toast.updates, 1);
    assert_eq!(desk.session.notifications().len(), 1);
}

#[test]
fn priority_is_urgency_and_sound() {
    let desk = Desk::start("[notifications.sounds]\nlow = \"silent\"\nhigh = \"alarm\"\n");
    for (title, priority) in [("Some day", 1), ("Today", 3), ("At once", 5)] {
        desk.server
            .post_todo(&json!({ "title": title, "priority": priority }));
    }
    let of = |title| {
        let toast = desk.session.wait_for_toast(title);
        (toast.urgency, toast.silent, toast.sound)
    };
    assert_eq!(
        of("Some day"),
        (NotificationUrgency::Low, true, String::new())
    );
    assert_eq!(
        of("Today"),
        (NotificationUrgency::Normal, false, String::new())
    );
    assert_eq!(
        of("At once"),
        (
            NotificationUrgency::Critical,
            false,
            "alarm-clock-elapsed".to_owned()
        )
    );
}

#[test]
fn in_private_mode_a_toast_says_that_there_is_one_and_not_what() {
    let desk = Desk::start("[notifications]\nprivate = true\n");
    desk.server.post_todo(&json!({
        "title": "Salary talk", "body": "With a number", "sender": "Chen Jing",
    }));
    desk.session.wait_for_title("1 unread to-do");
    let toast = desk.session.wait_for_toast("A new to-do");
    assert_eq!(toast.body, "");
    let said = format!("{:?}", desk.session.notifications());
    for secret in ["Salary", "number", "Chen Jing"] {
        assert!(!said.contains(secret), "{said}");
    }
}

/// A running Belldot with its stream open.
struct Desk {
    server: BelldotServer,
    session: Session,
    home: Home,
    _belldot: Belldot,
}

impl Desk {
    fn start(settings: &str) -> Self {
        let server = BelldotServer::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_settings(
            &session,
            &format!(
                "{settings}\n[[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{}\"\n",
                server.events()
            ),
        );
        let belldot = Belldot::start(&session, &home, &["--hidden"]);
        server.wait_for_connections(1);
        Self {
            server,
            session,
            home,
            _belldot: belldot,
        }
    }
}
