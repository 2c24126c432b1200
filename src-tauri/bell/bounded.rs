//! Answers that are no stream: read whole, as far as that goes.

use std::time::Duration;

use reqwest::Response;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

/// How much of an answer is read.
const MOST: usize = 64 << 10;
/// How long it may take to arrive.
const TIME: Duration = Duration::from_secs(5);

/// What came of an answer's body in a bounded time, at most 64 KiB of it.
pub async fn body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let read = async {
        while body.len() < MOST
            && let Ok(Some(chunk)) = response.chunk().await
        {
            let room = MOST - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
    };
    // Whatever came in time is what there is to look at.
    let _ = timeout(TIME, read).await;
    body
}

/// The same as text; what is not UTF-8 is replaced.
pub async fn text(response: Response) -> String {
    String::from_utf8_lossy(&body(response).await).into_owned()
}

/// The same as JSON; `None` where it is none, or longer.
pub async fn json<T: DeserializeOwned>(response: Response) -> Option<T> {
    serde_json::from_slice(&body(response).await).ok()
}

#[cfg(test)]
mod tests {
    use belldot_stream::{Network, ProxyAccess};
    use reqwest::Method;

    use super::*;
    use crate::{
        http,
        probe::scripted::{Script, ScriptedServer},
    };

    async fn asked(server: &ScriptedServer) -> Response {
        let client = http::client(&Network::default(), &ProxyAccess::default()).unwrap();
        let request = client.request(Method::GET, server.url("/")).unwrap();
        client.send(request).await.unwrap()
    }

    #[tokio::test]
    async fn an_endless_answer_is_read_as_far_as_the_bound() {
        let server = ScriptedServer::start(|_| {
            Script::says("HTTP/1.1 404 Not Found\r\n\r\n").then_for_ever("x".repeat(1 << 16))
        })
        .await;
        let response = asked(&server).await;
        assert_eq!(body(response).await.len(), MOST);
    }

    #[tokio::test]
    async fn an_answer_that_does_not_end_is_what_came_of_it() {
        let head = "HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\nGone";
        let server = ScriptedServer::start(move |_| Script::says(head).then_silence()).await;
        let response = asked(&server).await;
        assert_eq!(text(response).await, "Gone");
    }
}
