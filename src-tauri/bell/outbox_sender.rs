//! The outbox on its way: a person's change, sent to the source's API.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use belldot_core::{
    Input,
    controller::Inputs,
    input::Outcome,
    source::{Source, SourceId},
    streams::Delivery,
};
use belldot_stream::{Credentials as _, is_loopback, retry::RETRY_AFTER_MOST};
use belldot_wire::clean_line;
use jiff::Timestamp;
use parking_lot::Mutex;
use reqwest::{Method, Response, StatusCode, header::HeaderMap};
use tokio::runtime::Handle;
use url::Url;

use crate::{
    bounded,
    http::HttpClients,
    os::keyring::Keyring,
    sign_in::{SignedIn, further_headers},
};

/// How long one request may take in all.
const LIMIT: Duration = Duration::from_secs(20);

/// Sends changes, one request each.
#[derive(Clone)]
pub struct OutboxSender {
    runtime: Handle,
    inputs: Inputs,
    keyring: Arc<Keyring>,
    http: HttpClients,
    sources: Arc<Mutex<HashMap<SourceId, Source>>>,
}

impl OutboxSender {
    /// Knows no source yet.
    pub fn new(runtime: Handle, inputs: Inputs, keyring: Arc<Keyring>, http: HttpClients) -> Self {
        Self {
            runtime,
            inputs,
            keyring,
            http,
            sources: Arc::default(),
        }
    }

    /// Remembers where a source's API is.
    pub fn know(&self, source: &Source) {
        self.lock().insert(source.id.clone(), source.clone());
    }

    /// Sends a change; the controller hears how it ended.
    pub fn deliver(&self, delivery: Delivery) {
        let outbox = self.clone();
        self.runtime.spawn(async move {
            let outcome = outbox.send(&delivery).await;
            outbox.inputs.tell(Input::Delivered {
                entry: delivery.entry,
                outcome,
            });
        });
    }

    async fn send(&self, delivery: &Delivery) -> Outcome {
        let unknown = Outcome::Refused {
            status: 404,
            detail: None,
        };
        let source = self.lock().get(&delivery.source).cloned();
        let Some((client, source)) = self.http.client().zip(source) else {
            return Outcome::TryLater { not_before: None };
        };
        let Some(url) = todo_url(&source.url, &delivery.todo) else {
            return unknown;
        };
        // Without its secret it would be refused: the stream says what is wrong with that.
        let Ok(kept) = SignedIn::new(&source, self.keyring.clone())
            .fetch(false)
            .await
        else {
            return Outcome::TryLater { not_before: None };
        };
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

    fn lock(&self) -> parking_lot::MutexGuard<'_, HashMap<SourceId, Source>> {
        self.sources.lock()
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
        let not_before = not_before(response.headers(), SystemTime::now());
        return Outcome::TryLater { not_before };
    }
    let detail = bounded::json::<belldot_wire::Problem>(response)
        .await
        .and_then(|problem| problem.detail)
        .map(|detail| clean_line(&detail));
    Outcome::Refused {
        status: status.as_u16(),
        detail,
    }
}

/// When the server wants to be asked again at the earliest, believed up to a day.
fn not_before(headers: &HeaderMap, now: SystemTime) -> Option<Timestamp> {
    let after = belldot_stream::retry_after(headers, now)?.min(RETRY_AFTER_MOST);
    Timestamp::try_from(now + after).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::RETRY_AFTER;

    use super::*;

    #[test]
    fn a_server_that_is_busy_says_in_seconds_or_by_a_date_when_to_come_back() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let after = |value: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            let then = SystemTime::from(not_before(&headers, now)?);
            then.duration_since(now).ok().map(|wait| wait.as_secs())
        };
        assert_eq!(after("120"), Some(120));
        assert_eq!(after("Wed, 18 Nov 2026 11:08:00 GMT"), Some(80));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        assert_eq!(after("99999999999999999999"), Some(24 * 3_600));
        assert_eq!(after("soon"), None);
        assert_eq!(not_before(&HeaderMap::new(), now), None);
    }

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
