//! The cluster of `deploy/cluster`, as it stands there: three NATS servers, two nodes, nginx in front,
//! and people's streams through it. A node, the leader of the NATS servers and one of the others are
//! killed while to-dos are published, and everybody has exactly their own in the end.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test's client asks servers on this machine"
)]

mod clients;
mod machines;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use belldot_testkit::NatsCluster;
use serde_json::json;
use tokio::time::{sleep, timeout};

use clients::Clients;
use machines::{Nginx, Node, stream_leader, until_replicated};

const USERS: usize = 200;
const TODOS: usize = 5_000;
const PUBLISHERS: usize = 16;

/// For all of it: a slow machine must not fail it.
const LIMIT: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_killed_everybody_has_exactly_their_own() {
    timeout(LIMIT, run()).await.expect("an end in time");
}

async fn run() {
    let Some(mut nats) = NatsCluster::start().await else {
        return;
    };
    let urls = nats.urls();
    let (first, mut second) = tokio::join!(Node::start(&urls), Node::start(&urls));
    let Some(nginx) = Nginx::start(&[first.port(), second.port()]).await else {
        return;
    };
    let clients = Clients::start(&nginx.url(""), USERS).await;

    let (next, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let publish = async || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= TODOS {
                return;
            }
            let user = clients::user(number % USERS);
            let id = format!("todo-{number}");
            nginx
                .post(json!({ "id": id, "user": user, "title": id }))
                .await;
            taken.fetch_add(1, Ordering::Relaxed);
        }
    };
    let reached = async |count: usize| {
        while taken.load(Ordering::Relaxed) < count {
            sleep(Duration::from_millis(10)).await;
        }
    };
    let kill = async {
        reached(TODOS / 10).await;
        second.kill();
        reached(TODOS / 4).await;
        second.resume(&urls).await;

        let leader = stream_leader(&urls).await;
        nats.named(&leader).kill();
        reached(TODOS / 2).await;
        nats.named(&leader).resume().await;
        until_replicated(&urls).await;

        let leader = stream_leader(&urls).await;
        let mut names = nats.names().into_iter();
        let follower = names.find(|name| *name != leader).unwrap();
        nats.named(&follower).kill();
        reached(TODOS * 3 / 4).await;
        nats.named(&follower).resume().await;
    };
    let publishers = futures_util::future::join_all((0..PUBLISHERS).map(|_| publish()));
    tokio::join!(publishers, kill);

    for (user, todos) in clients.end(TODOS).await.into_iter().enumerate() {
        let own = (user..TODOS).step_by(USERS);
        let mut own: Vec<_> = own.map(|number| format!("todo-{number}")).collect();
        own.sort();
        // Each once, and so under one id: what was asked for twice is no second event.
        assert_eq!(todos, own, "{}", clients::user(user));
    }
}
