//! From log-in to the end: starting with the session, links, logs, mistakes.

use std::path::PathBuf;

use belldot_session::{Session, SessionOptions, wait_for, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};

use crate::page::Driver;

#[test]
fn what_is_switched_on_starts_with_the_session_hidden_and_from_any_folder() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::named(
        &session,
        r#"my "own" $HOME 100%"#,
        &format!(
            "[general]\nautostart = true\n\
             [[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{}\"\n",
            server.events()
        ),
    );
    let mut first = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    let entry = entry(&session);
    wait_until("the entry is written", LIMIT, || entry.exists()).unwrap();
    first.quit(&session);
    server.wait_for_connections(0);

    // As the session does it at log-in.
    let mut launch = session.command("gio");
    let launched = launch.arg("launch").arg(&entry).status().unwrap();
    assert!(launched.success());
    server.wait_for_connections(1);
    session.bell();
    assert_eq!(session.windows("").unwrap(), []);
    let mut quit = Belldot::start(&session, &home, &["quit"]);
    quit.wait_for_end();
}

#[test]
fn the_switch_in_the_settings_writes_and_removes_the_entry() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let page = Driver::start(&session, &home, &["settings"]).page();
    let entry = entry(&session);
    page.click("[data-place=general]");
    page.click("[data-part=autostart]");
    wait_until("the entry is written", LIMIT, || entry.exists()).unwrap();
    page.click("[data-part=autostart]");
    wait_until("the entry is gone", LIMIT, || !entry.exists()).unwrap();
}

#[test]
fn a_link_opens_its_todo_which_is_then_read() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    let id = server.post("Countersign the contract");
    session.wait_for_title("1 unread to-do");

    let link = format!("belldot://todo/{id}");
    let mut second = Belldot::start(&session, &home, &[&link]);
    assert!(second.wait_for_end().success());
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    wait_until("the server knows that it was read", LIMIT, || {
        server.todo(&id)["read"] == true
    })
    .unwrap();
    belldot.quit(&session);

    // Without a running one it starts, and shows what it knows.
    let mut third = Belldot::start(&session, &home, &[&link]);
    session.wait_for_window("My to-dos", LIMIT).unwrap();
    third.quit(&session);
}

#[test]
fn no_secret_is_ever_logged() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    let home = Home::with_settings(
        &session,
        &format!(
            "[[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{}?access_token=SECRET-IN-QUERY\"\n\
             [[sources]]\nid = \"gone\"\nname = \"Gone\"\n\
             url = \"http://ann:SECRET-IN-URL@127.0.0.1:9/events?auth=SECRET-IN-QUERY\"\n",
            server.events()
        ),
    );
    let page = Driver::start(&session, &home, &["settings"]).page();
    server.wait_for_connections(1);
    server.post_todo(
        &serde_json::json!({ "user": "SECRET-IN-QUERY", "title": "Sign the SECRET-PAPER" }),
    );
    session.wait_for_toast("SECRET-PAPER");
    page.click("[data-source=work]");
    page.type_into("[data-part=token]", "SECRET-TOKEN\u{e007}");
    wait_until("the stream opens anew with the token", LIMIT, || {
        let opened = r#"source="work" state=Open"#;
        home.logs().matches(opened).count() > 1
    })
    .unwrap();
    server.wait_for_connections(1);
    let mut quit = Belldot::start(&session, &home, &["quit"]);
    quit.wait_for_end();
    session.wait_for_no_process("belldot");

    let logged = home.logs();
    assert!(logged.contains("belldot"), "something is logged: {logged}");
    assert!(!logged.contains("SECRET"), "{logged}");
}

#[test]
fn a_mistake_is_described_and_told_at_the_next_start_only() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let mut command = home.command(&session, &["--hidden"]);
    let mut failing = command.env("BELLDOT_PANIC", "1").spawn().unwrap();
    let ended = wait_for("the program ends", LIMIT, || failing.try_wait().unwrap());
    assert!(!ended.unwrap().success());
    let described = home.logs();
    assert!(described.contains("as BELLDOT_PANIC asked"), "{described}");
    assert!(
        described.contains("belldot_bell::"),
        "a backtrace: {described}"
    );

    let mut next = Belldot::start(&session, &home, &["--hidden"]);
    let toast = session.wait_for_toast("ended unexpectedly");
    assert!(toast.body.contains("panic-"), "{toast:?}");
    next.quit(&session);

    let told = session.toasts("ended unexpectedly").len();
    let mut later = Belldot::start(&session, &home, &["--hidden"]);
    session.bell();
    later.quit(&session);
    assert_eq!(session.toasts("ended unexpectedly").len(), told);
}

fn entry(session: &Session) -> PathBuf {
    session.folder().join("config/autostart/belldot.desktop")
}
