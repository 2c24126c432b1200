//! Pictures of a company's page that cannot be shown, in `target/pictures`.

use std::{fs, path::Path};

use belldot_session::{Session, SessionOptions};
use belldot_testkit::LIMIT;

use super::{home, site::free_address};
use crate::page::Driver;

#[test]
fn a_page_that_is_not_there_is_explained_in_english_and_in_chinese() {
    for (locale, name, words) in [
        ("C.UTF-8", "en", "refused the connection"),
        ("zh_CN.UTF-8", "zh-CN", "拒绝了连接"),
    ] {
        let session = Session::start(SessionOptions::default().in_language(locale)).unwrap();
        let home = home(&session, &format!("http://{}/me", free_address()), "");
        let page = Driver::start(&session, &home, &["open"]).page();
        page.wait_for_text("[role=alert]", |text| text.contains(words));
        let window = session.wait_for_window("Work", LIMIT).unwrap();
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("pictures");
        fs::create_dir_all(&pictures).unwrap();
        let picture = pictures.join(format!("company-page-{name}.png"));
        session.screenshot_of(window.area, 1, &picture).unwrap();
    }
}
