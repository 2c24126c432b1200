//! A company's own page: opened by the bell, without access to Belldot, kept to its origin.

use std::{
    fs,
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    sync::mpsc::{Receiver, channel},
};

use belldot_session::{Button, Session, SessionOptions, wait_until};

use crate::{
    LIMIT,
    belldot::{Belldot, Home, Seen as _},
    listener::listen,
    server::Server,
};

/// Tries everything that the page of a hostile company would.
const PAGE: &str = r#"<!doctype html><title>Our portal</title><body>
<a href="https://popup.example/" target="_blank" style="position:fixed;inset:0">Open</a><script>
const tell = (what, value) => fetch(`/told?${what}=${encodeURIComponent(value)}`);
for (let n = 0; n < 205; n++) {
  const frame = document.createElement('iframe');
  frame.src = `https://adverts.example/${n}`;
  frame.hidden = true;
  document.body.append(frame);
}
window.open('https://popup.example/unasked');
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
  location.href = 'https://elsewhere.example/leaving';
  setTimeout(() => tell('still', document.title), 1000);
})();
</script>"#;

#[test]
fn a_companys_page_has_no_access_and_stays_on_its_origin() {
    let (address, requests) = company();
    let server = Server::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_settings(
        &session,
        &format!(
            "[[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"{}\"\n\
             page = \"http://{address}/portal\"\n",
            server.events()
        ),
    );
    let browsed = browser(&session);
    let path = format!(
        "{}:{}",
        browsed.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut command = home.command(&session, &["--hidden"]);
    let mut process = command.env("PATH", path).spawn().unwrap();
    let bell = session.wait_for_title("Belldot");
    session.click_tray(&bell, Button::Left).unwrap();
    let window = session.wait_for_window("Work", LIMIT).unwrap();

    let mut told = Vec::new();
    while !told.iter().any(|line: &String| line.contains("still=")) {
        told.push(requests.recv_timeout(LIMIT).unwrap());
    }
    let answered = told.iter().find(|line| line.contains("ANSWERED"));
    assert_eq!(answered, None, "no command answers a company's page");
    assert!(
        told.iter().any(|line| line.contains("still=Our%20portal")),
        "{told:?}"
    );
    let (x, y) = window.area.centre();
    session.click(x, y, Button::Left).unwrap();
    let mut opened = String::new();
    let waited = wait_until("what was clicked is opened in the browser", LIMIT, || {
        opened = fs::read_to_string(&browsed).unwrap_or_default();
        !opened.is_empty()
    });
    waited.unwrap_or_else(|error| panic!("{error}: {opened}"));
    // What a script asked for, and what the frames show, was not.
    assert_eq!(opened, "https://popup.example/\n");
    assert_eq!(session.windows("").unwrap().len(), 1);

    Belldot::start(&session, &home, &["quit"]).wait_for_end();
    process.wait().unwrap();
}

/// A browser that only notes what it is to open; answers where.
fn browser(session: &Session) -> std::path::PathBuf {
    let folder = session.folder().join("bin");
    fs::create_dir_all(&folder).unwrap();
    let (browser, notes) = (folder.join("xdg-open"), folder.join("browsed"));
    fs::write(
        &browser,
        format!("#!/bin/sh\necho \"$1\" >> '{}'\n", notes.display()),
    )
    .unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    notes
}

/// The company's web server; tells the first line of each request for `/told`.
fn company() -> (SocketAddr, Receiver<String>) {
    let (requests, told) = channel();
    let address = listen(move |head, mut socket| {
        let Some(first) = head.into_iter().next() else {
            return true;
        };
        let _ = write!(
            socket,
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{PAGE}",
            PAGE.len()
        );
        !first.contains("/told?") || requests.send(first).is_ok()
    });
    (address, told)
}
