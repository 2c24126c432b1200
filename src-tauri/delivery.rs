//! The outbox on its way: a person's change, sent to the source's API.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use belldot_core::{
    Input,
    input::Outcome,
    source::{Source, SourceId},
    streams::Delivery,
};
use belldot_stream::{Credentials as _, is_loopback};
use jiff::Timestamp;
use reqwest::{Method, Response, StatusCode, header::RETRY_AFTER};
use tokio::runtime::Handle;
use url::Url;

use crate::{
    bounded,
    os::keyring::Keyring,
    sign_in::{SignedIn, further_headers},
    way::Way,
};

/// How long one request may take in all.
const LIMIT: Duration = Duration::from_secs(20);

/// Sends changes, one request each.
#[derive(Clone)]
pub struct Courier {
    runtime: Handle,
    inputs: flume::Sender<Input>,
    keyring: Arc<Keyring>,
    way: Way,
    sources: Arc<Mutex<HashMap<SourceId, Source>>>,
}

impl Courier {
    /// Knows no source yet.
    pub fn new(
        runtime: Handle,
        inputs: flume::Sender<Input>,
        keyring: Arc<Keyring>,
        way: Way,
    ) -> Self {
        Self {
            runtime,
            inputs,
            keyring,
            way,
            sources: Arc::default(),
        }
    }

    /// Remembers where a source's API is.
    pub fn know(&self, source: &Source) {
        self.lock().insert(source.id.clone(), source.clone());
    }

    /// Sends a change; the controller hears how it ended.
    pub fn deliver(&self, delivery: Delivery) {
        let courier = self.clone();
        self.runtime.spawn(async move {
            let outcome = courier.send(&delivery).await;
            let input = Input::Delivered {
                entry: delivery.entry,
                outcome,
            };
            let _ = courier.inputs.send_async(input).await;
        });
    }

    async fn send(&self, delivery: &Delivery) -> Outcome {
        let unknown = Outcome::Refused {
            status: 404,
            detail: None,
        };
        let source = self.lock().get(&delivery.source).cloned();
        let Some((client, source)) = self.way.client().zip(source) else {
            return unknown;
        };
        let Some(url) = todo_url(&source.url, &delivery.todo) else {
            return unknown;
        };
        let kept = SignedIn::new(&source, self.keyring.clone())
            .fetch(false)
            .await
            .unwrap_or_default();
        if kept.headers.iter().next().is_some() && is_plain(&url) && !source.allow_plain_http {
            // The stream says why it is not open.
            return Outcome::TryLater { not_before: None };
        }
        let Ok(request) = client.request(Method::PATCH, url) else {
            return unknown;
        };
        let request = request
            .headers(further_headers(&source))
            .headers(kept.headers)
            .json(&delivery.patch)
            .timeout(LIMIT);
        match client.send(request).await {
            Ok(response) => outcome(response).await,
            Err(error) => {
                tracing::info!(?error, "a change waits for its server");
                Outcome::TryLater { not_before: None }
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SourceId, Source>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether others on the network could read along.
fn is_plain(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

/// Where the API keeps a to-do: beside the stream, `…/events` → `…/todos/{id}`.
fn todo_url(stream: &Url, todo: &str) -> Option<Url> {
    let mut url = stream.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .pop()
        .push("todos")
        .push(todo);
    Some(url)
}

async fn outcome(response: Response) -> Outcome {
    let status = response.status();
    if status.is_success() {
        return Outcome::Taken;
    }
    let later = status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
        );
    if later {
        let seconds = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse::<i64>().ok())
            .map(|seconds| seconds.clamp(0, 3_600));
        let not_before =
            seconds.map(|seconds| Timestamp::now() + jiff::SignedDuration::from_secs(seconds));
        return Outcome::TryLater { not_before };
    }
    let detail = bounded::json::<belldot_wire::Problem>(response)
        .await
        .and_then(|problem| problem.detail);
    Outcome::Refused {
        status: status.as_u16(),
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_todo_stands_beside_its_stream() {
        let stream = Url::parse("https://todo.example/api/v1/events?topic=a").unwrap();
        let url = todo_url(&stream, "a/b ü").unwrap();
        assert_eq!(
            url.as_str(),
            "https://todo.example/api/v1/todos/a%2Fb%20%C3%BC"
        );
    }
}
