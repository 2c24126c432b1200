//! Whether a server sends again what was missed: a second connection, with an ID of the first.

use belldot_core::input::Event;
use belldot_stream::Cause;
use url::Url;

use super::{
    asking::{Asking, Patience},
    report::ReportStep,
    stream::{self, Heard, ListenOutcome},
};

/// What a server makes of `Last-Event-ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It sends what came after.
    Replays,
    /// It sends everything from the beginning.
    Repeats,
    /// It sends only what is new.
    Ignores,
    /// It refuses the request, with this status.
    Refuses(u16),
    /// There was nothing that it could have sent again.
    Nothing,
    /// Its events have no IDs.
    NoIds,
}

impl Replay {
    /// Tries it, where something was heard that it can be tried with.
    pub async fn try_it(url: &Url, asking: &Asking, heard: &Heard) -> Option<Self> {
        if heard.events.is_empty() {
            return None;
        }
        let Some((cursor, next)) = cursor(&heard.events) else {
            return Some(Self::NoIds);
        };
        let asking = Asking {
            patience: Patience {
                listen: asking.patience.replay,
                head: asking.patience.replay,
                ..asking.patience
            },
            ..asking.clone()
        };
        let again = stream::listen(url, &asking, cursor, |_, events| events > 0).await;
        judge(cursor, next, &again.outcome, again.events.first())
    }

    /// The same as a step.
    pub fn step(self) -> ReportStep<'static> {
        let step = |ok, key| ReportStep::new("replay", ok, key);
        match self {
            Self::Replays => step(Some(true), "probe-replay-yes"),
            Self::Repeats => step(None, "probe-replay-repeats"),
            Self::Ignores => step(None, "probe-replay-ignored"),
            Self::Refuses(status) => {
                step(Some(false), "probe-replay-refused").with("status", i64::from(status))
            }
            Self::Nothing => step(None, "probe-replay-nothing"),
            Self::NoIds => step(None, "probe-replay-no-ids"),
        }
    }
}

/// The first ID, and the one after it, where there is one.
fn cursor(events: &[Event]) -> Option<(&str, Option<&str>)> {
    let mut ids = events
        .iter()
        .map(|event| event.id.as_str())
        .filter(|id| !id.is_empty());
    let first = ids.next()?;
    Some((first, ids.find(|id| *id != first)))
}

fn judge(
    cursor: &str,
    next: Option<&str>,
    outcome: &ListenOutcome,
    first: Option<&Event>,
) -> Option<Replay> {
    match (outcome, first, next) {
        (ListenOutcome::Failed(Cause::Status(status)), ..) if status.is_client_error() => {
            Some(Replay::Refuses(status.as_u16()))
        }
        (ListenOutcome::Failed(_) | ListenOutcome::Full, ..) => None,
        (_, Some(event), _) if event.id == cursor => Some(Replay::Repeats),
        (_, Some(event), Some(next)) if event.id == next => Some(Replay::Replays),
        (_, _, Some(_)) => Some(Replay::Ignores),
        (_, _, None) => Some(Replay::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    fn event(id: &str) -> Event {
        Event {
            kind: "message".to_owned(),
            data: "x".to_owned(),
            id: id.to_owned(),
            own_id: true,
        }
    }

    #[test]
    fn a_replay_is_known_by_what_comes_first() {
        use Replay::*;
        let refused = ListenOutcome::Failed(Cause::Status(StatusCode::BAD_REQUEST));
        let down = ListenOutcome::Failed(Cause::Status(StatusCode::BAD_GATEWAY));
        for (first, outcome, came, found) in [
            (
                vec!["1", "2", "3"],
                &ListenOutcome::Open,
                Some("2"),
                Some(Replays),
            ),
            (
                vec!["1", "2", "3"],
                &ListenOutcome::Open,
                Some("1"),
                Some(Repeats),
            ),
            (
                vec!["1", "2"],
                &ListenOutcome::Open,
                Some("9"),
                Some(Ignores),
            ),
            (vec!["1", "2"], &ListenOutcome::Open, None, Some(Ignores)),
            (
                vec!["1", "2"],
                &ListenOutcome::Unanswered,
                None,
                Some(Ignores),
            ),
            (vec!["1"], &ListenOutcome::Open, Some("1"), Some(Repeats)),
            (vec!["1"], &ListenOutcome::Open, None, Some(Nothing)),
            (
                vec!["1", "1"],
                &ListenOutcome::Open,
                Some("7"),
                Some(Nothing),
            ),
            (
                vec!["", "4", "5"],
                &ListenOutcome::Open,
                Some("5"),
                Some(Replays),
            ),
            (vec!["1", "2"], &refused, None, Some(Refuses(400))),
            (vec!["1", "2"], &down, None, None),
            (vec!["1", "2"], &ListenOutcome::Full, None, None),
        ] {
            let events: Vec<Event> = first.iter().map(|id| event(id)).collect();
            let (cursor, next) = cursor(&events).unwrap();
            let came = came.map(event);
            let judged = judge(cursor, next, outcome, came.as_ref());
            assert_eq!(judged, found, "{first:?}, then {came:?} ({outcome:?})");
        }
    }

    #[test]
    fn events_without_ids_cannot_be_replayed() {
        assert_eq!(cursor(&[event(""), event("")]), None);
    }
}
