//! The page and the settings in the real app, used by keyboard and pointer through WebKit.

use std::{fs, path::PathBuf};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{BelldotServer, Home, LIMIT, SessionExt as _};

use crate::page::{Driver, Page};

const TITLE: &str = "[data-todo-key] [data-part=title]";

#[test]
fn search_narrows_the_list_as_one_types() {
    let (server, session) = (BelldotServer::start(&[]), new_session());
    for title in [
        "Approve travel expenses",
        "Sign the contract",
        "审批第三季度差旅报销",
    ] {
        server.post(title);
    }
    let (_, page) = open(&session, &server, &["open"]);
    wait_for_rows(&page, 3);
    page.type_into("[data-part=search]", "contr");
    wait_for_rows(&page, 1);
    page.wait_for_text(TITLE, |title| title == "Sign the contract");
    page.type_into("[data-part=search]", "差旅");
    page.wait_for_text(TITLE, |title| title.contains("差旅报销"));
    wait_for_rows(&page, 1);
}

#[test]
fn done_can_be_undone_and_the_server_hears_of_both() {
    let (server, session) = (BelldotServer::start(&[]), new_session());
    let id = server.post("Sign the contract");
    let (_, page) = open(&session, &server, &["open"]);
    page.click("[data-todo-key] [data-part=done]");
    wait_until("the server knows that it is done", LIMIT, || {
        server.todo(&id)["status"] == "done"
    })
    .unwrap();
    page.click("[data-part=snackbar-action]");
    wait_until("the server knows that it is open", LIMIT, || {
        server.todo(&id)["status"] == "open"
    })
    .unwrap();
    wait_for_rows(&page, 1);
}

#[test]
fn the_keyboard_alone_is_enough() {
    let (server, session) = (BelldotServer::start(&[]), new_session());
    let id = server.post("Sign the contract");
    let (_, page) = open(&session, &server, &["open"]);
    wait_for_rows(&page, 1);
    // j: to the first; e: done; Ctrl+comma: the settings; Ctrl+W: closed.
    page.press("j");
    page.press("e");
    wait_until("the server knows that it is done", LIMIT, || {
        server.todo(&id)["status"] == "done"
    })
    .unwrap();
    let todos = session.wait_for_window("My to-dos", LIMIT).unwrap();
    focus(&session, todos.id);
    session.key("ctrl+comma").unwrap();
    let settings = session.wait_for_window("Belldot settings", LIMIT).unwrap();
    focus(&session, settings.id);
    session.key("ctrl+w").unwrap();
    session
        .wait_for_no_window("Belldot settings", LIMIT)
        .unwrap();
    focus(&session, todos.id);
    session.key("Escape").unwrap();
    session.wait_for_no_window("My to-dos", LIMIT).unwrap();
}

#[test]
fn the_inbox_and_the_settings_are_exported_to_files() {
    let (server, session) = (BelldotServer::start(&[]), new_session());
    server.post("Sign the contract");
    let (home, page) = open(&session, &server, &["settings"]);
    session.wait_for_title("1 unread to-do");
    page.click("[data-place=about]");
    let exported = |button: &str, ending: &str| {
        page.click(&format!("[data-part={button}]"));
        let mut path = PathBuf::new();
        wait_until("the page names the file", LIMIT, || {
            let said = page.text("[data-part=outcome]").unwrap_or_default();
            let word = said.split_whitespace().find(|word| word.contains(ending));
            path = word.map_or_else(PathBuf::new, |word| {
                word.trim_matches(['“', '”', '.']).into()
            });
            path.exists()
        })
        .unwrap();
        fs::read_to_string(path).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&exported("export-json", ".json")).unwrap();
    assert_eq!(json[0]["title"], "Sign the contract");
    let calendar = exported("export-calendar", ".ics");
    assert!(calendar.contains("SUMMARY:Sign the contract"), "{calendar}");
    let settings = exported("export-settings", ".toml");
    assert!(settings.contains(&server.events()), "{settings}");
    assert!(home.settings().contains(&server.events()));
}

#[test]
fn what_a_stream_has_been_doing_is_shown_with_its_causes() {
    let (mut server, session) = (BelldotServer::start(&[]), new_session());
    server.post("Sign the contract");
    let (_, page) = open(&session, &server, &["settings"]);
    server.wait_for_connections(1);
    page.click("[data-source=work]");
    page.click("[data-part=stream]");
    page.wait_for_text("[data-part=stream-history]", |history| {
        history.contains("connected")
    });
    server.kill();
    page.wait_for_text("[data-part=stream-history]", |history| {
        history.contains("next try")
    });
}

fn new_session() -> Session {
    Session::start(SessionOptions::default()).unwrap()
}

fn open(session: &Session, server: &BelldotServer, arguments: &[&str]) -> (Home, Page) {
    let home = Home::with_source(session, &server.events());
    let page = Driver::start(session, &home, arguments).page();
    (home, page)
}

fn wait_for_rows(page: &Page, count: usize) {
    wait_until(&format!("there are {count} rows"), LIMIT, || {
        page.count("[data-todo-key]") == count
    })
    .unwrap();
}

fn focus(session: &Session, window: u32) {
    let mut wmctrl = session.command("wmctrl");
    wmctrl.args(["-i", "-a", &window.to_string()]);
    assert!(wmctrl.status().unwrap().success());
    wait_until("the window has the keyboard", LIMIT, || {
        let focused = session.focused_window().unwrap();
        focused.is_some_and(|focused| focused.id == window)
    })
    .unwrap();
}
