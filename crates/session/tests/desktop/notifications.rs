use std::process::{Child, Stdio};

use belldot_session::{
    Button, Notification, NotificationUrgency, Session, SessionError, wait_for, wait_until,
};

use crate::{LIMIT, desktop};

fn notify(session: &Session, arguments: &[&str]) -> Child {
    let mut notify = session.command("notify-send");
    notify
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    notify.spawn().unwrap()
}

fn only(session: &Session) -> Notification {
    wait_for("there is a notification", LIMIT, || {
        session.notifications().pop()
    })
    .unwrap()
}

fn said(child: Child) -> String {
    String::from_utf8(child.wait_with_output().unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}

#[test]
fn what_a_program_says_is_read_in_full() {
    let session = desktop();

    let actions = ["-A", "default=Open", "-A", "done=Done"];
    let hints = ["-u", "critical", "-a", "Belldot", "-c", "im.received", "-h"];
    let text = ["string:desktop-entry:Belldot", "A new to-do", "新的待办"];
    let mut waiting = notify(&session, &[&actions[..], &hints, &text].concat());

    let notification = only(&session);
    assert_eq!(
        Notification {
            id: 0,
            ..notification
        },
        Notification {
            id: 0,
            app_name: "Belldot".to_owned(),
            summary: "A new to-do".to_owned(),
            body: "新的待办".to_owned(),
            actions: vec![
                ("default".to_owned(), "Open".to_owned()),
                ("done".to_owned(), "Done".to_owned())
            ],
            urgency: NotificationUrgency::Critical,
            desktop_entry: "Belldot".to_owned(),
            category: "im.received".to_owned(),
            silent: false,
            sound: String::new(),
            updates: 0,
            open: true,
        }
    );
    waiting.kill().unwrap();
    waiting.wait().unwrap();
}

#[test]
fn a_notification_is_on_the_screen_until_it_is_closed() {
    let session = desktop();
    assert_eq!(session.notification_area().unwrap(), None);

    notify(&session, &["A new to-do"]).wait().unwrap();
    only(&session);
    let area = wait_for("it is shown", LIMIT, || {
        session.notification_area().unwrap()
    })
    .unwrap();
    let (x, y) = area.centre();
    session.click(x, y, Button::Right).unwrap();

    wait_until("it is closed", LIMIT, || !only(&session).open).unwrap();
    wait_until("it is gone", LIMIT, || {
        session.notification_area().unwrap().is_none()
    })
    .unwrap();
}

#[test]
fn an_update_in_place_is_no_second_notification() {
    let session = desktop();
    let id = said(notify(&session, &["-p", "1 new to-do"]));
    notify(&session, &["-r", &id, "2 new to-dos"])
        .wait()
        .unwrap();

    wait_until("the update arrives", LIMIT, || only(&session).updates == 1).unwrap();
    assert_eq!(only(&session).summary, "2 new to-dos");
    assert_eq!(session.notifications().len(), 1);
}

#[test]
fn an_action_is_chosen_through_the_daemon() {
    let session = desktop();
    let actions = [
        "-A",
        "default=Open",
        "-A",
        "done=Done",
        "-A",
        "later=In an hour",
    ];
    let waiting = notify(&session, &[&actions[..], &["A new to-do"]].concat());

    session.choose_action(only(&session).id, "later").unwrap();

    assert_eq!(said(waiting), "later");
}

#[test]
fn a_click_chooses_the_default_action() {
    let session = desktop();
    let waiting = notify(&session, &["-A", "default=Open", "A new to-do"]);
    only(&session);

    let area = wait_for("it is shown", LIMIT, || {
        session.notification_area().unwrap()
    })
    .unwrap();
    let (x, y) = area.centre();
    session.click(x, y, Button::Left).unwrap();

    assert_eq!(said(waiting), "default");
}

#[test]
fn an_action_that_is_not_offered_cannot_be_chosen() {
    let session = desktop();
    let mut waiting = notify(&session, &["-A", "done=Done", "A new to-do"]);

    let chosen = session.choose_action(only(&session).id, "explode");

    let Err(SessionError::NoAction { offered, .. }) = chosen else {
        panic!("not {chosen:?}")
    };
    assert!(offered.contains("done"), "it offers {offered}");
    waiting.kill().unwrap();
    waiting.wait().unwrap();
}

#[test]
fn a_daemon_that_is_killed_takes_its_notifications_with_it() {
    let session = desktop();
    notify(&session, &["before"]).wait().unwrap();
    only(&session);

    session.kill_notifier().unwrap();
    wait_until("it is closed", LIMIT, || !only(&session).open).unwrap();
    assert!(!notify(&session, &["lost"]).wait().unwrap().success());
    session.start_notifier().unwrap();
    notify(&session, &["after"]).wait().unwrap();

    wait_until("the next arrives", LIMIT, || {
        only(&session).summary == "after"
    })
    .unwrap();
    let summaries: Vec<_> = session
        .notifications()
        .into_iter()
        .map(|known| known.summary)
        .collect();
    assert_eq!(summaries, ["before", "after"]);
}
