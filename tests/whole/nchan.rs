//! nginx with nchan: a server that nobody here wrote.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{Belldot, Home, NchanServer, SessionExt as _, program};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

#[test]
fn messages_ring_the_bell_and_become_todos_once_each_over_a_restart_of_nginx() {
    let Some(mut nginx) = Nchan::start() else {
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
    let Some(nginx) = Nchan::start() else {
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
    let Some(mut nginx) = Nchan::start() else {
        return;
    };
    let mut watch = Command::new(program("belldot"))
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

/// nginx with one channel, without async.
struct Nchan {
    runtime: Runtime,
    server: NchanServer,
}

impl Nchan {
    fn start() -> Option<Self> {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(NchanServer::start())?;
        Some(Self { runtime, server })
    }

    fn stream(&self) -> String {
        self.server.url("listen", "todos")
    }

    fn publish(&self, kind: &str, message: &str) {
        let publishing = self.server.publish("todos", kind, message);
        self.runtime.block_on(publishing);
    }

    fn restart(&mut self) {
        self.runtime.block_on(self.server.restart());
    }
}
