//! What stands at an address: asked by the settings window and by `belldot doctor`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_core::{
    format::{self, Change, Format},
    input::Event,
    page::{Found, ProbeReport, ProbeStep, Sample},
    words::Words,
};
use belldot_stream::{Cause, Client, Config, State, Subscription, Update};
use reqwest::header::HeaderMap;
use tokio::{net::lookup_host, time::timeout};
use url::Url;

use crate::streams;

/// How long a server may take to answer at all.
const ANSWER: Duration = Duration::from_secs(12);
/// How long to listen for the first events.
const LISTEN: Duration = Duration::from_secs(3);
/// How many of the first events to show.
const FIRST: usize = 5;

/// How to ask.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// What to send along: credentials, and a source's further headers.
    pub headers: HeaderMap,
    /// The way to the servers; none: as the system says.
    pub client: Option<Client>,
}

/// Asks what stands at an address, as a source would.
pub async fn probe(address: &str, asking: &Asking, words: &Words) -> ProbeReport {
    let mut steps = Vec::new();
    let url = match parse(address) {
        Ok(url) => url,
        Err(why) => return report(Found::Unusable, steps, Vec::new(), words, &why),
    };
    if let Err(why) = name_step(&url, words, &mut steps).await {
        return report(Found::Nothing, steps, Vec::new(), words, &why);
    }
    let (outcome, millis) = timed(listen(&url, asking)).await;
    let heard = match outcome {
        Ok(heard) => heard,
        Err(cause) => {
            let said = words.cause(&streams::words(&cause));
            steps.push(step(
                words,
                "probe-step-stream",
                Some(false),
                said.clone(),
                Some(millis),
            ));
            return report(found(&cause), steps, Vec::new(), words, &said);
        }
    };
    let said = words.say("probe-stream-open", &[]);
    steps.push(step(
        words,
        "probe-step-stream",
        Some(true),
        said,
        Some(heard.open_after),
    ));
    let first = titles(&heard.events);
    let said = match first.first() {
        Some(title) => words.say("probe-first-event", &[("title", title.as_str().into())]),
        None => words.say("probe-no-event", &[]),
    };
    let known = !first.is_empty();
    steps.push(step(
        words,
        "probe-step-event",
        known.then_some(true),
        said,
        heard.first_after,
    ));
    let found = match (heard.full, is_belldot(&url, asking).await) {
        (true, _) => Found::Full,
        (false, true) => Found::Belldot,
        (false, false) => Found::Sse,
    };
    ProbeReport {
        samples: samples(heard.events),
        ..report(found, steps, first, words, "")
    }
}

/// What was heard on an open stream.
#[derive(Default)]
struct Heard {
    open_after: u64,
    first_after: Option<u64>,
    full: bool,
    events: Vec<Event>,
}

async fn listen(url: &Url, asking: &Asking) -> Result<Heard, Cause> {
    let mut config = Config::new(url.clone());
    config.headers = asking.headers.clone();
    if let Some(client) = &asking.client {
        config.transport = Some(Arc::new(client.clone()));
    }
    let start = Instant::now();
    let millis = || start.elapsed().as_millis() as u64;
    let mut subscription = Subscription::start(config);
    let mut heard = Heard::default();
    loop {
        match timeout(ANSWER, subscription.next()).await {
            Ok(Some(Update::State(State::Open { .. }))) => break,
            Ok(Some(Update::State(State::Full { .. }))) => {
                heard.full = true;
                return Ok(heard);
            }
            Ok(Some(Update::State(State::Waiting { cause, .. } | State::Stopped { cause }))) => {
                return Err(cause);
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(Cause::Ended),
            Err(_) => return Err(Cause::Timeout),
        }
    }
    heard.open_after = millis();
    let more = async {
        while heard.events.len() < FIRST {
            match subscription.next().await {
                Some(Update::Event(event)) => {
                    heard.first_after.get_or_insert_with(millis);
                    heard.events.push(Event {
                        own_id: event.own_id,
                        kind: event.kind,
                        data: event.data,
                        id: event.id,
                    });
                }
                Some(Update::State(State::Full { .. })) => {
                    heard.full = true;
                    return;
                }
                Some(Update::State(State::Waiting { .. } | State::Stopped { .. })) | None => return,
                Some(_) => {}
            }
        }
    };
    // Quiet is fine: a stream need not have anything to say.
    let _ = timeout(LISTEN, more).await;
    subscription.handle().close().await;
    Ok(heard)
}

fn parse(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim()).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        scheme => Err(format!("{scheme}:")),
    }
}

