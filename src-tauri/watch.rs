//! `belldot watch`: a stream in the terminal, without a display.

use std::{
    collections::{HashMap, VecDeque},
    io::{self, Write},
    process::ExitCode,
};

use belldot_core::{
    format::{self, Change, Draft, Format},
    input,
    settings::Language,
    words::Words,
};
use belldot_stream::{Config, Event, State, Step, Subscription, Update};
use belldot_wire::Status;
use serde_json::json;
use url::Url;

use crate::{
    os::{runtime, signals},
    sign_in::bearer,
    streams, way,
};

/// What to print.
#[derive(Clone, Copy, Debug)]
pub struct Show {
    /// One JSON object a line.
    pub json: bool,
    /// Every dispatched event instead of to-dos.
    pub raw: bool,
    /// Stop after so many to-dos, or events with `raw`.
    pub count: Option<u64>,
}

/// Follows the stream until the count is reached or the process is asked to end.
///
/// # Errors
/// When standard output cannot be written, in a sentence. A closed pipe ends it well.
pub fn run(url: Url, show: Show) -> Result<ExitCode, String> {
    let runtime = runtime::start().map_err(|error| error.to_string())?;
    let result = runtime.block_on(watch(url, show, io::stdout()));
    match result {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.to_string()),
    }
}

async fn watch(url: Url, show: Show, out: impl Write) -> io::Result<()> {
    let mut printer = Printer {
        source: url.to_string(),
        words: Words::new(Language::System),
        show,
        printed: 0,
        known: Known::default(),
        out,
    };
    let mut config = Config::new(url);
    config.network = way::as_the_system_says();
    if let Ok(token) = std::env::var("BELLDOT_TOKEN") {
        config.headers = bearer(&token);
    }
    let mut subscription = Subscription::start(config);
    let asked_to_end = signals::asked_to_end();
    tokio::pin!(asked_to_end);
    while !printer.is_done() {
        let update = tokio::select! {
            update = subscription.next() => update,
            () = &mut asked_to_end => break,
        };
        let Some(update) = update else { break };
        printer.print(&update)?;
    }
    subscription.handle().close().await;
    Ok(())
}

/// What an attempt waits for, for machines.
fn step_name(step: Step) -> &'static str {
    match step {
        Step::Name => "name",
        Step::Connection => "connection",
        Step::Proxy => "proxy",
        Step::Head => "head",
    }
}

/// Prints updates, each line flushed at once.
struct Printer<W> {
    source: String,
    words: Words,
    show: Show,
    printed: u64,
    known: Known,
    out: W,
}

impl<W: Write> Printer<W> {
    fn is_done(&self) -> bool {
        self.show.count.is_some_and(|count| self.printed >= count)
    }

    fn print(&mut self, update: &Update) -> io::Result<()> {
        match update {
            Update::State(state) => self.state(state),
            Update::Event(event) if self.show.raw => self.event(event),
            Update::Event(event) => self.changes(event),
            _ => Ok(()),
        }
    }

    fn state(&mut self, state: &State) -> io::Result<()> {
        let (name, cause, until) = match state {
            State::Connecting { .. } => ("connecting", None, None),
            State::Open { .. } => ("open", None, None),
            State::Waiting { until, cause, .. } => ("waiting", Some(cause), Some(*until)),
            State::Full { until } => ("full", None, *until),
            State::Stopped { cause } => ("stopped", Some(cause), None),
            State::Paused => ("paused", None, None),
        };
        let code = cause.map(|cause| cause.code());
        let detail = cause.and_then(|cause| cause.detail());
        let retry_in_ms = until.map(|until| {
            until
                .duration_since(std::time::SystemTime::now())
                .unwrap_or_default()
                .as_millis() as u64
        });
        if self.show.json {
            let mut line = json!({
                "type": "state", "source": self.source, "state": name,
                "cause": code, "retry_in_ms": retry_in_ms,
            });
            if let Some(detail) = detail {
                line["detail"] = detail.into();
            }
            match state {
                State::Connecting { step } => line["step"] = step_name(*step).into(),
                State::Waiting { attempt, .. } => line["attempt"] = (*attempt).into(),
                _ => {}
            }
            return self.line(&line.to_string());
        }
        let said = self
            .words
            .state(&streams::state(state), &jiff::Zoned::now());
        self.line(&said)
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.printed += 1;
        if self.show.json {
            let line = json!({
                "type": "event", "event": event.kind, "data": event.data, "id": event.id,
            });
            return self.line(&line.to_string());
        }
        self.line(&format!("{} {}", event.kind, event.data))
    }

