//! The way to the servers: sign-in by header, further headers, a proxy.

use std::{
    io::Write as _,
    net::SocketAddr,
    sync::mpsc::{Receiver, channel},
};

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{Belldot, Home, LIMIT, SessionExt as _};

use crate::{listener::listen, page::Driver};

#[test]
fn the_secret_of_a_header_and_further_headers_reach_the_server() {
    let (address, heads) = one_event();
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    let home = Home::with_settings(
        &session,
        &format!(
            "[[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"http://{address}/events\"\n\
             format = \"text\"\n\
             [sources.sign_in.header]\nname = \"X-Api-Key\"\n\
             [sources.headers]\nX-Team = \"red\"\n"
        ),
    );
    let page = Driver::start(&session, &home, &["settings"]).page();
    let first = heads.recv_timeout(LIMIT).unwrap();
    assert!(first.contains("x-team: red"), "{first}");
    assert!(!first.contains("x-api-key"), "{first}");
    page.click("[data-source=work]");
    page.type_into("[data-part=token]", "kept-apart\u{e007}");
    let with_secret = heads.iter().find(|head| head.contains("x-api-key"));
    let with_secret = with_secret.unwrap();
    assert!(
        with_secret.contains("x-api-key: kept-apart"),
        "{with_secret}"
    );
    assert!(!home.settings().contains("kept-apart"));
}

#[test]
fn a_proxy_from_the_settings_carries_the_stream() {
    let (address, heads) = one_event();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(
        &session,
        &format!(
            "[network.proxy.through]\nurl = \"http://{address}\"\n\
             [[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"http://todo.example/events\"\n\
             format = \"text\"\n"
        ),
    );
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    let head = heads.recv_timeout(LIMIT).unwrap();
    assert!(
        head.starts_with("get http://todo.example/events "),
        "{head}"
    );
    session.wait_for_title("1 unread to-do");
    session.wait_for_toast("From far away");
    belldot.quit(&session);
}

#[test]
fn a_certificate_file_that_is_not_there_is_said_and_the_rest_goes_on() {
    let (address, _heads) = one_event();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(
        &session,
        &format!(
            "[network]\nextra_ca = [\"/nowhere/ca.pem\"]\n\
             [[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"http://{address}/events\"\n\
             format = \"text\"\n"
        ),
    );
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_toast("/nowhere/ca.pem");
    session.wait_for_title("1 unread to-do");
    belldot.quit(&session);
}

/// Answers every request with one event and holds the stream; tells the requests' heads in lower
/// case.
fn one_event() -> (SocketAddr, Receiver<String>) {
    let (heads, told) = channel();
    let mut held = Vec::new();
    let address = listen(move |head, mut socket| {
        let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n\
             id: 1\ndata: From far away\n\n";
        let _ = socket.write_all(answer.as_bytes());
        held.push(socket);
        heads.send(head.join("\n").to_lowercase()).is_ok()
    });
    (address, told)
}
