//! A company's page that cannot be loaded.

use belldot_session::{Session, SessionOptions};

use super::{
    home,
    site::{Answer, Site, free_address},
};
use crate::page::Driver;

fn portal() -> impl Fn(&super::site::Request) -> Answer + Send + Sync + 'static {
    |_| Answer::page("<!doctype html><h1>Welcome</h1>")
}

#[test]
fn a_page_whose_server_is_away_says_so_and_is_there_after_try_again() {
    let address = free_address();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &format!("http://{address}/me"), "");
    let page = Driver::start(&session, &home, &["open"]).page();
    page.wait_for_text("[role=alert]", |text| {
        text == "127.0.0.1 refused the connection."
    });
    assert_eq!(page.text("[role=button]").as_deref(), Some("Try again"));

    let _portal = Site::at(address, None, portal());
    page.click("[role=button]");
    page.wait_for_text("h1", |text| text == "Welcome");
}

#[test]
fn a_page_whose_server_comes_back_is_there_by_itself() {
    let address = free_address();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &format!("http://{address}/me"), "");
    let page = Driver::start(&session, &home, &["open"]).page();
    page.wait_for("[role=alert]");
    let _portal = Site::at(address, None, portal());
    page.wait_for_text("h1", |text| text == "Welcome");
}

#[test]
fn a_page_whose_server_says_nothing_says_so() {
    // Nobody takes what connects to it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &format!("http://{address}/me"), "");
    let page = Driver::start(&session, &home, &["open"]).page();
    page.wait_for_text("[role=alert]", |text| {
        text == "127.0.0.1 did not answer in time."
    });
}
