//! The menu as the panel draws it, used with the pointer.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use belldot_session::{Button, Session, SessionOptions, wait_for, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

#[test]
fn the_first_entry_opens_the_page() {
    let desk = Desk::start(&[]);
    desk.click(&["Open my to-dos"]);
    desk.session.wait_for_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn one_of_the_latest_todos_opens_and_is_read() {
    let desk = Desk::start(&[]);
    for title in ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"] {
        desk.server.post(title);
    }
    desk.session.wait_for_title("6 unread to-dos");
    let labels = desk.labels();
    assert_eq!(
        labels[1..6],
        ["Sixth", "Fifth", "Fourth", "Third", "Second"]
    );

    desk.click(&["Fourth"]);
    desk.session.wait_for_window("My to-dos", LIMIT).unwrap();
    desk.session.wait_for_title("5 unread to-dos");
}

#[test]
fn a_pause_closes_the_stream_until_it_is_resumed() {
    let desk = Desk::start(&[]);
    desk.click(&["Pause", "Until I resume"]);
    desk.server.wait_for_connections(0);
    wait_until("the menu says so", LIMIT, || {
        desk.labels().contains(&"Paused".to_owned())
    })
    .unwrap();
    desk.click(&["Resume"]);
    desk.server.wait_for_connections(1);
}

#[test]
fn try_again_tries_again() {
    let server = BelldotServer::start(&["--max-connections", "1"]);
    let taken = stream_of(&server);
    let desk = Desk::at(server);
    desk.session
        .wait_for_bell("that says that the server is full", |bell| {
            bell.tooltip.1.contains("full")
        });
    drop(taken);
    desk.server.wait_for_connections(0);
    desk.click(&["Try again"]);
    desk.server.wait_for_connections(1);
}

#[test]
fn all_are_marked_as_read_here_and_on_the_server() {
    let desk = Desk::start(&[]);
    let ids = ["One", "Two"].map(|title| desk.server.post(title));
    desk.session.wait_for_title("2 unread to-dos");
    desk.click(&["Mark all as read"]);
    desk.session.wait_for_title("Belldot");
    for id in ids {
        desk.server.wait_for_todo(&id, "read", true);
    }
    desk.session.wait_for_no_toast("One");
}

#[test]
fn settings_open_and_quit_ends_it() {
    let mut desk = Desk::start(&[]);
    desk.click(&["Settings"]);
    desk.session
        .wait_for_window("Belldot settings", LIMIT)
        .unwrap();
    desk.click(&["Quit"]);
    assert!(desk.belldot.wait_for_end().success());
    desk.server.wait_for_connections(0);
}

#[test]
fn an_open_menu_shows_what_arrives() {
    let desk = Desk::start(&[]);
    // With all of its rows: not every panel makes an open menu larger.
    for title in ["First", "Second", "Third", "Fourth", "Fifth"] {
        desk.server.post(title);
    }
    let bell = desk.session.wait_for_title("5 unread to-dos");
    let menu = desk.session.open_menu(&bell).unwrap();
    // Away from the bell, whose tooltip would be in the picture.
    desk.session.point_at(10, 700).unwrap();
    let latest = desk.session.picture(menu.rows[1]).unwrap();

    desk.server.post("Comes while the menu is open");
    desk.session.wait_for_title("6 unread to-dos");
    let what = "the open menu shows as many rows with another one on top";
    let now = wait_for(what, LIMIT, || {
        let now = desk.session.look_at_menu(&menu).unwrap()?;
        let shown = now.rows.len() == menu.rows.len()
            && desk.session.picture(now.rows[1]).unwrap() != latest;
        shown.then_some(now)
    })
    .unwrap();

    // And what is chosen is what is written there.
    let (x, y) = now.rows[1].centre();
    desk.session.click(x, y, Button::Left).unwrap();
    desk.session.wait_for_window("My to-dos", LIMIT).unwrap();
    let inbox = desk.home.inbox();
    wait_until("the new one is read", LIMIT, || {
        let new = inbox.todo("Comes while the menu is open");
        new.is_some_and(|todo| todo.read)
    })
    .unwrap();
}

/// A running Belldot whose stream is open.
struct Desk {
    server: BelldotServer,
    session: Session,
    home: Home,
    belldot: Belldot,
}

impl Desk {
    fn start(options: &[&str]) -> Self {
        let desk = Self::at(BelldotServer::start(options));
        desk.server.wait_for_connections(1);
        desk.session.wait_for_bell("that is connected", |bell| {
            bell.tooltip.1.contains("connected")
        });
        desk
    }

    fn at(server: BelldotServer) -> Self {
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events());
        let belldot = Belldot::start(&session, &home, &["--hidden"]);
        Self {
            server,
            session,
            home,
            belldot,
        }
    }

    fn click(&self, labels: &[&str]) {
        self.session
            .click_menu(&self.session.bell(), labels)
            .unwrap();
    }

    fn labels(&self) -> Vec<String> {
        let menu = self.session.tray_menu(&self.session.bell()).unwrap();
        menu.into_iter().map(|entry| entry.label).collect()
    }
}

/// A stream that somebody else holds open.
fn stream_of(server: &BelldotServer) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}