async fn name_step(url: &Url, words: &Words, steps: &mut Vec<ProbeStep>) -> Result<(), String> {
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let (addresses, millis) = timed(timeout(ANSWER, lookup_host((host.as_str(), port)))).await;
    let first = match addresses {
        Ok(Ok(mut addresses)) => addresses.next().map(|address| address.ip().to_string()),
        Ok(Err(_)) | Err(_) => None,
    };
    let (ok, said) = match first {
        Some(address) => (true, format!("{host} → {address}")),
        None => (
            false,
            words.say("cause-dns", &[("detail", host.as_str().into())]),
        ),
    };
    steps.push(step(
        words,
        "probe-step-name",
        Some(ok),
        said.clone(),
        Some(millis),
    ));
    if ok { Ok(()) } else { Err(said) }
}

/// A server of ours says so beside its stream.
async fn is_belldot(url: &Url, asking: &Asking) -> bool {
    let Some(base) = url.path().strip_suffix("/events") else {
        return false;
    };
    let mut status = url.clone();
    status.set_path(&format!("{base}/status"));
    status.set_query(None);
    let ask = async {
        let client = asking.client.clone()?;
        let request = client.request(reqwest::Method::GET, status.clone()).ok()?;
        let request = request.headers(asking.headers.clone());
        let answer: serde_json::Value = client.send(request).await.ok()?.json().await.ok()?;
        answer.get("connections").map(|_| ())
    };
    matches!(timeout(LISTEN, ask).await, Ok(Some(())))
}

fn samples(events: Vec<Event>) -> Vec<Sample> {
    let sample = |event: Event| Sample {
        kind: event.kind,
        data: event.data,
        id: event.id,
    };
    events.into_iter().map(sample).collect()
}

fn titles(events: &[Event]) -> Vec<String> {
    let changes = events
        .iter()
        .flat_map(|event| format::decode(&Format::Auto, event).changes);
    let title = |change| match change {
        Change::Upsert(draft) => Some(draft.title),
        _ => None,
    };
    changes.filter_map(title).collect()
}

fn found(cause: &Cause) -> Found {
    match cause {
        Cause::SignIn => Found::SignIn,
        Cause::Dns(_) | Cause::Refused | Cause::Timeout | Cause::Broken(_) => Found::Nothing,
        Cause::Unusable(_) => Found::Unusable,
        _ => Found::NotAStream,
    }
}

fn report(
    found: Found,
    steps: Vec<ProbeStep>,
    first: Vec<String>,
    words: &Words,
    why: &str,
) -> ProbeReport {
    let key = match found {
        Found::Belldot => "probe-found-belldot",
        Found::Sse => "probe-found-sse",
        Found::Full => "probe-found-full",
        Found::SignIn => "probe-found-sign-in",
        Found::NotAStream => "probe-found-not-a-stream",
        Found::Nothing => "probe-found-nothing",
        Found::Unusable => "probe-found-unusable",
    };
    ProbeReport {
        found,
        sentence: words.say(key, &[("why", why.into())]),
        steps,
        first,
        samples: Vec::new(),
    }
}

fn step(
    words: &Words,
    key: &str,
    ok: Option<bool>,
    detail: String,
    millis: Option<u64>,
) -> ProbeStep {
    ProbeStep {
        name: words.say(key, &[]),
        ok,
        detail,
        millis,
    }
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, u64) {
    let start = Instant::now();
    let result = work.await;
    (result, start.elapsed().as_millis() as u64)
}
