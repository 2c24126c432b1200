//! `belldot demo`: a to-do server of its own, and to-dos that arrive every few seconds.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use belldot_core::{
    i18n::Localizer,
    settings::Settings,
    source::{Source, SourceId},
};
use belldot_stream::{Cause, Client, Network, ProxyAccess};
use reqwest::{Method, StatusCode};
use url::Url;

use crate::http;

/// Between one to-do and the next.
const EVERY: Duration = Duration::from_secs(6);
/// How many different to-dos there are; then they come again as new ones.
const KINDS: usize = 6;

/// Starts the server and whoever writes the to-dos; answers where the stream is. Both go on
/// until the process ends.
///
/// # Errors
/// When the address is taken or the folder cannot be used, in a sentence.
pub async fn start(data: PathBuf, listen: SocketAddr, words: Localizer) -> Result<Url, String> {
    let config = belldot_server::ServerConfig {
        listen,
        data,
        ..Default::default()
    };
    let server = belldot_server::bind_single(config)
        .await
        .map_err(|error| error.to_string())?;
    let base = format!("http://{}/api/v1/", server.address());
    tokio::spawn(async move {
        if let Err(error) = server.run(std::future::pending()).await {
            tracing::error!(%error, "the demo server ended");
        }
    });
    let base = Url::parse(&base).map_err(|error| error.to_string())?;
    let join = |path| {
        base.join(path)
            .map_err(|error: url::ParseError| error.to_string())
    };
    let client =
        tokio::task::spawn_blocking(|| http::client(&Network::default(), &ProxyAccess::default()));
    let client = client.await.map_err(|error| error.to_string())??;
    tokio::spawn(write_todos(client, join("todos")?, words));
    join("events")
}

/// Makes the demo one of the sources, or points it to where its server is now.
pub fn add_source(settings: &mut Settings, url: Url, words: &Localizer) {
    let id = SourceId("demo".to_owned());
    match settings.sources.iter_mut().find(|source| source.id == id) {
        Some(source) => source.url = url,
        None => settings
            .sources
            .push(Source::new(id, words.text("demo-source", &[]), url)),
    }
}

async fn write_todos(client: Client, url: Url, words: Localizer) {
    for at in 0.. {
        match write(&client, url.clone(), &todo(at, &words)).await {
            Ok(status) if status.is_success() => {}
            outcome => tracing::warn!(?outcome, "a demo to-do was not taken"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn write(client: &Client, url: Url, todo: &serde_json::Value) -> Result<StatusCode, Cause> {
    let request = client.request(Method::POST, url)?.json(todo);
    Ok(client.send(request).await?.status())
}

fn todo(at: usize, words: &Localizer) -> serde_json::Value {
    let kind = at % KINDS + 1;
    let say = |part: &str| words.text(&format!("demo-{part}-{kind}"), &[]);
    let hours = [Some(4), None, Some(26), Some(-3), Some(2), Some(70)][at % KINDS];
    let due = hours.map(|hours| jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours));
    let priority = [5, 3, 2, 4, 3, 1][at % KINDS];
    serde_json::json!({
        "title": say("title"),
        "sender": say("sender"),
        "priority": priority,
        "due": due.map(|due| due.round(jiff::Unit::Minute).unwrap_or(due)),
    })
}
