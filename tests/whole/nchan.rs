//! nginx with nchan: a server that nobody here wrote.
#![allow(clippy::print_stdout)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use belldot_session::{Session, SessionOptions, wait_until};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    LIMIT,
    belldot::{Belldot, Home, PROGRAM, Seen as _},
    server::Client,
};

const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

#[test]
fn messages_ring_the_bell_and_become_todos_once_each_over_a_restart_of_nginx() {
    let Some(mut nginx) = Nginx::start() else {
        return;
    };
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &nginx.stream());
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_bell("that is connected", |item| {
        item.tooltip.1.contains("connected")
    });

    nginx.publish("message", "The printer is out of paper");
    session.wait_for_toast("The printer is out of paper");
    let approve = json!({ "id": "leave-1", "title": "Approve the leave of Mei", "priority": 4 });
    nginx.publish("todo", &approve.to_string());
    session.wait_for_toast("Approve the leave of Mei");
    session.wait_for_title("2 unread to-dos");

    nginx.restart();
    nginx.publish("message", "The printer has paper again");
    nginx.publish("todo", &approve.to_string());
    session.wait_for_toast("The printer has paper again");
    session.wait_for_title("3 unread to-dos");
    // What comes later shows that nothing else is on its way.
    nginx.publish("message", "Good night");
    session.wait_for_title("4 unread to-dos");
    let titles = [
        "Approve the leave of Mei",
        "Good night",
        "The printer has paper again",
        "The printer is out of paper",
    ];
    assert_eq!(home.inbox().titles(), titles);
    // Where all of it took less than two seconds, the last ones are a digest.
    for title in titles {
        assert!(session.toasts(title).len() <= 1, "{title}");
    }
}

#[test]
fn what_was_published_while_belldot_was_off_arrives_once_at_its_next_start() {
    let Some(nginx) = Nginx::start() else {
        return;
    };
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &nginx.stream());
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    nginx.publish("message", "Before");
    session.wait_for_toast("Before");
    belldot.kill();
    for number in 1..=50 {
        nginx.publish("message", &format!("Meanwhile {number:02}"));
    }
    let _belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_title("51 unread to-dos");
    let mut wanted: Vec<_> = (1..=50)
        .map(|number| format!("Meanwhile {number:02}"))
        .collect();
    wanted.insert(0, "Before".to_owned());
    assert_eq!(home.inbox().titles(), wanted);
}

#[test]
fn watch_prints_each_message_once_over_a_restart_of_nginx() {
    let Some(mut nginx) = Nginx::start() else {
        return;
    };
    let mut watch = Command::new(PROGRAM)
        .args(["watch", &nginx.stream(), "--json", "--count", "20"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    lines.find(|line| line["state"] == "open").unwrap();
    let mut titles = Vec::new();
    let mut take = |count: usize| {
        let todos = lines.by_ref().filter(|line| line["type"] == "todo");
        titles.extend(todos.take(count).map(|todo| todo["title"].clone()));
    };
    for number in 1..=10 {
        nginx.publish("message", &format!("Message {number}"));
    }
    take(10);
    nginx.restart();
    for number in 11..=20 {
        nginx.publish("message", &format!("Message {number}"));
    }
    take(10);
    let wanted: Vec<_> = (1..=20).map(|number| format!("Message {number}")).collect();
    assert_eq!(titles, wanted);
    assert!(watch.wait().unwrap().success());
}

/// Our own nginx, in a folder and on a port of its own.
struct Nginx {
    process: Child,
    folder: TempDir,
    address: String,
    client: Client,
}

impl Nginx {
    fn start() -> Option<Self> {
        let found = Command::new("nginx")
            .arg("-v")
            .stderr(Stdio::null())
            .status();
        if !found.is_ok_and(|status| status.success()) || !Path::new(MODULE).exists() {
            println!("skipped: nginx with nchan is not installed (libnginx-mod-nchan)");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .to_string();
        let place = folder.path().display();
        let configuration = format!(
            "load_module {MODULE};
             worker_processes 1; daemon off; pid {place}/pid; error_log {place}/error.log;
             events {{}}
             http {{
               access_log off;
               client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
               fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi;
               scgi_temp_path {place}/scgi;
               server {{
                 listen {address};
                 location = /publish {{
                   nchan_publisher; nchan_channel_id todos;
                   nchan_message_buffer_length 1000; nchan_message_timeout 10m;
                 }}
                 location = /stream {{ nchan_subscriber eventsource; nchan_channel_id todos; }}
               }}
             }}"
        );
        fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        let nginx = Self {
            process: run(folder.path()),
            folder,
            address,
            client: Client::new(),
        };
        nginx.wait_until_it_answers();
        Some(nginx)
    }

    fn stream(&self) -> String {
        format!("http://{}/stream", self.address)
    }

    fn publish(&self, kind: &str, message: &str) {
        let response = self.client.send(|client| {
            client
                .post(format!("http://{}/publish", self.address))
                .header("X-EventSource-Event", kind)
                .body(message.to_owned())
        });
        let status = response.unwrap().status();
        assert!(status.is_success(), "{status}");
    }

    /// Stops it and starts it again. It keeps no messages, and their IDs are seconds of the
    /// clock: those of the next second cannot be taken for those before.
    fn restart(&mut self) {
        self.stop();
        sleep(Duration::from_millis(1_100));
        self.process = run(self.folder.path());
        self.wait_until_it_answers();
    }

    fn wait_until_it_answers(&self) {
        let answers = || {
            let url = format!("http://{}/publish", self.address);
            self.client.send(|client| client.get(url)).is_ok()
        };
        let waited = wait_until("nginx answers", LIMIT, answers);
        let log = self.folder.path().join("error.log");
        waited.unwrap_or_else(|error| panic!("{error}: {:?}", fs::read_to_string(log)));
    }

    fn stop(&mut self) {
        let master = self.process.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &master]).status();
        let _ = self.process.wait();
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(folder: &Path) -> Child {
    Command::new("nginx")
        .arg("-p")
        .arg(folder)
        .args(["-c", "nginx.conf", "-e", "error.log"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
