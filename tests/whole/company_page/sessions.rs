//! What a company's page keeps: cookies and caches.

use std::fs;

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, LIMIT};

use super::{
    home, settings,
    site::{Answer, Site},
};

/// Gives everybody a cookie that stays.
fn portal() -> Site {
    Site::start(|_| {
        let cookie = ("set-cookie", "session=ann; Max-Age=86400");
        let html = ("content-type", "text/html");
        let page = "<!doctype html><script>onload = () => fetch('/shown')</script>";
        Answer::with("200 OK", &[cookie, html], page)
    })
}

#[test]
fn who_is_signed_in_to_a_companys_page_still_is_after_a_restart() {
    let portal = portal();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/me"), "");
    for count in 1..=2 {
        let mut belldot = Belldot::start(&session, &home, &["open"]);
        wait_until("the page is shown", LIMIT, || {
            portal.count("/shown") == count
        })
        .unwrap();
        belldot.quit(&session);
    }
    let cookie = portal.wait_for("/me").header("cookie").map(str::to_owned);
    assert_eq!(cookie.as_deref(), Some("session=ann"));
}

#[test]
fn a_source_that_is_removed_takes_its_window_and_what_its_page_kept_with_it() {
    let portal = portal();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/me"), "");
    let (pages, file) = (home.data().join("pages"), home.data().join("settings.toml"));
    let _belldot = Belldot::start(&session, &home, &["open"]);
    portal.wait_for("/shown");
    session.wait_for_window("Work", LIMIT).unwrap();
    assert!(pages.join("work").is_dir());

    fs::write(&file, "").unwrap();
    session.wait_for_no_window("Work", LIMIT).unwrap();
    wait_until("what it kept is gone", LIMIT, || {
        !pages.join("work").exists()
    })
    .unwrap();

    fs::write(&file, settings("", &portal.url("/me"), "")).unwrap();
    wait_until("the source is back", LIMIT, || {
        Belldot::start(&session, &home, &["open"]).wait_for_end();
        portal.count("/me") == 2
    })
    .unwrap();
    assert_eq!(portal.wait_for("/me").header("cookie"), None);
}
