//! nginx with nchan: a real server that nobody here wrote. Messages with IDs and types, a worker
//! killed, nginx restarted, a channel deleted, a subscriber limit: nothing lost, nothing twice
//! (told apart by ID, as the inbox does). Where nginx or its module is missing the tests fail, unless
//! `BELLDOT_MAY_SKIP` names `nchan`.
//!
//! ```sh
//! cargo test -p belldot-stream --test nchan
//! ```

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use belldot_stream::{
    Cause, Config, Network, Proxy, StreamPolicy, StreamState, Subscription, Update,
};
use belldot_testkit::NchanServer;
use tokio::time::{sleep, timeout};

const LIMIT: Duration = Duration::from_secs(30);

async fn publish(nginx: &NchanServer, channel: &str, messages: impl IntoIterator<Item = u32>) {
    for message in messages {
        nginx.publish(channel, "todo", &message.to_string()).await;
    }
}

/// A subscription, and what an inbox would hold of it.
struct Inbox {
    stream: Subscription,
    ids: Vec<String>,
    messages: Vec<(String, u32)>,
}

impl Inbox {
    fn new(url: &str) -> Self {
        let mut config = Config::new(url.parse().unwrap());
        config.network = Network {
            proxy: Proxy::Direct,
            ..Network::default()
        };
        config.policy = StreamPolicy {
            base: Duration::from_millis(200),
            ceiling: Duration::from_millis(500),
            gap: Duration::from_millis(50),
            ..StreamPolicy::default()
        };
        Self {
            stream: Subscription::start(config),
            ids: Vec::new(),
            messages: Vec::new(),
        }
    }

    async fn next_state(&mut self) -> StreamState {
        loop {
            let update = timeout(LIMIT, self.stream.next())
                .await
                .expect("an update in time");
            match update.unwrap() {
                Update::Event(event) if self.ids.contains(&event.id) => {}
                Update::Event(event) => {
                    self.messages
                        .push((event.kind, event.data.parse().unwrap()));
                    self.ids.push(event.id);
                }
                Update::State(state) => return state,
                _ => {}
            }
        }
    }

    async fn open(&mut self) {
        while !matches!(self.next_state().await, StreamState::Open { .. }) {}
    }

    /// Reads until this many messages are there, and a little longer.
    async fn read(&mut self, count: usize) {
        let all = async {
            while self.messages.len() < count {
                let _ = timeout(Duration::from_millis(50), self.next_state()).await;
            }
        };
        timeout(LIMIT, all)
            .await
            .unwrap_or_else(|_| panic!("only {:?}", self.messages));
        let _ = timeout(Duration::from_millis(300), async {
            loop {
                self.next_state().await;
            }
        })
        .await;
    }

    fn numbers(&self) -> Vec<u32> {
        self.messages.iter().map(|(_, number)| *number).collect()
    }
}

fn up_to(last: u32) -> Vec<u32> {
    (1..=last).collect()
}

#[tokio::test]
async fn messages_arrive_with_their_ids_and_types() {
    let Some(nginx) = NchanServer::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    publish(&nginx, "a", 1..=20).await;
    inbox.read(20).await;
    assert_eq!(inbox.numbers(), up_to(20));
    assert!(inbox.messages.iter().all(|(kind, _)| kind == "todo"));
    assert!(
        inbox.ids.iter().all(|id| id.contains(':')),
        "{:?}",
        inbox.ids
    );
    // Comments sent while nothing happens are its heartbeats.
    let heard = async {
        while inbox.stream.handle().statistics().heartbeats < 2 {
            let _ = timeout(Duration::from_millis(100), inbox.stream.next()).await;
        }
    };
    timeout(LIMIT, heard).await.expect("heartbeats");
}

#[tokio::test]
async fn what_was_missed_is_replayed_once() {
    let Some(nginx) = NchanServer::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    publish(&nginx, "a", 1..=10).await;
    inbox.read(10).await;
    inbox.stream.handle().pause();
    while inbox.next_state().await != StreamState::Paused {}
    publish(&nginx, "a", 11..=20).await;
    inbox.stream.handle().resume();
    inbox.open().await;
    publish(&nginx, "a", 21..=30).await;
    inbox.read(30).await;
    assert_eq!(inbox.numbers(), up_to(30));
}

#[tokio::test]
async fn a_killed_worker_loses_nothing() {
    let Some(nginx) = NchanServer::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    publish(&nginx, "a", 1..=10).await;
    inbox.read(10).await;
    nginx.kill_worker();
    assert!(matches!(
        inbox.next_state().await,
        StreamState::Waiting { .. }
    ));
    nginx.wait_until_ready().await;
    inbox.open().await;
    nginx.next_second().await;
    publish(&nginx, "a", 11..=20).await;
    inbox.read(20).await;
    assert_eq!(inbox.numbers(), up_to(20));
}

#[tokio::test]
async fn a_restart_loses_nothing_that_is_said_after_it() {
    let Some(mut nginx) = NchanServer::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    publish(&nginx, "a", 1..=10).await;
    inbox.read(10).await;
    nginx.restart().await;
    // Said before the subscription is back, or after: the ID decides, not luck.
    publish(&nginx, "a", 11..=20).await;
    inbox.read(20).await;
    assert_eq!(inbox.numbers(), up_to(20));
}

#[tokio::test]
async fn a_deleted_channel_ends_the_stream_and_comes_back() {
    let Some(nginx) = NchanServer::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    publish(&nginx, "a", 1..=5).await;
    inbox.read(5).await;
    nginx.delete("a").await;
    let state = inbox.next_state().await;
    assert!(matches!(state, StreamState::Waiting { .. }), "{state:?}");
    inbox.open().await;
    nginx.next_second().await;
    publish(&nginx, "a", 6..=10).await;
    inbox.read(10).await;
    assert_eq!(inbox.numbers(), up_to(10));
}

#[tokio::test]
async fn a_subscriber_limit_is_named_and_tried_again_slowly() {
    let Some(nginx) = NchanServer::start().await else {
        return;
    };
    let url = nginx.url("limited", "a");
    let mut first = Inbox::new(&url);
    first.open().await;
    let mut second = Inbox::new(&url);
    assert!(matches!(
        second.next_state().await,
        StreamState::Connecting { .. }
    ));
    let StreamState::Waiting { until, cause, .. } = second.next_state().await else {
        panic!()
    };
    assert_eq!(cause, Cause::Status(reqwest::StatusCode::FORBIDDEN));
    let delay = std::time::SystemTime::from(until)
        .duration_since(std::time::SystemTime::now())
        .unwrap();
    assert!(delay > Duration::from_secs(200), "{delay:?}");
    first.stream.handle().close().await;
    // nchan may take a moment to notice that the first has gone.
    let opened = async {
        loop {
            second.stream.handle().retry_now();
            while !matches!(second.next_state().await, StreamState::Connecting { .. }) {}
            if matches!(second.next_state().await, StreamState::Open { .. }) {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(LIMIT, opened).await.expect("room for the second");
    publish(&nginx, "a", 1..=5).await;
    second.read(5).await;
    assert_eq!(second.numbers(), up_to(5));
}
