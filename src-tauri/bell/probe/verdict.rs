//! What follows from what was heard: pure, so that each rule is a line of a table.

use std::time::Duration;

use belldot_core::page::Found;
use belldot_stream::Cause;

use crate::charset;

use super::{
    report::ReportStep,
    stream::{Heard, ListenOutcome},
    wire::{HttpAnswer, Piece},
};

/// A head that took longer than this, …
const LATE: Duration = Duration::from_secs(2);
/// … and came no longer than this before the first event, waited for it.
const TOGETHER: Duration = Duration::from_millis(100);
/// What is no further apart than this came as one.
const LUMP: Duration = Duration::from_millis(150);
/// So many events at once, again and again, were held back by something.
const MANY: usize = 3;
/// A line that waits so long for its rest is held back by something.
const CUT: Duration = Duration::from_secs(1);

/// How a stream's events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Each when it happens.
    Live,
    /// All at once, when the answer was over.
    AtTheEnd,
    /// Several at once, again and again.
    InLumps,
    /// In the middle of a line something waited for more.
    InBlocks,
}

/// What the stream's answer says about itself.
pub fn remarks(heard: &Heard) -> Vec<ReportStep<'_>> {
    let Some(answer) = heard.wire.last().filter(|_| heard.is_stream()) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    steps.extend(head(answer));
    steps.extend(arrival(answer).map(buffering));
    steps.extend(length(answer));
    steps.extend(charset(answer));
    steps.extend(end(heard, answer));
    steps.push(heartbeat(heard, answer));
    steps.extend(answer.retry.map(|retry| {
        let step = ReportStep::new("retry", None, "probe-retry");
        step.with("seconds", retry.as_secs_f64())
    }));
    steps
}

/// The head came only together with the first event.
fn head(answer: &HttpAnswer) -> Option<ReportStep<'static>> {
    let first = answer.pieces.first()?;
    let late = answer.after >= LATE && first.after.saturating_sub(answer.after) <= TOGETHER;
    (late && first.events > 0).then(|| {
        let step = ReportStep::new("head", None, "probe-head-late");
        step.with("seconds", seconds(answer.after))
    })
}

/// How the events arrived, where enough came to tell.
fn arrival(answer: &HttpAnswer) -> Option<Arrival> {
    let lumps = lumps(&answer.pieces);
    let orderly_end = matches!(answer.ended, Some((_, None)));
    if let ([all], true) = (lumps.as_slice(), orderly_end)
        && answer.after >= LATE
        && all.events >= MANY
    {
        return Some(Arrival::AtTheEnd);
    }
    let held = |pair: &[Piece]| pair[0].cut && pair[1].after - pair[0].after >= CUT;
    if answer.pieces.windows(2).any(held) {
        return Some(Arrival::InBlocks);
    }
    // What comes first is what waited, or what is repeated to everybody.
    let later = lumps.get(1..).unwrap_or_default();
    let with_events = later.iter().filter(|lump| lump.events > 0);
    let counts: Vec<usize> = with_events.map(|lump| lump.events).collect();
    match counts.as_slice() {
        [] => None,
        [_, _, ..] if counts.iter().all(|count| *count >= MANY) => Some(Arrival::InLumps),
        counts if counts.iter().all(|count| *count < MANY) => Some(Arrival::Live),
        _ => None,
    }
}

/// Pieces that came as one.
fn lumps(pieces: &[Piece]) -> Vec<Piece> {
    let mut lumps: Vec<Piece> = Vec::new();
    let mut last = Duration::ZERO;
    for piece in pieces {
        match lumps.last_mut() {
            Some(lump) if piece.after - last <= LUMP => {
                lump.bytes += piece.bytes;
                lump.events += piece.events;
                lump.beats += piece.beats;
                lump.cut = piece.cut;
            }
            _ => lumps.push(*piece),
        }
        last = piece.after;
    }
    lumps
}

fn buffering(arrival: Arrival) -> ReportStep<'static> {
    let step = |ok, key| ReportStep::new("buffering", Some(ok), key);
    match arrival {
        Arrival::Live => step(true, "probe-buffering-none"),
        Arrival::AtTheEnd => step(false, "probe-buffering-end"),
        Arrival::InLumps => step(false, "probe-buffering-lumps"),
        Arrival::InBlocks => step(false, "probe-buffering-blocks"),
    }
}

