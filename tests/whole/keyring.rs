//! Secrets in a real keyring: one that is locked, silent or gone, and whose secret goes where.

use std::{
    fs,
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, Home, LIMIT, SessionExt as _, program};

use crate::{listener::listen, page::Driver};

const SECRET: &str = "kept-apart";

/// A stream with one event.
const OPEN: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n\
                    id: 1\ndata: From far away\n\n";

#[test]
fn a_source_waits_for_a_locked_keyring_goes_on_by_itself_and_keeps_nobody_waiting() {
    let desk = Desk::with_secret();
    desk.session.lock_keyring().unwrap();
    let mut belldot = Belldot::start(&desk.session, &desk.home, &["--hidden"]);
    desk.open.wait_for_request();
    desk.session.wait_for_toast("Your keyring is locked");
    assert_eq!(desk.closed.requests(), 0);
    desk.session.unlock_keyring().unwrap();
    desk.closed.wait_for_secret();
    belldot.quit(&desk.session);
    assert_eq!(desk.session.toasts("Your keyring is locked").len(), 1);
}

#[test]
fn a_person_is_asked_once_to_unlock_the_keyring() {
    let desk = Desk::with_secret();
    let session = &desk.session;
    let mut prompter = session
        .command("/usr/libexec/gcr-prompter")
        .spawn()
        .unwrap();
    wait_until("the keyring can ask", LIMIT, || {
        session.owns_name("org.gnome.keyring.SystemPrompter")
    })
    .unwrap();
    session.lock_keyring().unwrap();
    let mut belldot = Belldot::start(session, &desk.home, &["--hidden"]);
    let prompts = || {
        let windows = session.windows("").unwrap();
        windows
            .iter()
            .filter(|one| one.class.contains("rompter"))
            .count()
    };
    wait_until("a window asks for the password", LIMIT, || prompts() == 1).unwrap();
    session.key("Escape").unwrap();
    wait_until("the window is gone", LIMIT, || prompts() == 0).unwrap();
    // It is looked at every two seconds.
    thread::sleep(Duration::from_secs(7));
    assert_eq!((prompts(), desk.closed.requests()), (0, 0));
    session.unlock_keyring().unwrap();
    desk.closed.wait_for_secret();
    belldot.quit(session);
    prompter.kill().unwrap();
    prompter.wait().unwrap();
}

#[test]
fn what_an_earlier_version_kept_is_taken_over_for_the_usual_settings_only() {
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    let (closed, open) = (Server::start(), Server::start());
    let settings = source("work", &closed) + &source("home", &open);
    let folder = session.folder().join("config/belldot");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("settings.toml"), &settings).unwrap();
    let usual = || Belldot::run(session.command(program("belldot")).arg("--hidden"));
    let mut belldot = usual();
    closed.wait_for_request();
    belldot.quit(&session);
    // As an earlier version left it.
    fs::remove_file(session.folder().join("data/belldot/secrets.json")).unwrap();
    session.keep_in_keyring("Belldot", "work", SECRET).unwrap();

    let other = Home::named(&session, "other", &settings);
    let mut belldot = Belldot::start(&session, &other, &["--hidden"]);
    closed.wait_for_request();
    belldot.quit(&session);
    assert!(!closed.heard(SECRET));

    let mut belldot = usual();
    closed.wait_for_secret();
    open.wait_for_request();
    assert!(!open.heard(SECRET));
    let origin = format!("work@http://{}", closed.address);
    wait_until("the old entry is gone", LIMIT, || {
        session.keyring_entries("Belldot").unwrap() == [origin.as_str()]
    })
    .unwrap();
    belldot.quit(&session);

    closed.forget();
    let mut belldot = usual();
    closed.wait_for_secret();
    belldot.quit(&session);
}

