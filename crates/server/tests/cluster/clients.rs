//! People's streams, by the client that Belldot has.

use std::collections::BTreeMap;
use std::time::Duration;

use belldot_stream::{Config, Network, Proxy, StreamPolicy, StreamState, Subscription, Update};
use belldot_wire::Todo;
use tokio::sync::mpsc;

/// The streams of all users.
pub struct Clients {
    count: usize,
    heard: mpsc::UnboundedReceiver<Heard>,
}

enum Heard {
    Open,
    /// An event with its id and its to-do's.
    Todo(usize, String, String),
}

/// The name of a user.
pub fn user(number: usize) -> String {
    format!("user-{number}")
}

impl Clients {
    /// Opens a stream for each user, and waits until all are open.
    pub async fn start(server: &str, count: usize) -> Self {
        let (sender, mut heard) = mpsc::unbounded_channel();
        for number in 0..count {
            let token = user(number);
            let url = format!("{server}/api/v1/events?access_token={token}");
            tokio::spawn(listen(number, subscription(&url), sender.clone()));
        }
        for _ in 0..count {
            assert!(matches!(heard.recv().await, Some(Heard::Open)));
        }
        Self { count, heard }
    }

    /// Waits until this many to-dos have arrived in all, and returns each user's, sorted. As an
    /// inbox does, it takes an event that comes again under its id as the same.
    pub async fn end(mut self, todos: usize) -> Vec<Vec<String>> {
        let mut events = vec![BTreeMap::new(); self.count];
        let mut arrived = 0;
        while arrived < todos {
            match self.heard.recv().await.unwrap() {
                Heard::Open => {}
                Heard::Todo(client, event, todo) => {
                    if events[client].insert(event, todo).is_none() {
                        arrived += 1;
                    }
                }
            }
        }
        let sorted = |events: BTreeMap<String, String>| {
            let mut todos: Vec<_> = events.into_values().collect();
            todos.sort();
            todos
        };
        events.into_iter().map(sorted).collect()
    }
}

fn subscription(url: &str) -> Subscription {
    let mut config = Config::new(url.parse().unwrap());
    config.network = Network {
        proxy: Proxy::Direct,
        ..Network::default()
    };
    config.policy = StreamPolicy {
        base: Duration::from_millis(200),
        ceiling: Duration::from_secs(2),
        slow: Duration::from_millis(200)..=Duration::from_secs(2),
        foreign: Duration::from_millis(200)..=Duration::from_secs(2),
        ..StreamPolicy::default()
    };
    Subscription::start(config)
}

async fn listen(number: usize, mut stream: Subscription, heard: mpsc::UnboundedSender<Heard>) {
    let mut was_open = false;
    while let Some(update) = stream.next().await {
        let said = match update {
            Update::State(StreamState::Open { .. }) if !was_open => {
                was_open = true;
                heard.send(Heard::Open)
            }
            Update::Event(event) => {
                let todo: Todo = serde_json::from_str(&event.data).unwrap();
                heard.send(Heard::Todo(number, event.id, todo.id))
            }
            _ => Ok(()),
        };
        if said.is_err() {
            return;
        }
    }
}
