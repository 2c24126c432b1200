//! Two devices of one user, and a real server between them.

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, InboxFile, InboxRow, LIMIT, SessionExt as _};

use crate::page::Driver;

#[test]
fn what_is_read_on_one_device_is_read_on_the_other_and_its_toast_goes() {
    let server = BelldotServer::start(&[]);
    let (desk, laptop) = (Device::of(&server), Device::of(&server));
    let (_at_desk, _at_laptop) = (desk.start(), laptop.start());
    server.wait_for_connections(2);
    let id = server.post("Countersign the contract");
    desk.session.wait_for_title("1 unread to-do");
    laptop.session.wait_for_toast("Countersign the contract");
    laptop.session.wait_for_title("1 unread to-do");

    desk.choose("Countersign the contract", "Open");
    laptop.session.wait_for_title("Belldot");
    wait_until("the laptop's toast is withdrawn", LIMIT, || {
        let toasts = laptop.session.toasts("Countersign the contract");
        toasts.len() == 1 && !toasts[0].open
    })
    .unwrap();
    laptop.wait_for_todo("Countersign the contract", |todo| todo.read && todo.open);
    assert_eq!(server.todo(&id)["read"], true);
}

#[test]
fn what_is_done_on_one_device_and_taken_back_is_so_on_the_other() {
    let server = BelldotServer::start(&[]);
    let (desk, laptop) = (Device::of(&server), Device::of(&server));
    let page = Driver::start(&desk.session, &desk.home, &["open"]).page();
    let _at_laptop = laptop.start();
    server.wait_for_connections(2);
    let id = server.post("Hand in the weekly report");
    laptop.session.wait_for_title("1 unread to-do");
    laptop.session.wait_for_toast("Hand in the weekly report");

    page.click_wherever_it_is(&done("Hand in the weekly report"));
    laptop.wait_for_todo("Hand in the weekly report", |todo| !todo.open);
    laptop.session.wait_for_title("Belldot");
    assert_eq!(server.todo(&id)["status"], "done");

    page.click_wherever_it_is("[data-part=snackbar-action]");
    laptop.wait_for_todo("Hand in the weekly report", |todo| todo.open && !todo.read);
    laptop.session.wait_for_title("1 unread to-do");
    desk.session.wait_for_title("1 unread to-do");
    assert_eq!(server.todo(&id)["status"], "open");
}

#[test]
fn a_snooze_belongs_to_the_device_and_the_other_still_shows_the_todo() {
    let server = BelldotServer::start(&[]);
    let (desk, laptop) = (Device::of(&server), Device::of(&server));
    let (_at_desk, _at_laptop) = (desk.start(), laptop.start());
    server.wait_for_connections(2);
    let id = server.post("Not now, but later");
    laptop.session.wait_for_title("1 unread to-do");

    desk.choose("Not now, but later", "In an hour");
    desk.session.wait_for_title("Belldot");
    // What comes later has passed whatever the snooze could have sent.
    server.post("Meanwhile");
    desk.session.wait_for_title("1 unread to-do");
    laptop.session.wait_for_title("2 unread to-dos");
    assert!(desk.inbox.todo("Not now, but later").unwrap().snoozed);
    let todo = server.todo(&id);
    assert_eq!(
        (&todo["status"], &todo["read"]),
        (&"open".into(), &false.into())
    );
}

#[test]
fn a_device_that_was_off_catches_up_and_tells_only_what_still_waits() {
    let server = BelldotServer::start(&[]);
    let (desk, laptop) = (Device::of(&server), Device::of(&server));
    let [read, finish, back] =
        ["To read", "To finish", "To take back"].map(|title| server.post(title));
    let page = Driver::start(&desk.session, &desk.home, &["open"]).page();
    let mut at_laptop = laptop.start();
    laptop.session.wait_for_title("3 unread to-dos");
    wait_until("the laptop has told them", LIMIT, || {
        laptop.inbox.unannounced() == 0
    })
    .unwrap();
    at_laptop.quit(&laptop.session);
    let told = laptop.session.notifications().len();

    server.post("Came and stays");
    let gone = server.post("Came and went");
    desk.session.wait_for_title("5 unread to-dos");
    page.click_wherever_it_is(&done("To take back"));
    server.wait_for_todo(&back, "status", "done");
    page.click_wherever_it_is("[data-part=snackbar-action]");
    server.wait_for_todo(&back, "status", "open");
    page.click_wherever_it_is(&done("To finish"));
    server.wait_for_todo(&finish, "status", "done");
    page.click_wherever_it_is(&done("Came and went"));
    server.wait_for_todo(&gone, "status", "done");
    page.click_wherever_it_is("[data-part=row][title='To read']");
    server.wait_for_todo(&read, "read", true);
    desk.session.wait_for_title("2 unread to-dos");

    let _at_laptop = laptop.start();
    wait_until("both have the same to-dos", LIMIT, || {
        desk.inbox.todos() == laptop.inbox.todos()
    })
    .unwrap();
    laptop.session.wait_for_title("2 unread to-dos");
    laptop.session.wait_for_toast("Came and stays");
    let todos = laptop.inbox.todos();
    let waiting: Vec<_> = todos
        .iter()
        .filter(|todo| todo.open)
        .map(|todo| (todo.title.as_str(), todo.read))
        .collect();
    assert_eq!(
        waiting,
        [
            ("Came and stays", false),
            ("To read", true),
            ("To take back", false)
        ]
    );
    let new: Vec<_> = laptop
        .session
        .notifications()
        .split_off(told)
        .into_iter()
        .map(|toast| toast.summary)
        .collect();
    assert_eq!(new, ["Came and stays"]);
}

/// A desktop with a home for Belldot.
struct Device {
    session: Session,
    home: Home,
    inbox: InboxFile,
}

impl Device {
    fn of(server: &BelldotServer) -> Self {
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events());
        let inbox = home.inbox();
        Self {
            session,
            home,
            inbox,
        }
    }

    fn start(&self) -> Belldot {
        Belldot::start(&self.session, &self.home, &["--hidden"])
    }

    /// Chooses a button of a to-do's toast.
    fn choose(&self, title: &str, label: &str) {
        self.session.choose_button(title, label);
    }

    fn wait_for_todo(&self, title: &str, is_it: impl Fn(&InboxRow) -> bool) {
        wait_until(&format!("{title:?} is as it should be"), LIMIT, || {
            self.inbox.todo(title).as_ref().is_some_and(&is_it)
        })
        .unwrap();
    }
}

/// The circle on the page that says that a to-do is done.
fn done(title: &str) -> String {
    format!("[data-todo-key] [data-part=done][aria-label*='{title}']")
}
