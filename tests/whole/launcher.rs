//! The count on the dock's entry.

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{Belldot, BelldotServer, Home, SessionExt as _};
use zbus::{
    MatchRule,
    blocking::{MessageIterator, connection::Builder},
    message::Type,
};

#[test]
fn docks_and_launchers_are_told_the_count() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let connection = Builder::address(session.bus_address())
        .unwrap()
        .build()
        .unwrap();
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface("com.canonical.Unity.LauncherEntry")
        .unwrap()
        .member("Update")
        .unwrap()
        .build();
    let mut told = MessageIterator::for_match_rule(rule, &connection, Some(16)).unwrap();
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    server.post("Sign the contract");
    server.post("Hand in the weekly report");
    session.wait_for_title("2 unread to-dos");
    loop {
        let message = told.next().unwrap().unwrap();
        let body = format!(
            "{}",
            message
                .body()
                .deserialize::<zbus::zvariant::Structure<'_>>()
                .unwrap()
        );
        assert!(body.contains("application://Belldot.desktop"), "{body}");
        if body.contains("\"count\": <int64 2>") {
            assert!(body.contains("\"count-visible\": <true>"), "{body}");
            break;
        }
    }
    belldot.quit(&session);
}
