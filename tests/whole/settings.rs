//! The settings window: from nothing to a connected source.

use std::{fs, io::Write as _, net::SocketAddr, path::Path};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{BelldotServer, Home, LIMIT, SessionExt as _};

use crate::{listener::listen, page::Driver};

#[test]
fn a_pasted_address_is_tested_named_and_added() {
    let server = BelldotServer::start(&[]);
    server.post("Approve travel expenses");
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(&session, "");
    let page = Driver::start(&session, &home, &["settings"]).page();
    let window = session.wait_for_window("Belldot settings", LIMIT).unwrap();

    page.type_into("[data-part=url]", "http://127.0.0.1:9/");
    page.click("[data-part=test]");
    page.wait_for_text("[data-part=probe-sentence]", |said| {
        said.contains("nothing answers at that address")
    });

    page.type_into("[data-part=url]", &server.events());
    page.click("[data-part=test]");
    page.wait_for_text("[data-part=probe-sentence]", |said| {
        said.contains("A Belldot server")
    });
    // It comes after the sentence and moves the button below it.
    page.wait_for_text("[data-part=decided]", |said| said.contains("Belldot’s own"));
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("pictures");
    fs::create_dir_all(&pictures).unwrap();
    session
        .screenshot_of(window.area, 1, &pictures.join("settings-probe.png"))
        .unwrap();

    page.click("[data-part=add]");
    session.wait_for_title("1 unread to-do");
    server.wait_for_connections(1);
    assert!(
        home.settings().contains(&server.events()),
        "{}",
        home.settings()
    );
    page.wait_for_text("[data-part=state]", |said| said.contains("connected"));
    session
        .screenshot_of(window.area, 1, &pictures.join("settings-source.png"))
        .unwrap();
}

#[test]
fn what_goes_wrong_in_the_page_is_a_line_of_the_log() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(&session, "");
    let page = Driver::start(&session, &home, &["settings"]).page();
    page.wait_for("[data-part=url]");
    page.run("setTimeout(() => { throw new RangeError('thrown, \"Salary of Mei\"'); });");
    page.run("void Promise.reject(new TypeError('rejected'));");
    page.run("for (let k = 0; k < 1000; k++) void Promise.reject(new Error('again'));");
    let faults = || {
        let logs = home.logs();
        let lines = logs
            .lines()
            .filter(|line| line.contains("the page made a mistake"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    wait_until("the log has all three", LIMIT, || {
        let faults = faults();
        ["RangeError: thrown", "TypeError: rejected", "Error: again"]
            .iter()
            .all(|what| faults.iter().any(|line| line.contains(what)))
    })
    .unwrap();
    let faults = faults();
    assert!(faults.len() <= 10, "{faults:?}");
    assert!(
        faults.iter().all(|line| line.contains("settings")),
        "{faults:?}"
    );
    assert!(!home.logs().contains("Salary"), "{faults:?}");
}

#[test]
fn an_unknown_envelope_with_a_list_becomes_the_right_to_dos_with_three_clicks() {
    let server = says_to_everybody(concat!(
        r#"data: {"code":0,"biz":{"zzz":[{"k1":"A-1","k2":"Sign the contract","k3":"2027-01-31T17:00:00Z"},"#,
        r#"{"k1":"A-2","k2":"Pay the bill","k3":"2027-02-03T09:00:00Z"}]}}"#,
        "\n\n",
    ));
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(&session, "");
    let page = Driver::start(&session, &home, &["settings"]).page();
    let window = session.wait_for_window("Belldot settings", LIMIT).unwrap();
    page.type_into("[data-part=url]", &format!("http://{server}/sse"));
    page.click("[data-part=test]");
    page.wait_for("[data-part=each]");

    page.click("[data-part=each][data-at='/biz/zzz']");
    page.wait_for("[data-part=each][aria-pressed=true]");
    page.click("[data-at='/biz/zzz/0/k2'] + * [data-say=title]");
    page.wait_for("[data-at='/biz/zzz/1/k2'] [data-part=said]");
    wait_until("both to-dos are shown", LIMIT, || {
        page.count("[data-part=preview-title]") == 2
    })
    .unwrap();
    page.click("[data-at='/biz/zzz/0/k1'] + * [data-say=id]");
    page.wait_for("[data-at='/biz/zzz/1/k1'] [data-part=said]");
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("pictures");
    fs::create_dir_all(&pictures).unwrap();
    session
        .screenshot_of(window.area, 1, &pictures.join("settings-taught.png"))
        .unwrap();

    page.click("[data-part=add]");
    session.wait_for_title("2 unread to-dos");
    let mut titles = home.inbox().titles();
    titles.sort();
    assert_eq!(titles, ["Pay the bill", "Sign the contract"]);
    let kept = home.settings();
    assert!(
        kept.contains(r#"each = "/biz/zzz""#) && kept.contains(r#"title = "/k2""#),
        "{kept}"
    );
}

/// Answers every request with these events and holds the stream.
fn says_to_everybody(events: &'static str) -> SocketAddr {
    let mut held = Vec::new();
    listen(move |_, mut socket| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        let _ = socket.write_all(format!("{head}{events}").as_bytes());
        held.push(socket);
        true
    })
}

#[test]
fn the_interface_speaks_chinese_where_the_system_does() {
    let server = BelldotServer::start(&[]);
    server.post("审批：第三季度差旅报销");
    let session = Session::start(SessionOptions::default().in_language("zh_CN.UTF-8")).unwrap();
    let home = Home::with_source(&session, &server.events());
    let page = Driver::start(&session, &home, &["open"]).page();
    session.wait_for_title("1 条未读待办");
    page.wait_for_text("[data-todo-key] [data-part=title]", |title| {
        title.contains("差旅报销")
    });
    let window = session.wait_for_window("我的待办", LIMIT).unwrap();
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("pictures");
    fs::create_dir_all(&pictures).unwrap();
    session
        .screenshot_of(window.area, 1, &pictures.join("page-zh-CN.png"))
        .unwrap();
}

#[test]
fn what_an_administrator_fixed_is_in_force_and_shown_locked() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let policy = session.folder().join("policy.toml");
    fs::write(
        &policy,
        format!(
            "reason = \"Set by your IT\"\n[general]\nautostart = true\n\
             [[sources]]\nid = \"company\"\nname = \"Company\"\nurl = \"{}\"\n",
            server.events()
        ),
    )
    .unwrap();
    let home = Home::with_settings(&session, "");
    let driver = Driver::start_with(
        &session,
        &home,
        &["settings"],
        &[("BELLDOT_POLICY", &policy)],
    );
    let page = driver.page();
    server.wait_for_connections(1);
    let entry = session.folder().join("config/autostart/belldot.desktop");
    wait_until("Belldot starts with the session", LIMIT, || entry.exists()).unwrap();
    page.click("[data-place=general]");
    page.wait_for("[data-part=autostart][disabled]");
    page.wait_for_text("[data-part=locked]", |said| said.contains("Set by your IT"));
    page.click("[data-source=company]");
    page.wait_for_text("[data-part=locked]", |said| said.contains("Set by your IT"));
    assert!(
        !home.settings().contains("company"),
        "the user's own file stays the user's: {}",
        home.settings()
    );
}
