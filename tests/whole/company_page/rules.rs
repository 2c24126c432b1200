//! Where a company's page may go.

use std::time::Instant;

use belldot_session::{Button, DesktopWindow, Session, SessionOptions, wait_until};
use belldot_testkit::{LIMIT, SessionExt as _};

use super::{
    Browser, home,
    site::{Answer, Site},
};

/// Tries everything that the page of a hostile company would.
const HOSTILE: &str = r#"<!doctype html><title>Our portal</title><script>
const tell = (what, value) => fetch(`/told?${what}=${encodeURIComponent(value)}`);
(async () => {
  const invoke = window.__TAURI_INTERNALS__?.invoke;
  for (const command of ['settings', 'act', 'diagnosis', 'set_token', 'plugin:opener|open_url']) {
    let answer = 'no invoke';
    if (invoke) {
      try { answer = 'ANSWERED ' + JSON.stringify(await invoke(command, { url: 'https://x.test' })); }
      catch (refusal) { answer = 'refused ' + refusal; }
    }
    await tell(command, answer);
  }
  window.open('ELSEWHERE/unasked');
  location.href = 'ELSEWHERE/leaving';
  setTimeout(() => tell('still', document.title), 500);
})();
</script>"#;

#[test]
fn a_companys_page_has_no_access_and_stays_on_its_origin() {
    let elsewhere = site_with("elsewhere");
    let portal = site_with(&HOSTILE.replace("ELSEWHERE", &elsewhere.url("")));
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/portal"), "");
    let browser = Browser::install(&session);
    let mut belldot = browser.belldot(&session, &home, &["--hidden"]);
    session.click_tray(&session.bell(), Button::Left).unwrap();
    session.wait_for_window("Work", LIMIT).unwrap();

    wait_until("the page has tried everything", LIMIT, || {
        told(&portal).iter().any(|line| line.contains("still="))
    })
    .unwrap();
    let told = told(&portal);
    assert!(
        told.iter().all(|line| !line.contains("ANSWERED")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.contains("still=Our%20portal")),
        "{told:?}"
    );
    assert_eq!(elsewhere.requests().len(), 0, "{:?}", elsewhere.requests());
    assert_eq!(browser.opened(), Vec::<String>::new());
    assert_eq!(session.windows("").unwrap().len(), 1);
    belldot.quit(&session);
}

#[test]
fn the_frames_of_a_companys_page_load_inside_and_open_nothing_however_many() {
    let adverts = site_with("An advert");
    let portal = site_with(&format!(
        "<!doctype html><script>
         for (let n = 0; n < 205; n++) {{
           const frame = document.createElement('iframe');
           frame.src = '{}?' + n;
           document.documentElement.append(frame);
         }}
         onload = () => fetch('/loaded');
         </script>",
        adverts.url("/advert")
    ));
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/"), "");
    let browser = Browser::install(&session);
    let _belldot = browser.belldot(&session, &home, &["open"]);
    portal.wait_for("/loaded");
    assert_eq!(adverts.count("/advert"), 205);
    assert_eq!(browser.opened(), Vec::<String>::new());
}

#[test]
fn a_click_that_leads_out_of_a_companys_page_opens_the_browser_and_asks_for_nothing_itself() {
    let elsewhere = site_with("elsewhere");
    for target in ["_self", "_blank"] {
        let portal = site_with(&page_that_is_a_link(&elsewhere.url("/once"), target));
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = home(&session, &portal.url("/"), "");
        let browser = Browser::install(&session);
        let _belldot = browser.belldot(&session, &home, &["open"]);
        click_on(&session, &portal);
        assert_eq!(browser.wait_for_any(), [elsewhere.url("/once")]);
        assert_eq!(elsewhere.requests().len(), 0, "{:?}", elsewhere.requests());
        assert_eq!(session.windows("").unwrap().len(), 1);
    }
}

#[test]
fn a_click_that_is_redirected_out_of_a_companys_page_opens_where_that_leads() {
    let elsewhere = site_with("elsewhere");
    let (page, to) = (
        page_that_is_a_link("/out", "_self"),
        elsewhere.url("/there"),
    );
    let portal = Site::start(move |request| match request.is_for("/out") {
        true => Answer::redirect(&to),
        false => Answer::page(&page),
    });
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/"), "");
    let browser = Browser::install(&session);
    let _belldot = browser.belldot(&session, &home, &["open"]);
    click_on(&session, &portal);
    assert_eq!(browser.wait_for_any(), [elsewhere.url("/there")]);
    assert_eq!(elsewhere.requests().len(), 0, "{:?}", elsewhere.requests());
}

#[test]
fn one_click_on_a_companys_page_opens_at_most_one_address_a_second() {
    let portal = site_with(
        "<!doctype html><body><script>
         onclick = () => {
           for (let n = 0; n < 20; n++) window.open(`https://popup${n}.example/`);
           fetch('/done');
         };
         onload = () => fetch('/loaded');
         </script>",
    );
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = home(&session, &portal.url("/"), "");
    let browser = Browser::install(&session);
    let _belldot = browser.belldot(&session, &home, &["open"]);
    let begun = Instant::now();
    click_on(&session, &portal);
    portal.wait_for("/done");
    let most = begun.elapsed().as_secs() as usize + 1;
    let opened = browser.wait_for_any();
    assert!(opened.len() <= most, "{most} at most: {opened:?}");
}

fn site_with(page: &str) -> Site {
    let page = page.to_owned();
    Site::start(move |_| Answer::page(&page))
}

/// A page that is nothing but a link, and tells when it is there.
fn page_that_is_a_link(to: &str, target: &str) -> String {
    format!(
        "<!doctype html><body>
         <a href=\"{to}\" target=\"{target}\" style=\"position:fixed;inset:0\">Open</a>
         <script>onload = () => fetch('/loaded')</script>"
    )
}

/// Clicks into the middle of the page, once it is there.
fn click_on(session: &Session, portal: &Site) -> DesktopWindow {
    portal.wait_for("/loaded");
    let window = session.wait_for_window("Work", LIMIT).unwrap();
    let (x, y) = window.area.centre();
    session.click(x, y, Button::Left).unwrap();
    window
}

fn told(portal: &Site) -> Vec<String> {
    let requests = portal.requests().into_iter();
    let told = requests.filter(|request| request.is_for("/told"));
    told.map(|request| request.line).collect()
}
