//! The server dies and comes back.

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

#[test]
fn a_killed_server_strikes_the_bell_and_what_came_meanwhile_arrives_once() {
    let mut server = BelldotServer::start(&["--retry", "1"]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Before the crash");
    let healthy = session.wait_for_title("1 unread to-do");

    server.kill();
    let struck = session.wait_for_bell("that says it waits", |item| {
        item.icon != healthy.icon && item.tooltip.1.contains("next try")
    });
    assert_eq!(struck.title, "1 unread to-do", "the count stays");

    server.restart();
    server.post("Posted before the client is back");
    session.wait_for_title("2 unread to-dos");
    let back = session.wait_for_bell("that is healthy", |item| {
        item.tooltip.1.contains("connected")
    });
    assert_ne!(back.icon, struck.icon);
    wait_until("both were announced", LIMIT, || {
        session.toasts("Posted before the client is back").len() == 1
    })
    .unwrap();
    assert_eq!(session.toasts("Before the crash").len(), 1);
}
