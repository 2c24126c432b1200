//! A sign-in at an identity provider.

use belldot_session::{Button, Session, SessionOptions};
use belldot_testkit::LIMIT;

use super::{
    Browser, home,
    site::{Answer, Request, Site, free_address},
};
use crate::page::Driver;

/// A portal that sends whoever has no cookie to the provider's sign-in, and takes them back.
fn portal(provider: String) -> Site {
    Site::start(move |request: &Request| {
        let is_known = request
            .header("cookie")
            .is_some_and(|cookie| cookie.contains("session=ann"));
        if request.is_for("/back") {
            let known = ("set-cookie", "session=ann; Path=/");
            Answer::with("302 Found", &[known, ("location", "/me")], "")
        } else if is_known {
            Answer::page("<!doctype html><script>fetch('/shown')</script>Welcome, Ann")
        } else {
            Answer::redirect(&provider)
        }
    })
}

#[test]
fn a_sign_in_goes_to_the_identity_provider_and_comes_back() {
    let address = free_address();
    let portal = portal(format!("http://{address}/sign-in"));
    let back = portal.url("/back?code=1");
    let provider = Site::at(address, None, move |request| {
        match request.line.starts_with("POST ") {
            true => Answer::redirect(&back),
            false => Answer::page(
                "<!doctype html><form method=post action=/signed-in>
                 <button style=\"position:fixed;inset:0\">Sign in</button></form>
                 <script>onload = () => fetch('/loaded')</script>",
            ),
        }
    });
    let session = Session::start(SessionOptions::default()).unwrap();
    let origins = format!("page_origins = [\"http://{address}\"]");
    let home = home(&session, &portal.url("/me"), &origins);
    let browser = Browser::install(&session);
    let _belldot = browser.belldot(&session, &home, &["open"]);
    provider.wait_for("/loaded");
    let window = session.wait_for_window("Work", LIMIT).unwrap();
    let (x, y) = window.area.centre();
    session.click(x, y, Button::Left).unwrap();
    portal.wait_for("/shown");
    assert_eq!(provider.count("/signed-in"), 1);
    assert_eq!(portal.count("/back"), 1);
    assert_eq!(browser.opened(), Vec::<String>::new());
}

#[test]
fn a_page_that_leads_to_a_sign_in_that_nobody_named_says_so_and_offers_the_browser() {
    let provider = Site::start(|_| Answer::page("Sign in"));
    let portal = portal(provider.url("/sign-in"));
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/me"), "");
    let browser = Browser::install(&session);
    let page = Driver::start_with(&session, &home, &["open"], &[browser.path()]).page();
    page.wait_for_text("[role=alert]", |text| text.contains("may not go"));
    page.wait_for_text(".quiet", |text| text.contains(&provider.url("")));
    assert_eq!(provider.requests().len(), 0);
    page.click("[role=button]");
    assert_eq!(browser.wait_for_any(), [provider.url("/sign-in")]);
}
