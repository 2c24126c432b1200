//! What Windows and macOS use, started on Linux: Tauri's own tray and notification plugin.

use std::{fs, path::PathBuf};

use belldot_session::{Session, SessionOptions, TrayItem, wait_for, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

/// The red of the badge, as ImageMagick names it.
const RED: &str = "#E5383B";

#[test]
fn the_icon_carries_the_count() {
    let desk = Desk::start();
    let quiet = desk.wait_for_icon("nothing is unread", |icon| !icon.is_red);
    desk.server.post("First");
    let one = desk.wait_for_icon("one is unread", |icon| icon.is_red);
    desk.server.post("Second");
    let two = desk.wait_for_icon("two are", |icon| icon.is_red && icon.png != one.png);
    assert_ne!(two.png, quiet.png);
}

#[test]
fn the_menu_lists_the_latest_and_does_what_it_says() {
    let desk = Desk::start();
    let id = desk.server.post("Approve travel expenses");
    wait_until("the menu lists it", LIMIT, || {
        desk.labels()
            .contains(&"Approve travel expenses".to_owned())
    })
    .unwrap();
    assert_eq!(desk.labels()[0], "Open my to-dos (1)");

    desk.choose("Mark all as read");
    desk.server.wait_for_todo(&id, "read", true);
    desk.wait_for_icon("nothing is unread", |icon| !icon.is_red);
    desk.choose("Until I resume");
    desk.server.wait_for_connections(0);
    wait_until("the menu offers to resume", LIMIT, || {
        desk.labels().contains(&"Resume".to_owned())
    })
    .unwrap();
    desk.choose("Resume");
    desk.server.wait_for_connections(1);
}

#[test]
fn the_menu_on_the_panel_opens_the_page_and_quits() {
    let mut desk = Desk::start();
    // This tray puts a new menu in the old one's place, under whoever is about to open it.
    wait_until("the menu says that it is connected", LIMIT, || {
        desk.labels().contains(&"Work · connected".to_owned())
    })
    .unwrap();
    desk.session
        .click_menu(&desk.session.bell(), &["Open my to-dos"])
        .unwrap();
    desk.session.wait_for_window("My to-dos", LIMIT).unwrap();
    desk.session
        .click_menu(&desk.session.bell(), &["Quit"])
        .unwrap();
    assert!(desk.belldot.wait_for_end().success());
    assert_eq!(desk.server.connections(), 0);
}

#[test]
fn a_click_on_the_toast_opens_the_todo_and_marks_it_read() {
    let desk = Desk::start();
    let id = desk.server.post("Seen by the plugin");
    desk.session.wait_for_toast("Seen by the plugin");
    let area = wait_for("the toast is on the screen", LIMIT, || {
        desk.session.notification_area().unwrap()
    })
    .unwrap();
    let (x, y) = area.centre();
    desk.session
        .click(x, y, belldot_session::Button::Left)
        .unwrap();
    desk.session.wait_for_window("My to-dos", LIMIT).unwrap();
    desk.server.wait_for_todo(&id, "read", true);
}

struct Desk {
    server: BelldotServer,
    session: Session,
    belldot: Belldot,
}

/// The tray's picture as it lies on the disk for the panel.
struct Icon {
    png: Vec<u8>,
    is_red: bool,
}

impl Desk {
    fn start() -> Self {
        let server = BelldotServer::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events());
        let belldot = Belldot::start(&session, &home, &["--hidden"]);
        session.bell();
        server.wait_for_connections(1);
        Self {
            server,
            session,
            belldot,
        }
    }

    fn labels(&self) -> Vec<String> {
        let menu = self.session.tray_menu(&self.session.bell()).unwrap();
        menu.into_iter().map(|entry| entry.label).collect()
    }

    fn choose(&self, label: &str) {
        self.session.choose(&self.session.bell(), label).unwrap();
    }

    fn wait_for_icon(&self, what: &str, is_it: impl Fn(&Icon) -> bool) -> Icon {
        wait_for(&format!("the icon says that {what}"), LIMIT, || {
            self.icon(&self.session.bell()).filter(&is_it)
        })
        .unwrap()
    }

    fn icon(&self, item: &TrayItem) -> Option<Icon> {
        let name = PathBuf::from(&item.icon_name);
        let path = if name.is_absolute() {
            name
        } else {
            PathBuf::from(&item.icon_theme_path).join(format!("{}.png", item.icon_name))
        };
        let png = fs::read(&path).ok()?;
        let mut histogram = self.session.command("convert");
        histogram
            .arg(&path)
            .args(["-depth", "8", "-format", "%c", "histogram:info:-"]);
        let colours = histogram.output().ok()?.stdout;
        let is_red = String::from_utf8_lossy(&colours).contains(RED);
        Some(Icon { png, is_red })
    }
}