/// An answer whose length is known beforehand is a file.
fn length(answer: &HttpAnswer) -> Option<ReportStep<'_>> {
    let length = answer.header("content-length")?;
    let step = ReportStep::new("length", Some(false), "probe-length");
    Some(step.with("bytes", length))
}

fn charset(answer: &HttpAnswer) -> Option<ReportStep<'static>> {
    let foreign = charset::other_than_utf8(answer.header("content-type").unwrap_or_default());
    let step = |ok, key| ReportStep::new("charset", ok, key);
    match (answer.not_utf8, foreign) {
        (true, Some(name)) => Some(step(Some(false), "probe-charset-wrong").with("name", name)),
        (true, None) => Some(step(Some(false), "probe-charset-broken")),
        (false, Some(name)) => Some(step(None, "probe-charset-named").with("name", name)),
        (false, None) => None,
    }
}

/// The other side ended the stream while we listened.
fn end(heard: &Heard, answer: &HttpAnswer) -> Option<ReportStep<'static>> {
    let ListenOutcome::Ended(cause) = &heard.outcome else {
        return None;
    };
    let after = answer.ended.as_ref().map(|(after, _)| *after)?;
    let lived = seconds(after.saturating_sub(answer.after));
    let key = match cause {
        Cause::Ended => "probe-end-orderly",
        _ => "probe-end-cut",
    };
    Some(ReportStep::new("end", None, key).with("seconds", lived))
}

fn heartbeat(heard: &Heard, answer: &HttpAnswer) -> ReportStep<'static> {
    let beats = answer.heartbeats();
    let mut gaps: Vec<Duration> = beats.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort();
    // What opens a stream is no habit yet.
    let step = |ok, key| ReportStep::new("heartbeat", ok, key);
    match gaps.get(gaps.len() / 2) {
        Some(gap) => step(Some(true), "probe-heartbeat-gap").with("seconds", seconds(*gap)),
        None if !beats.is_empty() => {
            step(None, "probe-heartbeat-once").with("seconds", seconds(heard.listened))
        }
        None => step(None, "probe-heartbeat-none").with("seconds", seconds(heard.listened)),
    }
}

/// Seconds as people say them: tenths below ten.
pub fn seconds(duration: Duration) -> f64 {
    let seconds = duration.as_secs_f64();
    if seconds < 10.0 {
        (seconds * 10.0).round() / 10.0
    } else {
        seconds.round()
    }
}

/// Where there is no stream: what there is, the sentence that says so, and the advice for it, the
/// most particular first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub found: Found,
    pub sentence: &'static str,
    pub advice: Vec<String>,
}

