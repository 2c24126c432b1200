//! The sources' streams as the controller sees them.

use jiff::{SignedDuration, Timestamp};

use crate::{
    bell::Mark,
    controller::Controller,
    desktop::Desktop,
    format::{Change, Cursor, Seen},
    inbox::{Edit, Inbox, Pause, SourceSummary},
    page::NotUnderstood,
    settings::Settings,
    source::{Cause, Source, SourceId, Step, StreamState},
    streams::Streams,
};

/// At which attempt a keyring counts as one that does not come.
const TO_COME: u32 = 3;

/// One source's stream, and the delivery of its outbox.
#[derive(Debug)]
pub(super) struct Line {
    pub state: StreamState,
    /// The stream runs, though perhaps paused.
    pub started: bool,
    /// Whether no attempt failed since the server last took one: a stream that ended, however
    /// that came, is not a server that fails. The first attempt has the benefit of the doubt: a
    /// start does not strike the bell.
    pub alive: bool,
    /// When its stream was last known to be alive, if it no longer is.
    pub lost: Option<Timestamp>,
    /// When it was lost the last time.
    pub gap: Option<Timestamp>,
    /// A message after which its server wants to be asked in the address, not told it yet.
    pub since: Option<String>,
    /// It heard an id that is no place to go on from; until it opens anew, it has to be told of
    /// every other one.
    pub astray: bool,
    /// The one it was told of last.
    pub told: Option<String>,
    /// What its last event turned out to be.
    pub seen: Option<Seen>,
    /// The stream was started in place of another one; what comes before it says that it
    /// connects is still the other one's, and so is its cursor.
    pub awaits_beginning: bool,
    /// Events that could not be understood.
    pub not_understood: NotUnderstood,
    /// The charset that the server names, where it is not UTF-8.
    pub charset: Option<String>,
    /// What comes now may be a replay: the connection's opening burst is not over.
    pub opening: bool,
    /// The outbox entry on its way.
    pub in_flight: Option<i64>,
    /// Failed attempts to deliver since one went well.
    pub failures: u32,
    /// No delivery before then.
    pub not_before: Option<Timestamp>,
    /// The server wants a sign-in before it takes anything.
    pub held: bool,
    /// Its secret is in a keyring that does not give it; a word for why.
    pub keyring: Option<String>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            state: StreamState::connecting(),
            started: false,
            alive: true,
            lost: None,
            gap: None,
            since: None,
            astray: false,
            told: None,
            seen: None,
            awaits_beginning: false,
            not_understood: NotUnderstood::default(),
            charset: None,
            opening: false,
            in_flight: None,
            failures: 0,
            not_before: None,
            held: false,
            keyring: None,
        }
    }
}

impl Line {
    /// A line whose stream takes the place of another one.
    pub fn replaced() -> Self {
        Self {
            awaits_beginning: true,
            ..Self::default()
        }
    }

    /// What the bell shows of it.
    pub fn mark(&self) -> Option<Mark> {
        match &self.state {
            StreamState::Open { .. } => None,
            StreamState::Connecting { .. } | StreamState::Waiting { .. } => {
                (!self.alive).then_some(Mark::NotAlive)
            }
            StreamState::Full { .. } => Some(Mark::Full),
            StreamState::Stopped { cause }
                if matches!(cause, Cause::SignIn | Cause::ProxySignIn(_)) =>
            {
                Some(Mark::SignIn)
            }
            StreamState::Stopped { .. } => Some(Mark::NotAlive),
            StreamState::Paused => Some(Mark::Paused),
        }
    }

    /// Whether the next delivery has to wait for something else than the clock.
    pub fn holds_deliveries(&self) -> bool {
        self.in_flight.is_some() || self.held || self.state == StreamState::Paused
    }

    /// When the next delivery may be tried, if it waits for the clock alone.
    pub fn next_delivery(&self) -> Option<Timestamp> {
        self.not_before.filter(|_| !self.holds_deliveries())
    }

