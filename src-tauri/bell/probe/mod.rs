//! What stands at an address, and why it is no stream or not a good one: asked by the settings
//! window and by `belldot doctor`.
//!
//! - `asking`: how to ask.
//! - `name`: the server's name; `stream`: listening, as a source would, with `wire` to note what
//!   goes over it; `replay`: whether what was missed comes again; `elsewhere`: where the stream
//!   may be instead; `other_scheme`: whether it is by the other one of http and https.
//! - `verdict`: what follows from all that; `report`: the same in words.

mod asking;
mod elsewhere;
mod name;
mod other_scheme;
mod replay;
mod report;
#[cfg(test)]
pub(crate) mod scripted;
mod stream;
#[cfg(test)]
mod tests;
pub mod used;
mod verdict;
mod wire;

use std::time::Duration;

use belldot_core::{
    address,
    format::{self, Change, Format},
    i18n::Localizer,
    input::Event,
    page::{Found, ProbeReport, ProbeStep, Sample},
};
use belldot_stream::Cause;
use belldot_wire::clean_line;
use url::Url;

pub use asking::{Asking, Patience};
use elsewhere::Elsewhere;
use replay::Replay;
use report::{Report, ReportStep};
use stream::{Heard, ListenOutcome};

/// Asks what stands at an address, as a source would; `tell` hears each step as it comes.
pub async fn probe(
    address: &str,
    asking: &Asking,
    words: &Localizer,
    tell: &mut (dyn FnMut(&ProbeStep) + Send),
) -> ProbeReport {
    let mut report = Report::new(words, tell);
    let url = match address::parse(address) {
        Ok(address) => address.url,
        Err(error) => {
            let why = error.say(words);
            return report.finish(
                Found::Unusable,
                ("probe-found-no-address", &why),
                None,
                None,
            );
        }
    };
    for used in &asking.used {
        report.add(ReportStep::new("used", None, "probe-used").with("what", used.as_str()));
    }
    let proxy = asking.client.proxy_to(&url).await;
    if let Some(proxy) = &proxy {
        let step = ReportStep::new("proxy", None, "probe-through-proxy");
        report.add(step.with("proxy", proxy.as_str().trim_end_matches('/')));
    }
    if let Err(why) = name::look_up(&url, proxy.is_some(), &mut report).await {
        let sentence = ("probe-found-nothing", why.as_str());
        return report.finish(Found::Nothing, sentence, Some(&url), None);
    }
    let heard = stream::listen(&url, asking, "", |wire, events| {
        let beats = wire.last().map_or(0, |answer| answer.heartbeats().len());
        events >= asking.patience.events || (events > 0 && beats > 2)
    })
    .await;
    redirects(&heard, &mut report);
    match &heard.outcome {
        ListenOutcome::Open | ListenOutcome::Ended(_) => open(&url, asking, heard, report).await,
        ListenOutcome::Full => {
            report.add(ReportStep::new("stream", Some(false), "probe-stream-full"));
            report.finish(Found::Full, ("probe-found-full", ""), Some(&url), None)
        }
        ListenOutcome::Unanswered => {
            report.add(ReportStep::new("stream", None, "probe-stream-unanswered"));
            let sentence = ("probe-found-unanswered", "");
            report.finish(Found::Unanswered, sentence, Some(&url), None)
        }
        ListenOutcome::Failed(cause) => failed(&url, asking, &heard, cause, report).await,
    }
}

/// Each hop that a redirect led to.
fn redirects(heard: &Heard, report: &mut Report<'_>) {
    for pair in heard.wire.exchanges.windows(2) {
        let Some(answer) = &pair[0].answer else {
            continue;
        };
        let step = ReportStep::new("redirect", None, "probe-redirected")
            .with("status", i64::from(answer.status.as_u16()))
            .with("url", address::shown(&pair[1].url));
        report.add(step);
    }
}

async fn open(url: &Url, asking: &Asking, heard: Heard, mut report: Report<'_>) -> ProbeReport {
    let answer = heard.wire.last();
    let opened = answer.map_or(0, |answer| millis(answer.after));
    report.add(ReportStep::new("stream", Some(true), "probe-stream-open").took(opened));
    let first = titles(&heard.events);
    let first_after = answer
        .and_then(|answer| answer.pieces.iter().find(|piece| piece.events > 0))
        .map(|piece| millis(piece.after));
    let mut step =
        match (first.first(), heard.events.first()) {
            (Some(title), _) => ReportStep::new("event", Some(true), "probe-first-event")
                .with("title", title.as_str()),
            (None, Some(event)) => ReportStep::new("event", None, "probe-event-unread")
                .with("kind", event.kind.as_str()),
            (None, None) => ReportStep::new("event", None, "probe-no-event"),
        };
    step.millis = first_after;
    report.add(step);
    for remark in verdict::remarks(&heard) {
        report.add(remark);
    }
    if asking.by_last_event_id
        && let Some(replay) = Replay::try_it(url, asking, &heard).await
    {
        report.add(replay.step());
    }
    let (found, sentence) = match elsewhere::is_belldot(url, asking).await {
        true => (Found::Belldot, "probe-found-belldot"),
        false => (Found::Sse, "probe-found-sse"),
    };
    ProbeReport {
        samples: samples(&heard.events),
        first,
        ..report.finish(found, (sentence, ""), Some(url), None)
    }
}

async fn failed(
    url: &Url,
    asking: &Asking,
    heard: &Heard,
    cause: &Cause,
    mut report: Report<'_>,
) -> ProbeReport {
    let said = report.words().cause(cause);
    let verdict = verdict::judge(cause, asking.signed_in);
    let answer = heard.wire.last();
    let asked_for = answer.and_then(|answer| answer.header("www-authenticate"));
    let scheme = asked_for.and_then(|value| value.split(' ').next());
    let took = answer
        .map(|answer| millis(answer.after))
        .unwrap_or_default();
    report.add_failure(
        "stream",
        said.clone(),
        &verdict.advice,
        &[
            ("scheme", scheme.unwrap_or_default().into()),
            ("host", url.host_str().unwrap_or_default().into()),
        ],
        took,
    );
    let elsewhere = Elsewhere::find(url, asking, heard).await;
    if let Some(elsewhere) = &elsewhere {
        let key = match elsewhere {
            Elsewhere::OtherScheme(_) => "probe-elsewhere-scheme",
            Elsewhere::Belldot(_) => "probe-elsewhere-belldot",
            Elsewhere::Linked(_) => "probe-elsewhere-linked",
        };
        let step =
            ReportStep::new("elsewhere", None, key).with("url", address::shown(elsewhere.url()));
        report.add(step);
    }
    let sentence = match &elsewhere {
        Some(Elsewhere::Belldot(_)) => "probe-found-belldot-base",
        Some(Elsewhere::OtherScheme(_)) => "probe-found-other-scheme",
        _ => verdict.sentence,
    };
    report.finish(
        verdict.found,
        (sentence, &said),
        Some(url),
        elsewhere.as_ref().map(Elsewhere::url),
    )
}

fn millis(duration: Duration) -> u64 {
    duration.as_millis() as u64
}

fn samples(events: &[Event]) -> Vec<Sample> {
    events.iter().map(Sample::from).collect()
}

fn titles(events: &[Event]) -> Vec<String> {
    let changes = events
        .iter()
        .flat_map(|event| format::decode(&Format::Auto, event).changes);
    let title = |change| match change {
        Change::Upsert(draft) => Some(draft.title),
        _ => None,
    };
    changes
        .filter_map(title)
        .map(|title| clean_line(&title))
        .collect()
}
