//! A company's page behind a proxy.

use belldot_session::{Button, Session, SessionOptions};
use belldot_testkit::{Belldot, SessionExt as _};

use super::{
    home_in,
    site::{Answer, Site},
};
use crate::page::Driver;

#[test]
fn a_companys_page_goes_by_the_proxy_of_the_settings() {
    let proxy = Site::start(|_| Answer::page("<!doctype html><script>fetch('/shown')</script>"));
    let session = Session::start(SessionOptions::default()).unwrap();
    let network = format!("[network.proxy.through]\nurl = \"{}\"", proxy.url(""));
    let home = home_in(&session, &network, "http://portal.example/me", "");
    let _belldot = Belldot::start(&session, &home, &["open"]);
    proxy.wait_for("http://portal.example/shown");
    assert_eq!(proxy.count("http://portal.example/me"), 1);
}

#[test]
fn a_companys_page_signs_in_at_the_proxy() {
    let proxy = Site::start(|request| match request.header("proxy-authorization") {
        // ann:pass word:1
        Some("Basic YW5uOnBhc3Mgd29yZDox") => {
            Answer::page("<!doctype html><script>fetch('/shown')</script>")
        }
        _ => {
            let asked = ("proxy-authenticate", "Basic realm=\"Company\"");
            Answer::with("407 Proxy Authentication Required", &[asked], "")
        }
    });
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    let network = format!(
        "[network.proxy.through]\nurl = \"{}\"\nuser = \"ann\"",
        proxy.url("")
    );
    let home = home_in(&session, &network, "http://portal.example/me", "");
    let page = Driver::start(&session, &home, &["settings"]).page();
    page.click("[data-place=network]");
    page.type_into("[data-part=proxy-password]", "pass word:1\u{e007}");
    session.click_tray(&session.bell(), Button::Left).unwrap();
    proxy.wait_for("http://portal.example/shown");
}