    pub fn shift(&mut self, back: SignedDuration) {
        if let Some(time) = &mut self.not_before {
            *time -= back;
        }
    }
}

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Brings the streams in line with settings and pause.
    pub(super) fn start_lines(&mut self) {
        let paused_all = self.pause.is_some();
        for source in &self.settings.sources {
            let line = self.lines.entry(source.id.clone()).or_default();
            let runs = !paused_all && !source.paused;
            if !line.started && runs {
                let known = known(&self.inbox, &self.edits, &source.id);
                let known = known.as_ref();
                if line.lost.is_none() {
                    line.lost = known.and_then(|known| known.heard);
                }
                line.started = true;
                line.state = StreamState::connecting();
                let cursor = known.map_or("", |known| known.cursor.as_str());
                let since = known.and_then(|known| known.since.as_deref());
                match source.format.address(&source.url, since) {
                    None => self.streams.start(source, cursor),
                    Some(url) => self.streams.start(
                        &Source {
                            url,
                            ..source.clone()
                        },
                        cursor,
                    ),
                }
            } else if line.started && (line.state == StreamState::Paused) == runs {
                self.streams.pause(&source.id, !runs);
            }
            if !runs {
                line.state = StreamState::Paused;
            } else if line.state == StreamState::Paused {
                line.state = StreamState::connecting();
            }
        }
    }

    /// Stops and starts only those streams for which something changed.
    pub(super) fn change_lines(&mut self, old: &Settings) {
        for earlier in &old.sources {
            let now = self.settings.source(&earlier.id);
            let restart = old.network != self.settings.network
                || now.is_none_or(|now| !same_stream(earlier, now));
            if !restart {
                continue;
            }
            if now.is_some_and(|now| now.url != earlier.url) {
                self.edits.push(Edit::ForgetCursor(earlier.id.clone()));
            }
            let Some(line) = self.lines.remove(&earlier.id) else {
                continue;
            };
            if line.started {
                self.streams.stop(&earlier.id);
            }
            if now.is_some() {
                self.lines.insert(earlier.id.clone(), Line::replaced());
            }
        }
    }

    /// Goes by the way to the servers that the settings name; says so where there is none.
    pub(super) fn take_network(&mut self) {
        match self.streams.use_network(&self.settings.network) {
            Ok(()) => self.notices.over("error-settings-network"),
            Err(detail) => {
                self.notice_while("error-settings-network", &[("detail", detail.into())]);
            }
        }
    }

    /// Starts every stream anew.
    pub(super) fn restart_lines(&mut self) {
        for (source, line) in &mut self.lines {
            if line.started {
                self.streams.stop(source);
                *line = Line::replaced();
            }
        }
        self.start_lines();
    }

    pub(super) fn set_pause(&mut self, pause: Option<Pause>) {
        self.pause = pause;
        self.edits.push(Edit::Pause(pause));
        self.start_lines();
    }

    /// A stream's state changed.
    pub(super) fn line_is(&mut self, source: &SourceId, state: StreamState) {
        let now = self.now;
        let Some(line) = self.lines.get_mut(source) else {
            return;
        };
        let was_open = matches!(line.state, StreamState::Open { .. });
        let mut signs_in = false;
        match &state {
            StreamState::Open { .. } => {
                line.alive = true;
                line.astray = false;
                line.told = None;
                line.held = false;
                line.failures = 0;
                line.not_before = None;
                line.opening = true;
                line.charset = None;
                line.gap = line.lost.take();
                let gap = line.gap;
                self.notices.over(&format!("notice-sign-in {}", source.0));
                self.notices
                    .over(&format!("notice-server-says {}", source.0));
                self.edits.push(Edit::Heard {
                    source: source.clone(),
                });
                self.edits.push(Edit::Opened {
                    source: source.clone(),
                });
                if let Some(since) = gap {
                    self.note_gap(source, since);
                }
            }
            // The server took the request, and has nothing to say.
            StreamState::Connecting { step: Step::Head } => line.alive = true,
            StreamState::Connecting { .. } | StreamState::Waiting { attempt: 0, .. } => (),
            StreamState::Waiting { .. } | StreamState::Full { .. } => line.alive = false,
            StreamState::Stopped { cause } => {
                line.alive = false;
                signs_in = *cause == Cause::SignIn;
            }
            StreamState::Paused => (),
        }
        let Some(line) = self.lines.get_mut(source) else {
            return;
        };
        if was_open && !matches!(state, StreamState::Open { .. }) {
            line.lost = Some(now);
            // A server that ends its answer itself has said all that it had to say.
            if line.opening && ended_by_server(&state) {
                line.opening = false;
                self.edits.push(Edit::Settled {
                    source: source.clone(),
                });
            }
            self.edits.push(Edit::Heard {
                source: source.clone(),
            });
        }
        match &state {
            StreamState::Connecting { .. } => (),
            StreamState::Waiting {
                cause: Cause::Credentials(why),
                attempt,
                ..
            } => {
                // At a log-in the keyring may come a moment later than Belldot.
                let to_come = why != "locked" && *attempt < TO_COME;
                line.keyring = (!to_come).then(|| why.clone());
            }
            _ => line.keyring = None,
        }
        line.state = state;
        self.say_keyring();
        if signs_in {
            let name = self.name_of(source);
            self.notice_once(
                &format!("notice-sign-in {}", source.0),
                "notice-sign-in",
                &[("source", name.into())],
            );
        }
    }

    /// Says once that sources wait for the keyring, however many there are.
    fn say_keyring(&mut self) {
        let waiting = self.lines.values().find_map(|line| line.keyring.clone());
        match waiting {
            None => self.notices.over("notice-keyring"),
            Some(why) => {
                self.notice_while("notice-keyring", &[("detail", why.into())]);
            }
        }
    }

    /// What a source sent while its stream was not alive is lost where its events have no ids.
    fn note_gap(&mut self, source: &SourceId, since: Timestamp) {
        let known = known(&self.inbox, &self.edits, source);
        if known.is_some_and(|known| known.has_todos && !known.can_replay()) {
            self.edits.push(Edit::MissingSince {
                source: source.clone(),
                since: Some(since),
            });
        }
    }

    /// The opening burst of a source's connection is over.
    pub(super) fn line_settled(&mut self, source: &SourceId) {
        if let Some(line) = self.lines.get_mut(source) {
            line.opening = false;
            self.edits.push(Edit::Settled {
                source: source.clone(),
            });
        }
    }

    /// The server says after which event it goes on. Where that is not the one that was asked
    /// for, it has lost what was in between.
    pub(super) fn line_resumed(&mut self, source: &SourceId, after: &str) {
        let known = known(&self.inbox, &self.edits, source);
        let asked = known.map_or_else(String::new, |known| known.cursor);
        if asked.is_empty() || asked == after {
            return;
        }
        self.missing_since_lost(source);
    }

    /// The stream goes on without its cursor: what came in between may be missing.
    pub(super) fn line_lost_cursor(&mut self, source: &SourceId) {
        self.missing_since_lost(source);
    }

    /// Notes that events are missing since the stream was last lost.
    fn missing_since_lost(&mut self, source: &SourceId) {
        let lost = self.lines.get(source).and_then(|line| line.gap);
        self.edits.push(Edit::MissingSince {
            source: source.clone(),
            since: Some(lost.unwrap_or(self.now)),
        });
    }

    /// Tells the streams, once it is committed, where servers are to be asked the next time.
    pub(super) fn move_lines(&mut self) {
        for source in &self.settings.sources {
            let Some(line) = self.lines.get_mut(&source.id) else {
                continue;
            };
            let cursor = self.inbox.cursor(&source.id);
            // The stream itself keeps the id that it heard last.
            line.astray |= self.inbox.begins_anew(&source.id);
            if line.astray && line.told.as_deref() != Some(cursor) {
                line.told = Some(cursor.to_owned());
                self.streams.go_on_after(&source.id, cursor);
            }
            let Some(since) = line.since.take() else {
                continue;
            };
            if let Some(url) = source.format.address(&source.url, Some(&since)) {
                self.streams.ask_next(&source.id, &url);
            }
        }
    }

    pub(super) fn name_of(&self, source: &SourceId) -> String {
        self.settings
            .source(source)
            .map_or_else(|| source.0.clone(), |known| known.name.clone())
    }
}

