//! What the streams have been doing, for whoever wants to see why one does not work.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_core::{
    i18n::Localizer,
    page::{NotUnderstood, Sample, StreamMoment, StreamReport},
    source::{Source, SourceId, StreamState},
};
use belldot_stream::{Event, Handle};
use belldot_wire::clean_line;
use jiff::{Timestamp, Zoned};
use parking_lot::Mutex;
use url::Url;

/// How many states and events are remembered.
const STATES: usize = 60;
const SAMPLES: usize = 5;
/// A larger event is not remembered.
const SAMPLE: usize = 16 << 10;
/// Over how long the rate is told.
const MINUTE: Duration = Duration::from_secs(60);

/// The records of all streams; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct StreamHistories(Arc<Mutex<HashMap<SourceId, StreamHistory>>>);

#[derive(Debug, Default)]
struct StreamHistory {
    handle: Option<Handle>,
    states: VecDeque<(Timestamp, StreamState)>,
    samples: VecDeque<Sample>,
    /// Events by the second in which they came, no more than a minute of them.
    seconds: VecDeque<(Instant, u64)>,
}

impl StreamHistories {
    /// A stream starts; what its predecessor did stays on record.
    pub fn begin(&self, source: &SourceId, handle: Handle) {
        self.with(source, |record| record.handle = Some(handle));
    }

    /// A stream's state changed.
    pub fn state(&self, source: &SourceId, state: &StreamState) {
        self.with(source, |record| {
            if record.states.len() == STATES {
                record.states.pop_front();
            }
            record.states.push_back((Timestamp::now(), state.clone()));
        });
    }

    /// A stream dispatched an event.
    pub fn event(&self, source: &SourceId, event: &Event) {
        self.with(source, |record| {
            record.count(Instant::now());
            if event.data.len() > SAMPLE {
                return;
            }
            if record.samples.len() == SAMPLES {
                record.samples.pop_front();
            }
            record.samples.push_back(Sample::from(event));
        });
    }

    /// What a source's stream has been doing; nothing where it never ran.
    pub fn report(
        &self,
        source: &Source,
        missed: Option<&NotUnderstood>,
        words: &Localizer,
    ) -> Option<StreamReport> {
        let mut histories = self.0.lock();
        let record = histories.get_mut(&source.id)?;
        record.forget(Instant::now());
        let known = record.handle.as_ref()?.statistics();
        let now = Zoned::now();
        let moment = |(at, state): &(Timestamp, StreamState)| StreamMoment {
            at: *at,
            state: state.clone(),
            words: words.state(state, &now),
        };
        let mut report = StreamReport {
            history: record.states.iter().map(moment).collect(),
            attempts: known.attempts,
            opened: known.opened,
            events: known.events,
            events_last_minute: record.seconds.iter().map(|(_, count)| count).sum(),
            skipped: known.skipped,
            heartbeats: known.heartbeats,
            heartbeat_gap: known.usual_gap.map(|gap| gap.as_secs()),
            bytes: known.bytes,
            last_heard: known
                .last_heard
                .and_then(|time| Timestamp::try_from(time).ok()),
            last_id: known.last_event_id,
            samples: record.samples.iter().cloned().collect(),
            text: String::new(),
        };
        report.text = text(source, &report, missed, words);
        Some(report)
    }

    fn with(&self, source: &SourceId, change: impl FnOnce(&mut StreamHistory)) {
        let mut histories = self.0.lock();
        match histories.get_mut(source) {
            Some(record) => change(record),
            None => change(histories.entry(source.clone()).or_default()),
        }
    }
}

impl StreamHistory {
    fn count(&mut self, now: Instant) {
        match self.seconds.back_mut() {
            Some((second, count)) if now - *second < Duration::from_secs(1) => *count += 1,
            _ => {
                self.seconds.push_back((now, 1));
                self.forget(now);
            }
        }
    }

