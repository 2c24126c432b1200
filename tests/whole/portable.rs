//! What Windows and macOS use, started on Linux: Tauri's own tray and notification plugin.

use belldot_session::{Session, SessionOptions};

use crate::{
    belldot::{Belldot, Home, Seen as _},
    server::Server,
};

#[test]
fn the_portable_build_shows_its_tray_item_and_a_toast() {
    let server = Server::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    server.wait_for_connections(1);
    server.post("Seen by the plugin");
    session.wait_for_toast("Seen by the plugin");
}
