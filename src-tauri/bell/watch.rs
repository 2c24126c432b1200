//! `belldot watch`: a stream in the terminal, without a display.

use std::{
    collections::{HashMap, VecDeque},
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use belldot_core::{
    address::{self, Address},
    format::{self, Change, Draft, Format},
    i18n::Localizer,
};
use belldot_stream::{Cause, Config, Event, Step, StreamState, Subscription, Update};
use belldot_wire::Status;
use serde_json::json;

use crate::{
    cli::Cli,
    os::signals,
    terminal::{Terminal, escaped, escaped_json, say_aside},
};

/// What to print.
#[derive(Clone, Copy, Debug)]
pub struct WatchOptions {
    /// One JSON object a line.
    pub json: bool,
    /// Every dispatched event instead of to-dos.
    pub raw: bool,
    /// Stop after so many to-dos, or events with `raw`.
    pub count: Option<u64>,
    /// For a terminal, which must not be steered by what a server says.
    pub terminal: bool,
}

/// The exit code where no further attempt makes sense.
const STOPPED: u8 = 3;

/// Follows the stream until the count is reached, it stops for good (exit code 3, and the cause on
/// standard error), or the process is asked to end.
///
/// # Errors
/// When the token cannot be sent or standard output not be written, in a sentence. A closed pipe
/// ends it well.
pub fn run(cli: &Cli, address: &Address, show: WatchOptions) -> Result<ExitCode, String> {
    let terminal = Terminal::start(cli)?;
    let url = &address.url;
    if address.assumed {
        let shown = address::shown(url);
        say_aside(
            &terminal
                .words
                .text("watch-assumed", &[("url", shown.into())]),
        );
    }
    let mut config = Config::new(url.clone());
    config.headers = terminal.token()?.unwrap_or_default();
    config.transport = Some(Arc::new(terminal.client.clone()));
    let printer = Printer {
        source: address::shown(url),
        words: terminal.words.clone(),
        show,
        printed: 0,
        known: PrintedTodos::default(),
        out: io::stdout(),
    };
    match terminal.runtime.block_on(watch(config, printer)) {
        Ok(None) => Ok(ExitCode::SUCCESS),
        Ok(Some(cause)) => {
            say_aside(&terminal.words.cause(&cause));
            Ok(ExitCode::from(STOPPED))
        }
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.to_string()),
    }
}

