//! Quiet hours, and the button that tries a notification.

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{BelldotServer, Home, SessionExt as _};
use serde_json::json;

use crate::page::Driver;

#[test]
fn in_quiet_hours_only_what_is_urgent_is_told_and_afterwards_the_rest_at_once() {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(
        &session,
        &format!(
            "[notifications.quiet]\nenabled = true\nfrom = \"00:00:00\"\nto = \"00:00:00\"\n\
             days = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \
             \"saturday\", \"sunday\"]\n\
             [[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{}\"\n",
            server.events()
        ),
    );
    let page = Driver::start(&session, &home, &["settings"]).page();
    server.wait_for_connections(1);
    server.post("Read the new travel policy");
    session.wait_for_title("1 unread to-do");
    server.post_todo(&json!({ "title": "The building is on fire", "priority": 5 }));
    session.wait_for_toast("The building is on fire");
    session.wait_for_title("2 unread to-dos");
    assert_eq!(session.toasts("travel policy"), []);

    page.click("[data-place=notifications]");
    page.click("[data-part=quiet]");
    session.wait_for_toast("1 new to-do");
    assert_eq!(session.toasts("travel policy"), []);
}

#[test]
fn the_test_button_shows_a_notification_and_says_that_it_was_taken() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let page = Driver::start(&session, &home, &["settings"]).page();
    page.click("[data-place=notifications]");
    page.click("[data-part=test-toast]");
    page.wait_for_text("[data-part=test-outcome]", |said| said.contains("Sent"));
    session.wait_for_toast("test");
}

#[test]
fn the_test_button_says_why_nothing_is_shown() {
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let page = Driver::start(&session, &home, &["settings"]).page();
    page.click("[data-place=notifications]");
    page.click("[data-part=test-toast]");
    page.wait_for_text("[data-part=test-outcome]", |said| {
        said.contains("org.freedesktop.Notifications")
    });
}

#[test]
fn about_in_the_menu_leads_to_what_belldot_is() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let driver = Driver::start(&session, &home, &["--hidden"]);
    session.choose(&session.bell(), "About Belldot").unwrap();
    let page = driver.page();
    page.wait_for_text("[data-part=version]", |said| said.contains("0.1"));
    // In a window that is open already, too.
    page.click("[data-place=general]");
    session.choose(&session.bell(), "About Belldot").unwrap();
    page.wait_for("[data-part=version]");
}