/// Judges why there is no stream. `signed_in`: credentials were sent.
pub fn judge(cause: &Cause, signed_in: bool) -> Diagnosis {
    let code = cause.code();
    let detail = cause.detail();
    let with = if signed_in { "signed-in" } else { "anonymous" };
    let mut advice = Vec::new();
    let (found, sentence) = match cause {
        Cause::SignIn if signed_in => (Found::SignIn, "probe-found-sign-in-refused"),
        Cause::SignIn => (Found::SignIn, "probe-found-sign-in"),
        Cause::Status(status) => {
            let status = status.as_u16();
            advice.push(format!("advice-status-{status}-{with}"));
            advice.push(format!("advice-status-{status}"));
            match status {
                403 if signed_in => (Found::SignIn, "probe-found-forbidden"),
                403 => (Found::SignIn, "probe-found-forbidden-anonymous"),
                502..=504 => (Found::Nothing, "probe-found-down"),
                _ => (Found::NotAStream, "probe-found-not-a-stream"),
            }
        }
        Cause::NotAnEventStream(found) => {
            let found = found.as_deref().unwrap_or_default();
            let kind = match found.split(',').next().unwrap_or_default() {
                "text/event-stream" => "compressed",
                "text/html" => "page",
                "" => "unnamed",
                _ => "other",
            };
            advice.push(format!("advice-{code}-{kind}"));
            match kind {
                "compressed" => (Found::NotAStream, "probe-found-compressed"),
                "page" => (Found::NotAStream, "probe-found-page"),
                _ => (Found::NotAStream, "probe-found-other-type"),
            }
        }
        Cause::Tls(_) => (Found::Nothing, "probe-found-not-secure"),
        _ => match code {
            "unusable" => (Found::Unusable, "probe-found-unusable"),
            "proxy" | "proxy-sign-in" => (Found::Nothing, "probe-found-proxy"),
            "closed" | "gone" | "redirect" => (Found::NotAStream, "probe-found-not-a-stream"),
            "wants-https" => (Found::NotAStream, "probe-found-not-a-stream"),
            _ => (Found::Nothing, "probe-found-nothing"),
        },
    };
    if let Some(detail) = detail {
        let word = detail.to_ascii_lowercase();
        advice.push(format!("advice-{code}-{word}"));
    }
    advice.push(format!("advice-{code}-{with}"));
    advice.push(format!("advice-{code}"));
    Diagnosis {
        found,
        sentence,
        advice,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::{StatusCode, header::HeaderMap};

    use super::*;

    fn millis(after: u64) -> Duration {
        Duration::from_millis(after)
    }

    /// Pieces as (when, in milliseconds; events; ends in the middle of a line).
    fn answer(head: u64, pieces: &[(u64, usize, bool)], ended: Option<u64>) -> HttpAnswer {
        let piece = |(after, events, cut): &(u64, usize, bool)| Piece {
            after: millis(*after),
            bytes: 64,
            events: *events,
            beats: usize::from(*events == 0 && !cut),
            cut: *cut,
        };
        let mut answer = HttpAnswer::new(millis(head), StatusCode::OK, HeaderMap::new());
        answer.pieces = pieces.iter().map(piece).collect();
        answer.ended = ended.map(|after| (millis(after), None));
        answer
    }

    #[test]
    fn how_events_arrive_is_known_by_when_and_how_many() {
        use Arrival::*;
        for (name, answer, arrival) in [
            ("nothing came", answer(5, &[], None), None),
            (
                "the opening burst alone",
                answer(5, &[(6, 40, false)], None),
                None,
            ),
            (
                "one by one",
                answer(
                    5,
                    &[(6, 3, false), (2_000, 1, false), (4_000, 1, false)],
                    None,
                ),
                Some(Live),
            ),
            (
                "in two pieces, yet as one",
                answer(
                    5,
                    &[(6, 3, false), (2_000, 0, true), (2_010, 1, false)],
                    None,
                ),
                Some(Live),
            ),
            (
                "several at once, again and again",
                answer(
                    5,
                    &[(6, 1, false), (3_000, 8, false), (6_000, 9, false)],
                    None,
                ),
                Some(InLumps),
            ),
            (
                "several at once, once: they may belong together",
                answer(5, &[(6, 1, false), (3_000, 8, false)], None),
                None,
            ),
            (
                "in the middle of a line",
                answer(5, &[(6, 60, true), (4_000, 70, true)], None),
                Some(InBlocks),
            ),
            (
                "everything at the end",
                answer(9_000, &[(9_001, 9, false)], Some(9_020)),
                Some(AtTheEnd),
            ),
            (
                "everything at once, and open",
                answer(9_000, &[(9_001, 9, false)], None),
                None,
            ),
        ] {
            assert_eq!(super::arrival(&answer), arrival, "{name}");
        }
    }

    #[test]
    fn a_head_is_late_only_where_it_waited_for_an_event() {
        for (answer, late) in [
            (answer(5_000, &[(5_010, 1, false)], None), true),
            (answer(5_000, &[(5_010, 0, false)], None), false),
            (answer(5_000, &[(9_000, 1, false)], None), false),
            (answer(100, &[(110, 1, false)], None), false),
            (answer(5_000, &[], None), false),
        ] {
            assert_eq!(head(&answer).is_some(), late, "{answer:?}");
        }
    }

    #[test]
    fn advice_is_looked_for_from_the_particular_to_the_general() {
        let verdict = judge(&Cause::Status(StatusCode::FORBIDDEN), true);
        assert_eq!(
            verdict.advice[..2],
            ["advice-status-403-signed-in", "advice-status-403"]
        );
        assert_eq!(
            verdict.advice.last().map(String::as_str),
            Some("advice-status")
        );
    }
}