/// Prints until it is done; the cause where the stream stopped for good.
async fn watch(config: Config, mut printer: Printer<impl Write>) -> io::Result<Option<Cause>> {
    let mut subscription = Subscription::start(config);
    let mut stopped = None;
    let asked_to_end = signals::asked_to_end();
    tokio::pin!(asked_to_end);
    while !printer.is_done() && stopped.is_none() {
        let update = tokio::select! {
            update = subscription.next() => update,
            () = &mut asked_to_end => break,
        };
        let Some(update) = update else { break };
        printer.print(&update)?;
        if let Update::State(StreamState::Stopped { cause }) = update {
            stopped = Some(cause);
        }
    }
    subscription.handle().close().await;
    Ok(stopped)
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
    words: Localizer,
    show: WatchOptions,
    printed: u64,
    known: PrintedTodos,
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

    fn state(&mut self, state: &StreamState) -> io::Result<()> {
        let (name, cause, until) = match state {
            StreamState::Connecting { .. } => ("connecting", None, None),
            StreamState::Open { .. } => ("open", None, None),
            StreamState::Waiting { until, cause, .. } => ("waiting", Some(cause), Some(*until)),
            StreamState::Full { until } => ("full", None, *until),
            StreamState::Stopped { cause } => ("stopped", Some(cause), None),
            StreamState::Paused => ("paused", None, None),
        };
        let code = cause.map(|cause| cause.code());
        let detail = cause.and_then(|cause| cause.detail());
        let retry_in_ms = until.map(|until| {
            std::time::SystemTime::from(until)
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
                StreamState::Connecting { step } => line["step"] = step_name(*step).into(),
                StreamState::Waiting { attempt, .. } => line["attempt"] = (*attempt).into(),
                _ => {}
            }
            return self.line(&line.to_string());
        }
        let said = self.words.state(state, &jiff::Zoned::now());
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
        for change in format::decode(&Format::Auto, event).changes {
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
                            .text("watch-unread", &[("count", (*count).into())]);
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
                    .text(key, &[("title", draft.title.as_str().into())]);
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
        match (self.show.terminal, self.show.json) {
            (true, true) => writeln!(self.out, "{}", escaped_json(line))?,
            (true, false) => writeln!(self.out, "{}", escaped(line))?,
            (false, _) => writeln!(self.out, "{line}")?,
        }
        self.out.flush()
    }
}

/// The to-dos that were printed, the latest of them: what happens to one is said with its title.
#[derive(Debug, Default)]
struct PrintedTodos {
    drafts: HashMap<String, Draft>,
    /// Their ids, the oldest first.
    order: VecDeque<String>,
}

impl PrintedTodos {
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
    use std::time::Duration;

    use belldot_core::settings::Language;
    use serde_json::Value;

    use super::*;
    use crate::probe::scripted::{STREAM, Script, ScriptedServer};

    const RAW: WatchOptions = WatchOptions {
        json: false,
        raw: true,
        count: Some(1),
        terminal: false,
    };

    /// What is printed about this address, and why it stopped.
    async fn watched(url: &str, show: WatchOptions) -> (String, Option<Cause>) {
        let url = address::parse(url).unwrap().url;
        let mut out = Vec::new();
        let printer = Printer {
            source: address::shown(&url),
            words: Localizer::new(Language::English),
            show,
            printed: 0,
            known: PrintedTodos::default(),
            out: &mut out,
        };
        let watched = watch(Config::new(url), printer);
        let stopped = tokio::time::timeout(Duration::from_secs(60), watched).await;
        let stopped = stopped.expect("it ends").unwrap();
        (String::from_utf8(out).unwrap(), stopped)
    }

    #[tokio::test]
    async fn what_is_final_ends_it_with_the_state_and_the_cause() {
        for (answer, code) in [
            ("204 No Content", "closed"),
            ("401 Unauthorized", "sign-in"),
            ("410 Gone", "gone"),
        ] {
            let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
            let server = ScriptedServer::start(move |_| Script::says(&answer)).await;
            let show = WatchOptions { json: true, ..RAW };
            let (out, stopped) = watched(server.url("/e").as_str(), show).await;
            let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
            assert_eq!(last["state"], "stopped");
            assert_eq!(last["cause"], code);
            assert_eq!(stopped.map(|cause| cause.code()), Some(code));
        }
    }

    #[tokio::test]
    async fn a_terminal_is_not_steered_by_an_event_and_a_pipe_gets_it_whole() {
        let event = "event: a\ndata: \u{1b}[2Jgone\n\n";
        let server =
            ScriptedServer::start(move |_| Script::says(STREAM).then(event).then_silence()).await;
        let terminal = WatchOptions {
            terminal: true,
            ..RAW
        };
        for (show, printed) in [(RAW, "a \u{1b}[2Jgone\n"), (terminal, "a \\u{1b}[2Jgone\n")] {
            let (out, _) = watched(server.url("/e").as_str(), show).await;
            assert!(out.ends_with(printed), "{out:?}");
        }
    }

    #[tokio::test]
    async fn no_line_names_a_password_or_a_token() {
        let server =
            ScriptedServer::start(|_| Script::says(STREAM).then("data: x\n\n").then_silence())
                .await;
        let url = format!(
            "http://ann:pa55@127.0.0.1:{}/e?token=t0p&topic=x",
            server.port()
        );
        let show = WatchOptions {
            json: true,
            raw: false,
            ..RAW
        };
        let (out, _) = watched(&url, show).await;
        assert!(out.contains("topic=x"), "{out}");
        assert!(!out.contains("pa55") && !out.contains("t0p"), "{out}");
        let asked = server.asked();
        assert_eq!(asked[0].path(), "/e?token=t0p&topic=x");
        assert!(asked[0].header("authorization").is_some());
    }

    fn printed(state: StreamState) -> serde_json::Value {
        let mut out = Vec::new();
        let mut printer = Printer {
            source: "http://localhost/".to_owned(),
            words: Localizer::new(Language::English),
            show: WatchOptions {
                json: true,
                raw: false,
                count: None,
                terminal: false,
            },
            printed: 0,
            known: PrintedTodos::default(),
            out: &mut out,
        };
        printer.print(&Update::State(state)).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_state_says_what_an_attempt_waits_for_and_how_many_failed() {
        let line = printed(StreamState::Connecting { step: Step::Head });
        assert_eq!(
            (&line["state"], &line["step"]),
            (&"connecting".into(), &"head".into())
        );
        let line = printed(StreamState::Waiting {
            until: jiff::Timestamp::now(),
            attempt: 0,
            cause: Cause::Ended,
        });
        assert_eq!(
            (&line["state"], &line["attempt"]),
            (&"waiting".into(), &0.into())
        );
    }
}