/// Whether the server ended its answer, and no accident did.
fn ended_by_server(state: &StreamState) -> bool {
    matches!(
        state,
        StreamState::Waiting {
            cause: Cause::Ended,
            ..
        }
    )
}

/// What is known of a source and of where its stream goes on, also by what is not committed yet:
/// the stream itself knows no less.
fn known(inbox: &Inbox, edits: &[Edit], id: &SourceId) -> Option<SourceSummary> {
    let mut known = inbox.sources().into_iter().find(|known| known.id == *id)?;
    for edit in edits {
        match edit {
            Edit::Arrived {
                source,
                changes,
                cursor,
                ..
            } if source == id => {
                known.has_todos |= changes.iter().any(|c| matches!(c, Change::Upsert(_)));
                match cursor {
                    Cursor::Stays => (),
                    Cursor::Id(cursor) => cursor.clone_into(&mut known.cursor),
                    Cursor::Since(message) => known.since = Some(message.clone()),
                }
            }
            Edit::ForgetCursor(source) if source == id => {
                known.cursor.clear();
                known.since = None;
            }
            _ => (),
        }
    }
    if inbox.begins_anew(id) {
        known.cursor.clear();
    }
    Some(known)
}

/// Whether a change between these leaves the stream alone.
fn same_stream(old: &Source, new: &Source) -> bool {
    let about_the_stream = |source: &Source| Source {
        name: String::new(),
        page: None,
        page_origins: Vec::new(),
        paused: false,
        ..source.clone()
    };
    about_the_stream(old) == about_the_stream(new)
}