#[test]
fn a_source_waits_for_a_silent_keyring_goes_on_by_itself_and_keeps_nobody_waiting() {
    let desk = Desk::with_secret();
    desk.session.hold_keyring(true).unwrap();
    let mut belldot = Belldot::start(&desk.session, &desk.home, &["--hidden"]);
    desk.open.wait_for_request();
    desk.session.wait_for_toast("Your keyring does not answer");
    let mut doctor = desk
        .home
        .command(&desk.session, &["doctor", "--source", "work"]);
    let said = doctor.args(["--listen", "1"]).output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("which does not answer"), "{said}");
    desk.closed.forget();
    desk.session.hold_keyring(false).unwrap();
    desk.closed.wait_for_secret();
    belldot.quit(&desk.session);
}

#[test]
fn a_source_waits_for_a_keyring_that_does_not_start_and_keeps_nobody_waiting() {
    let desk = Desk::with_secret();
    desk.session.kill_keyring().unwrap();
    let service = "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/false\n";
    let file = desk
        .session
        .folder()
        .join("services/org.freedesktop.secrets.service");
    fs::write(&file, service).unwrap();
    let mut belldot = Belldot::start(&desk.session, &desk.home, &["--hidden"]);
    desk.open.wait_for_request();
    desk.session.wait_for_toast("No keyring runs");
    assert_eq!(desk.closed.requests(), 0);
    desk.session.start_keyring().unwrap();
    desk.closed.wait_for_secret();
    belldot.quit(&desk.session);
}

