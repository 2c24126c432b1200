//! Panels that come late, die, or are another desktop's.

use belldot_session::{Button, Session, SessionOptions, TrayItem, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

const RED: [u8; 3] = [0xe5, 0x38, 0x3b];

#[test]
fn after_a_crash_of_the_panel_the_bell_comes_back_with_what_it_missed() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Seen by the first panel");
    session.wait_for_title("1 unread to-do");

    session.kill_panel().unwrap();
    server.post("Came while there was no panel");
    session.wait_for_toast("Came while there was no panel");
    session.start_panel().unwrap();

    let bell = session.wait_for_title("2 unread to-dos");
    wait_until_red(&session, &bell);
    session.click_menu(&bell, &["Mark all as read"]).unwrap();
    session.wait_for_title("Belldot");
}

#[test]
fn a_panel_that_comes_late_gets_the_bell_and_the_word_of_its_absence_goes() {
    let server = BelldotServer::start(&[]);
    server.post("Waits for the panel");
    let session = Session::start(SessionOptions::default().without_panel()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast("No tray");
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();

    session.start_panel().unwrap();
    let bell = session.wait_for_title("1 unread to-do");
    wait_until_red(&session, &bell);
    session.wait_for_no_toast("No tray");
    assert_eq!(session.toasts("No tray").len(), 1, "said once");

    // The window has done its work; the bell opens it again.
    session.close_window(&window).unwrap();
    session.wait_for_no_window("My to-dos", LIMIT).unwrap();
    session.click_tray(&bell, Button::Left).unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn a_left_click_opens_the_page_and_a_right_click_the_menu() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    let bell = session.wait_for_bell("that is connected", |bell| {
        bell.tooltip.1.contains("connected")
    });

    session.open_menu(&bell).unwrap();
    session.close_menu().unwrap();
    assert_eq!(session.windows("My to-dos").unwrap(), []);
    session.click_tray(&bell, Button::Left).unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn on_lxqts_panel_the_bell_counts_opens_the_page_and_has_its_menu() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default().with_lxqt_panel()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Seen on another panel");
    let bell = session.wait_for_title("1 unread to-do");
    wait_until_red(&session, &bell);

    session.click_tray(&bell, Button::Left).unwrap();
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    session
        .click_menu(&session.bell(), &["Mark all as read"])
        .unwrap();
    let bell = session.wait_for_title("Belldot");
    wait_until("the red mark is gone from the panel", LIMIT, || {
        !is_red_on_screen(&session, &bell)
    })
    .unwrap();
    session
        .click_menu(&bell, &["Pause", "Until I resume"])
        .unwrap();
    server.wait_for_connections(0);
}

#[test]
fn after_a_crash_of_lxqts_panel_the_bell_comes_back() {
    let session = Session::start(SessionOptions::default().with_lxqt_panel()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();

    session.kill_panel().unwrap();
    session.start_panel().unwrap();
    session.tray_position(&session.bell()).unwrap();
}

fn wait_until_red(session: &Session, bell: &TrayItem) {
    wait_until("the panel shows the red mark", LIMIT, || {
        is_red_on_screen(session, bell)
    })
    .unwrap();
}

fn is_red_on_screen(session: &Session, bell: &TrayItem) -> bool {
    let place = session.tray_position(bell).unwrap();
    let picture = session.picture(place).unwrap();
    picture.rgb.chunks_exact(3).any(|pixel| pixel == RED)
}