    fn forget(&mut self, now: Instant) {
        while self
            .seconds
            .front()
            .is_some_and(|(second, _)| now - *second >= MINUTE)
        {
            self.seconds.pop_front();
        }
    }
}

/// The report as text to pass on: no secrets, and nothing of what the events say.
fn text(
    source: &Source,
    report: &StreamReport,
    missed: Option<&NotUnderstood>,
    words: &Localizer,
) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        let said = words.text(key, &[("value", value.into())]);
        let _ = writeln!(text, "{said}");
    };
    line("report-address", redacted(&source.url));
    line("report-attempts", report.attempts.to_string());
    line("report-opened", report.opened.to_string());
    line("report-events", report.events.to_string());
    line("report-minute", report.events_last_minute.to_string());
    line("report-skipped", report.skipped.to_string());
    line("report-heartbeats", report.heartbeats.to_string());
    if let Some(gap) = report.heartbeat_gap {
        line("report-gap", gap.to_string());
    }
    line("report-bytes", report.bytes.to_string());
    if let Some(heard) = report.last_heard {
        line("report-heard", heard.to_string());
    }
    line("report-last-id", clean_line(&report.last_id));
    if let Some(missed) = missed {
        line("report-not-understood", missed.count.to_string());
        for event in &missed.latest {
            // The names in it help; what it says is nobody else's business.
            let outline = event.outline.clone();
            let outline = outline.map(|outline| clean_line(&outline));
            let outline = outline.unwrap_or_else(|| words.text("report-a-text", &[]));
            let _ = writeln!(text, "  {}: {outline}", clean_line(&event.kind));
        }
    }
    for moment in &report.history {
        let _ = writeln!(text, "{}  {}", moment.at, moment.words);
    }
    text
}

/// An address that can be passed on: without names, passwords, and the values of its query.
pub fn redacted(url: &Url) -> String {
    let mut bare = url.clone();
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare.set_fragment(None);
    if url.query().is_some() {
        let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into()).collect();
        bare.query_pairs_mut()
            .clear()
            .extend_pairs(names.iter().map(|name| (name.as_str(), "…")));
    }
    bare.to_string().replace("%E2%80%A6", "…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_passed_on_without_its_secrets() {
        let url = Url::parse("https://ann:pass@push.example/a/sse?auth=SECRET&since=12#x").unwrap();
        assert_eq!(redacted(&url), "https://push.example/a/sse?auth=…&since=…");
        let url = Url::parse("https://push.example/events").unwrap();
        assert_eq!(redacted(&url), "https://push.example/events");
    }

    #[test]
    fn the_rate_counts_the_events_of_the_last_minute() {
        let mut record = StreamHistory::default();
        let start = Instant::now();
        for second in 0..90 {
            record.count(start + Duration::from_secs(second));
            record.count(start + Duration::from_secs(second));
        }
        record.forget(start + Duration::from_secs(89));
        let count: u64 = record.seconds.iter().map(|(_, count)| count).sum();
        assert_eq!(count, 120);
        assert!(record.seconds.len() <= 60, "memory is bounded");
    }

    #[test]
    fn what_a_server_names_stands_in_a_report_clean_short_and_without_secrets() {
        let words = Localizer::new(belldot_core::settings::Language::English);
        let url = Url::parse("https://push.example/events").unwrap();
        let source = Source::new(SourceId("work".to_owned()), "Work", url);
        let hostile = format!("\u{202e}token=s3cret {}", "x ".repeat(100_000));
        let report = StreamReport {
            history: Vec::new(),
            attempts: 1,
            opened: 1,
            events: 1,
            events_last_minute: 0,
            skipped: 0,
            heartbeats: 0,
            heartbeat_gap: None,
            bytes: 0,
            last_heard: None,
            last_id: hostile,
            samples: Vec::new(),
            text: String::new(),
        };
        let text = text(&source, &report, None, &words);
        assert!(text.len() < 1_000, "{}", text.len());
        assert!(
            !text.contains('\u{202e}') && !text.contains("s3cret"),
            "{text}"
        );
    }
}