#[test]
fn the_proxys_password_is_sent_as_soon_as_the_keyring_gives_it() {
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    // `ann:kept-apart`
    let signed_in = "Basic YW5uOmtlcHQtYXBhcnQ=";
    let proxy = Server::answering(move |head| match head.contains(signed_in) {
        true => OPEN,
        false => {
            "HTTP/1.1 407 Sign in\r\nproxy-authenticate: Basic realm=\"a\"\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n"
        }
    });
    let address = format!("http://{}", proxy.address);
    let settings = format!(
        "[network.proxy.through]\nurl = \"{address}\"\nuser = \"ann\"\n\
         [[sources]]\nid = \"work\"\nname = \"Work\"\nurl = \"http://todo.example/events\"\n\
         format = \"text\"\n"
    );
    let (config, data) = ("config/belldot", "data/belldot");
    for folder in [config, data] {
        fs::create_dir_all(session.folder().join(folder)).unwrap();
    }
    let (config, data) = (session.folder().join(config), session.folder().join(data));
    fs::write(config.join("settings.toml"), settings).unwrap();
    let entry = format!("(proxy)@{address}");
    let kept = format!(r#"{{ "taken_over": true, "kept": ["{entry}"] }}"#);
    fs::write(data.join("secrets.json"), kept).unwrap();
    session.keep_in_keyring("Belldot", &entry, SECRET).unwrap();
    session.lock_keyring().unwrap();
    let mut belldot = Belldot::run(session.command(program("belldot")).arg("--hidden"));
    proxy.wait_for_request();
    assert!(!proxy.heard(signed_in));
    session.unlock_keyring().unwrap();
    session.wait_for_title("1 unread to-do");
    belldot.quit(&session);
}

#[test]
fn the_settings_show_at_once_while_the_keyring_is_silent() {
    let desk = Desk::with_secret();
    desk.session.hold_keyring(true).unwrap();
    let page = Driver::start(&desk.session, &desk.home, &["settings"]).page();
    page.click("[data-source=work]");
    // WebKit's driver gives no text of the whole body here.
    page.wait_for_text(".field:has([data-part=token])", |text| {
        text.contains("Kept in this computer’s keyring")
    });
    page.click("[data-source=home]");
    desk.session.hold_keyring(false).unwrap();
}

#[test]
fn no_other_origin_and_no_other_profile_gets_a_secret() {
    let desk = Desk::with_secret();
    let session = &desk.session;
    // Edited while nothing runs.
    let elsewhere = Server::start();
    let settings = desk.home.settings();
    let before = desk.closed.address.to_string();
    desk.home
        .edit(&settings.replace(&before, &elsewhere.address.to_string()));
    let mut belldot = Belldot::start(session, &desk.home, &["--hidden"]);
    elsewhere.wait_for_request();
    let toast = session.wait_for_toast("is sent nowhere else");
    assert!(toast.body.contains(&before), "{toast:?}");
    wait_until("the secret is forgotten", LIMIT, || {
        session.keyring_entries("Belldot").unwrap().is_empty()
    })
    .unwrap();
    // Back where it was for: it has to be entered again.
    desk.home.edit(&settings);
    desk.closed.wait_for_request();
    assert!(!desk.closed.heard(SECRET) && !elsewhere.heard(SECRET));
    belldot.quit(session);

    let desk = Desk::with_secret();
    let other = Home::named(&desk.session, "other", &desk.home.settings());
    let mut belldot = Belldot::start(&desk.session, &other, &["--hidden"]);
    desk.closed.wait_for_request();
    desk.open.wait_for_request();
    assert!(!desk.closed.heard(SECRET));
    belldot.quit(&desk.session);
}

#[test]
fn a_source_that_is_removed_from_the_file_takes_its_secret_along() {
    let desk = Desk::with_secret();
    let session = &desk.session;
    let settings = desk.home.settings();
    let mut belldot = Belldot::start(session, &desk.home, &["--hidden"]);
    desk.closed.wait_for_secret();
    desk.home.edit("");
    wait_until("the secret is forgotten", LIMIT, || {
        session.keyring_entries("Belldot").unwrap().is_empty()
    })
    .unwrap();
    desk.closed.forget();
    desk.home.edit(&settings);
    desk.closed.wait_for_request();
    assert!(!desk.closed.heard(SECRET));
    belldot.quit(session);
}

fn source(id: &str, server: &Server) -> String {
    let address = server.address;
    format!(
        "[[sources]]\nid = \"{id}\"\nname = \"{id}\"\nurl = \"http://{address}/events\"\n\
         format = \"text\"\n"
    )
}

/// A desktop with a keyring in which a source's secret is, and Belldot at rest.
struct Desk {
    session: Session,
    home: Home,
    /// The server of the source with the secret.
    closed: Server,
    /// The server of the source without one.
    open: Server,
}

impl Desk {
    fn with_secret() -> Self {
        let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
        let (closed, open) = (Server::start(), Server::start());
        let settings = source("work", &closed) + &source("home", &open);
        let home = Home::with_settings(&session, &settings);
        let page = Driver::start(&session, &home, &["settings"]).page();
        page.click("[data-source=work]");
        page.type_into("[data-part=token]", &format!("{SECRET}\u{e007}"));
        closed.wait_for_secret();
        let mut quit = Belldot::start(&session, &home, &["quit"]);
        quit.wait_for_end();
        session.wait_for_no_process("belldot");
        drop(page);
        let entries = session.keyring_entries("Belldot").unwrap();
        assert_eq!(entries.len(), 1, "{entries:?}");
        let origin = format!("work@http://{}", closed.address);
        assert!(entries[0].starts_with(&origin), "{entries:?}");
        closed.forget();
        open.forget();
        Self {
            session,
            home,
            closed,
            open,
        }
    }
}

/// Answers every request and holds the streams; remembers the requests' heads.
struct Server {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        Self::answering(|_| OPEN)
    }

    fn answering(answer: impl Fn(&str) -> &'static str + Send + 'static) -> Self {
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let heard = heads.clone();
        let mut held: Vec<TcpStream> = Vec::new();
        let address = listen(move |head, mut socket| {
            let head = head.join("\n");
            let _ = socket.write_all(answer(&head).as_bytes());
            if answer(&head) == OPEN {
                held.push(socket);
            }
            heard.lock().unwrap().push(head);
            true
        });
        Self { address, heads }
    }

    fn requests(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    fn heard(&self, text: &str) -> bool {
        let heads = self.heads.lock().unwrap();
        heads.iter().any(|head| head.contains(text))
    }

    fn forget(&self) {
        self.heads.lock().unwrap().clear();
    }

    fn wait_for_request(&self) {
        wait_until("the server is asked", LIMIT, || self.requests() > 0).unwrap();
    }

    fn wait_for_secret(&self) {
        wait_until("the secret arrives", LIMIT, || self.heard(SECRET)).unwrap();
    }
}
