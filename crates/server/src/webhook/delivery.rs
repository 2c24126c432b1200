//! Sending the events of one webhook, one after the other.

use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::cursor::CursorFile;
use super::settings::Webhook;
use crate::log::{Audience, LogError, LogEvent};
use crate::state::{Phase, ServerState, reached};

/// Time for the receiver to answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Starts the webhooks; each ends when the server drains.
#[allow(
    clippy::disallowed_methods,
    reason = "belldot_stream::Client is the desktop's, with its proxies and keyring"
)]
pub(crate) fn start(state: &Arc<ServerState>, webhooks: Vec<Webhook>) -> reqwest::Result<()> {
    if webhooks.is_empty() {
        return Ok(());
    }
    // Another part of the process may have chosen one already.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let client = Client::builder()
        .timeout(TIMEOUT)
        // A redirect could lead what was signed for one server to another.
        .redirect(Policy::none())
        .user_agent(concat!("belldot-server/", env!("CARGO_PKG_VERSION")))
        .build()?;
    for webhook in webhooks {
        let delivery = WebhookDelivery {
            cursor: CursorFile::new(&state.config.data, &webhook.sender),
            webhook,
            client: client.clone(),
            state: state.clone(),
        };
        let phase = state.phase.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = reached(phase, Phase::Draining) => {}
                () = delivery.run() => {}
            }
        });
    }
    Ok(())
}

struct WebhookDelivery {
    webhook: Webhook,
    cursor: CursorFile,
    client: Client,
    state: Arc<ServerState>,
}

/// Why a webhook ends before the server does.
enum DeliveryEnd {
    /// The receiver has said that it is gone (410).
    Gone,
    Log(LogError),
    Cursor(io::Error),
}

impl WebhookDelivery {
    async fn run(self) {
        let sender = &self.webhook.sender;
        let mut pauses = Pauses::new(&self.state.config.webhook_retry);
        loop {
            match self.deliver_all().await {
                DeliveryEnd::Gone => {
                    tracing::warn!(
                        "the webhook of {sender} ends, as its receiver is gone (410); it starts \
                         again with the server"
                    );
                    return;
                }
                DeliveryEnd::Log(error) => {
                    tracing::warn!("the webhook of {sender} waits for the log: {error}");
                }
                DeliveryEnd::Cursor(error) => {
                    tracing::error!("the place of the webhook of {sender}: {error}");
                }
            }
            tokio::time::sleep(pauses.next(None)).await;
        }
    }

    async fn deliver_all(&self) -> DeliveryEnd {
        let audience = Audience::Owner(self.webhook.sender.clone());
        let log = &self.state.log;
        let mut place = match self.place().await {
            Ok(place) => place,
            Err(error) => return DeliveryEnd::Cursor(error),
        };
        loop {
            let mut live = log.subscribe(&audience);
            let mut replay = log.since(&audience, Some(place));
            while let Some(page) = replay.next().await {
                let page = match page {
                    Ok(page) => page,
                    Err(error) => return DeliveryEnd::Log(error),
                };
                for event in page {
                    if let Err(end) = self.deliver(&event, &mut place).await {
                        return end;
                    }
                }
            }
            while let Some(event) = live.next().await {
                if let Err(end) = self.deliver(&event, &mut place).await {
                    return end;
                }
            }
            // More than the queue holds has happened meanwhile: the log has it.
        }
    }

    /// Where to go on; a webhook that is new starts with what happens from now on.
    async fn place(&self) -> io::Result<u64> {
        let (cursor, newest) = (self.cursor.clone(), self.state.log.newest());
        blocking(move || match cursor.load()? {
            Some(place) => Ok(place),
            None => cursor.store(newest).map(|()| newest),
        })
        .await
    }

    /// Sends an event until it is taken, and remembers that.
    async fn deliver(&self, event: &LogEvent, place: &mut u64) -> Result<(), DeliveryEnd> {
        if event.seq <= *place {
            return Ok(());
        }
        let body = message(event.data());
        let mut pauses = Pauses::new(&self.state.config.webhook_retry);
        loop {
            let at_least = match self.send(event.seq, &body).await {
                Ok(response) if response.status().is_success() => break,
                Ok(response) if response.status() == StatusCode::GONE => {
                    return Err(DeliveryEnd::Gone);
                }
                Ok(response) => {
                    self.warn(event.seq, &response.status().to_string());
                    retry_after(&response)
                }
                Err(error) => {
                    self.warn(event.seq, &error.without_url().to_string());
                    None
                }
            };
            tokio::time::sleep(pauses.next(at_least)).await;
        }
        let (cursor, seq) = (self.cursor.clone(), event.seq);
        blocking(move || cursor.store(seq))
            .await
            .map_err(DeliveryEnd::Cursor)?;
        *place = seq;
        Ok(())
    }

    async fn send(&self, seq: u64, body: &str) -> reqwest::Result<reqwest::Response> {
        let (id, timestamp) = (format!("todo_{seq}"), Timestamp::now().as_second());
        self.client
            .post(self.webhook.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(
                "webhook-signature",
                self.webhook.key.sign(&id, timestamp, body),
            )
            .header("webhook-timestamp", timestamp)
            .header("webhook-id", id)
            .body(body.to_owned())
            .send()
            .await
    }

    fn warn(&self, seq: u64, what: &str) {
        let sender = &self.webhook.sender;
        tracing::warn!("the webhook of {sender} was not taken and waits with {seq}: {what}");
    }
}

/// The body of a webhook's request, of an event's data.
fn message(data: &str) -> String {
    let todo: Value = serde_json::from_str(data).unwrap_or_default();
    json!({ "type": "todo.changed", "timestamp": todo["updated"], "data": todo }).to_string()
}

fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.parse().ok().map(Duration::from_secs)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}

/// The pauses between attempts: each at random up to a bound that doubles.
struct Pauses {
    bound: Duration,
    longest: Duration,
}

impl Pauses {
    fn new(range: &RangeInclusive<Duration>) -> Self {
        Self {
            bound: *range.start(),
            longest: *range.end(),
        }
    }

    /// Returns the next pause, not shorter than `at_least`, and not longer than the longest.
    fn next(&mut self, at_least: Option<Duration>) -> Duration {
        let pause = self.bound.mul_f64(0.5 + 0.5 * rand::random::<f64>());
        self.bound = (self.bound * 2).min(self.longest);
        pause.max(at_least.unwrap_or_default()).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let second = Duration::from_secs(1);
        let mut pauses = Pauses::new(&(second..=second * 8));
        for bound in [1, 2, 4, 8, 8] {
            let pause = pauses.next(None);
            assert!(pause <= second * bound && pause >= second * bound / 2);
        }
        assert_eq!(pauses.next(Some(second * 60)), second * 8);
    }
}
