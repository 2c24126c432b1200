//! `Too many connections`.

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{Belldot, BelldotServer, Home, SessionExt as _};

#[test]
fn a_full_server_is_left_alone_until_the_user_tries_again() {
    let server = BelldotServer::start(&["--max-connections", "1"]);
    let first_desktop = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&first_desktop, &server.events());
    let mut first = Belldot::start(&first_desktop, &home, &["--hidden"]);
    server.wait_for_connections(1);

    let second_desktop = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&second_desktop, &server.events());
    let _second = Belldot::start(&second_desktop, &home, &["--hidden"]);
    second_desktop.wait_for_bell("that says that the server is full", |item| {
        item.tooltip.1.contains("full")
    });
    assert_eq!(server.connections(), 1, "the refused stream is closed");

    first_desktop.choose(&first_desktop.bell(), "Quit").unwrap();
    first.wait_for_end();
    server.wait_for_connections(0);
    // Room again, and still nobody comes by itself: the next try is minutes away.
    let item = second_desktop.bell();
    assert!(item.tooltip.1.contains("full"), "{:?}", item.tooltip);

    second_desktop.choose(&item, "Try again").unwrap();
    second_desktop.wait_for_bell("that is connected", |item| {
        item.tooltip.1.contains("connected")
    });
    server.wait_for_connections(1);
}