    fn changes(&mut self, event: &Event) -> io::Result<()> {
        let event = input::Event {
            kind: event.kind.clone(),
            data: event.data.clone(),
            id: event.id.clone(),
            own_id: event.own_id,
        };
        for change in format::decode(&Format::Auto, &event).changes {
            if self.is_done() {
                break;
            }
            match &change {
                Change::Upsert(draft) => {
                    self.known.keep(draft);
                    self.draft(draft)?;
                }
                Change::Remove(id) => {
                    if let Some(mut draft) = self.known.forget(id) {
                        draft.status = Some(Status::Cancelled);
                        self.draft(&draft)?;
                    }
                }
                Change::SetStatus { id, status } => {
                    self.known_is(id, |draft| draft.status = Some(*status))?;
                }
                Change::MarkRead(id) => self.known_is(id, |draft| draft.read = Some(true))?,
                Change::SetUnread(count) => {
                    if self.show.json {
                        let line =
                            json!({ "type": "unread", "source": self.source, "count": count });
                        self.line(&line.to_string())?;
                    } else {
                        let said = self
                            .words
                            .say("watch-unread", &[("count", (*count).into())]);
                        self.line(&said)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A to-do that was printed is now different: printed again, unless it was so already.
    fn known_is(&mut self, id: &str, change: impl FnOnce(&mut Draft)) -> io::Result<()> {
        let Some(before) = self.known.drafts.get(id) else {
            return Ok(());
        };
        let mut draft = before.clone();
        change(&mut draft);
        if draft == *before {
            return Ok(());
        }
        self.known.keep(&draft);
        self.draft(&draft)
    }

    fn draft(&mut self, draft: &Draft) -> io::Result<()> {
        self.printed += 1;
        if self.show.json {
            let line = self.todo(draft);
            return self.line(&line.to_string());
        }
        // A line of text says what waits.
        match draft.status {
            None | Some(Status::Open) => self.line(&draft.title),
            Some(status) => {
                let key = match status {
                    Status::Done => "watch-done",
                    _ => "watch-cancelled",
                };
                let said = self
                    .words
                    .say(key, &[("title", draft.title.as_str().into())]);
                self.line(&said)
            }
        }
    }

    fn todo(&self, draft: &Draft) -> serde_json::Value {
        json!({
            "type": "todo",
            "source": self.source,
            "id": draft.id,
            "title": draft.title,
            "body": draft.body,
            "url": draft.url,
            "priority": draft.priority,
            "due": draft.due,
            "status": draft.status.unwrap_or_default(),
            "read": draft.read.unwrap_or_default(),
            "tags": draft.tags,
            "sender": draft.sender,
            "created": draft.created,
        })
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }
}

/// The to-dos that were printed, the latest of them: what happens to one is said with its title.
#[derive(Debug, Default)]
struct Known {
    drafts: HashMap<String, Draft>,
    /// Their ids, the oldest first.
    order: VecDeque<String>,
}

impl Known {
    const MOST: usize = 10_000;

    fn keep(&mut self, draft: &Draft) {
        let Some(id) = &draft.id else { return };
        // Of a long body nothing is said again but the title.
        let draft = Draft {
            body: draft.body.clone().filter(|body| body.len() <= 1024),
            ..draft.clone()
        };
        if self.drafts.insert(id.clone(), draft).is_none() {
            self.order.push_back(id.clone());
        }
        // What was taken back may still stand here.
        while self.order.len() > Self::MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.drafts.remove(&oldest);
            }
        }
    }

    fn forget(&mut self, id: &str) -> Option<Draft> {
        self.drafts.remove(id)
    }
}

#[cfg(test)]
mod tests {
    use belldot_stream::Cause;

    use super::*;

    fn printed(state: State) -> serde_json::Value {
        let mut out = Vec::new();
        let mut printer = Printer {
            source: "http://localhost/".to_owned(),
            words: Words::new(Language::System),
            show: Show {
                json: true,
                raw: false,
                count: None,
            },
            printed: 0,
            known: Known::default(),
            out: &mut out,
        };
        printer.print(&Update::State(state)).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_state_says_what_an_attempt_waits_for_and_how_many_failed() {
        let line = printed(State::Connecting { step: Step::Head });
        assert_eq!(
            (&line["state"], &line["step"]),
            (&"connecting".into(), &"head".into())
        );
        let line = printed(State::Waiting {
            until: std::time::SystemTime::now(),
            attempt: 0,
            cause: Cause::Ended,
        });
        assert_eq!(
            (&line["state"], &line["attempt"]),
            (&"waiting".into(), &0.into())
        );
    }
}
