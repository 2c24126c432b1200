//! Somebody who sends many to-dos to a server, whatever happens to it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use belldot_session::wait_until;
use belldot_testkit::{BelldotServer, LIMIT, direct_client};
use futures_util::{StreamExt as _, stream};
use reqwest::Client;
use serde_json::Value;
use tokio::{runtime::Runtime, sync::Semaphore, time::sleep};

/// How many posts are under way at the same time.
const AT_ONCE: usize = 64;

/// Posts numbered to-dos, each again and again until the server acknowledged it.
pub struct Sender {
    count: usize,
    allowed: Arc<Semaphore>,
    acknowledged: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl Sender {
    /// Sends so many in all, but none before [`Sender::release`].
    pub fn start(
        server: &BelldotServer,
        count: usize,
        todo: impl Fn(usize) -> Value + Send + 'static,
    ) -> Self {
        let allowed = Arc::new(Semaphore::new(0));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let (permits, done) = (allowed.clone(), acknowledged.clone());
        let url = server.todos();
        let thread = thread::spawn(move || {
            let client = direct_client();
            let send = async |number| {
                permits.acquire().await.unwrap().forget();
                let todo = todo(number);
                while !is_acknowledged(&client, &url, &todo).await {
                    sleep(Duration::from_millis(20)).await;
                }
                done.fetch_add(1, Ordering::Relaxed);
            };
            let all = stream::iter(0..count).for_each_concurrent(AT_ONCE, send);
            Runtime::new().unwrap().block_on(all);
        });
        Self {
            count,
            allowed,
            acknowledged,
            thread,
        }
    }

    /// Lets it send so many more.
    pub fn release(&self, count: usize) {
        self.allowed.add_permits(count);
    }

    /// Waits until the server has acknowledged all that were released.
    pub fn finish(self) {
        wait_until("every to-do is acknowledged", LIMIT, || {
            self.thread.is_finished() || self.acknowledged.load(Ordering::Relaxed) == self.count
        })
        .unwrap();
        self.thread.join().unwrap();
    }
}

async fn is_acknowledged(client: &Client, url: &str, todo: &Value) -> bool {
    match client.post(url).json(todo).send().await {
        Ok(response) => {
            let status = response.status();
            assert!(!status.is_client_error(), "{status}");
            status.is_success()
        }
        Err(_) => false,
    }
}
