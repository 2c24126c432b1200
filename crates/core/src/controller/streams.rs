//! Starts, stops and follows the sources' streams.

use jiff::Timestamp;

use crate::{
    controller::{sources::SourceState, state::Controller},
    desktop::Desktop,
    format::{Change, Cursor},
    inbox::{Edit, Inbox, Pause, SourceSummary},
    settings::Settings,
    source::{Cause, Source, SourceId, Step, StreamState},
    streams::Streams,
};

/// From this failed attempt on a keyring counts as unavailable.
const TO_COME: u32 = 3;

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Starts, pauses and resumes streams as settings and pause ask for.
    pub(super) fn start_streams(&mut self) {
        let paused_all = self.pause.is_some();
        for source in &self.settings.sources {
            let stream = self.source_states.entry(source.id.clone()).or_default();
            let runs = !paused_all && !source.paused;
            if !stream.started && runs {
                let known = known(&self.inbox, &self.edits, &source.id);
                let known = known.as_ref();
                if stream.lost.is_none() {
                    stream.lost = known.and_then(|known| known.heard);
                }
                stream.started = true;
                stream.state = StreamState::connecting();
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
            } else if stream.started && (stream.state == StreamState::Paused) == runs {
                self.streams.pause(&source.id, !runs);
            }
            if !runs {
                stream.state = StreamState::Paused;
            } else if stream.state == StreamState::Paused {
                stream.state = StreamState::connecting();
            }
        }
    }

    /// Restarts only those streams for which something changed.
    pub(super) fn apply_source_changes(&mut self, old: &Settings) {
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
            let Some(stream) = self.source_states.remove(&earlier.id) else {
                continue;
            };
            if stream.started {
                self.streams.stop(&earlier.id);
            }
            if now.is_some() {
                self.source_states
                    .insert(earlier.id.clone(), SourceState::replaced());
            }
        }
    }

    /// Applies the network settings (proxy, certificates); says so where they cannot be used.
    pub(super) fn take_network(&mut self) {
        match self.streams.use_network(&self.settings.network) {
            Ok(()) => self.notices.over("error-settings-network"),
            Err(detail) => {
                self.notice_while("error-settings-network", &[("detail", detail.into())]);
            }
        }
    }

    /// Restarts every stream.
    pub(super) fn restart_streams(&mut self) {
        for (source, stream) in &mut self.source_states {
            if stream.started {
                self.streams.stop(source);
                *stream = SourceState::replaced();
            }
        }
        self.start_streams();
    }

    pub(super) fn set_pause(&mut self, pause: Option<Pause>) {
        self.pause = pause;
        self.edits.push(Edit::Pause(pause));
        self.start_streams();
    }

    /// Handles a new state of a stream.
    pub(super) fn stream_state_changed(&mut self, source: &SourceId, state: StreamState) {
        let now = self.now;
        let Some(stream) = self.source_states.get_mut(source) else {
            return;
        };
        let was_open = matches!(stream.state, StreamState::Open { .. });
        let mut signs_in = false;
        match &state {
            StreamState::Open { .. } => {
                stream.alive = true;
                stream.cursor_invalid = false;
                stream.cursor_sent = None;
                stream.blocked = false;
                stream.failures = 0;
                stream.not_before = None;
                stream.opening = true;
                stream.charset = None;
                stream.gap = stream.lost.take();
                let gap = stream.gap;
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
            StreamState::Connecting { step: Step::Head } => stream.alive = true,
            StreamState::Connecting { .. } | StreamState::Waiting { attempt: 0, .. } => (),
            StreamState::Waiting { .. } | StreamState::Full { .. } => stream.alive = false,
            StreamState::Stopped { cause } => {
                stream.alive = false;
                signs_in = *cause == Cause::SignIn;
            }
            StreamState::Paused => (),
        }
        let Some(stream) = self.source_states.get_mut(source) else {
            return;
        };
        if was_open && !matches!(state, StreamState::Open { .. }) {
            stream.lost = Some(now);
            // A server that ends the response itself has sent its whole opening burst.
            if stream.opening && ended_by_server(&state) {
                stream.opening = false;
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
                // At log-in the keyring may start a moment later than Belldot.
                let to_come = why != "locked" && *attempt < TO_COME;
                stream.keyring = (!to_come).then(|| why.clone());
            }
            _ => stream.keyring = None,
        }
        stream.state = state;
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
        let waiting = self
            .source_states
            .values()
            .find_map(|stream| stream.keyring.clone());
        match waiting {
            None => self.notices.over("notice-keyring"),
            Some(why) => {
                self.notice_while("notice-keyring", &[("detail", why.into())]);
            }
        }
    }

    /// Notes a gap where the source's events have no ids: what it sent while the stream was not
    /// open is lost.
    fn note_gap(&mut self, source: &SourceId, since: Timestamp) {
        let known = known(&self.inbox, &self.edits, source);
        if known.is_some_and(|known| known.has_todos && !known.can_replay()) {
            self.edits.push(Edit::MissingSince {
                source: source.clone(),
                since: Some(since),
            });
        }
    }

    /// Notes that the opening burst of a connection is over.
    pub(super) fn opening_burst_over(&mut self, source: &SourceId) {
        if let Some(stream) = self.source_states.get_mut(source) {
            stream.opening = false;
            self.edits.push(Edit::Settled {
                source: source.clone(),
            });
        }
    }

    /// Compares the event after which the server resumes with the cursor: where they differ, the
    /// server has lost what was in between.
    pub(super) fn stream_resumed(&mut self, source: &SourceId, after: &str) {
        let known = known(&self.inbox, &self.edits, source);
        let asked = known.map_or_else(String::new, |known| known.cursor);
        if asked.is_empty() || asked == after {
            return;
        }
        self.missing_since_lost(source);
    }

    /// Notes that the stream goes on without its cursor: events in between may be missing.
    pub(super) fn cursor_dropped(&mut self, source: &SourceId) {
        self.missing_since_lost(source);
    }

    /// Notes that events are missing since the stream was last lost.
    fn missing_since_lost(&mut self, source: &SourceId) {
        let lost = self.source_states.get(source).and_then(|stream| stream.gap);
        self.edits.push(Edit::MissingSince {
            source: source.clone(),
            since: Some(lost.unwrap_or(self.now)),
        });
    }

    /// Tells the streams, once a batch is committed, after which event to go on, and at which
    /// address.
    pub(super) fn update_cursors(&mut self) {
        for source in &self.settings.sources {
            let Some(stream) = self.source_states.get_mut(&source.id) else {
                continue;
            };
            let cursor = self.inbox.cursor(&source.id);
            // The stream itself would go on after the id that it received last.
            stream.cursor_invalid |= self.inbox.begins_anew(&source.id);
            if stream.cursor_invalid && stream.cursor_sent.as_deref() != Some(cursor) {
                stream.cursor_sent = Some(cursor.to_owned());
                self.streams.go_on_after(&source.id, cursor);
            }
            let Some(since) = stream.since.take() else {
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

/// Returns whether the server ended the response, rather than a failure of the network.
fn ended_by_server(state: &StreamState) -> bool {
    matches!(
        state,
        StreamState::Waiting {
            cause: Cause::Ended,
            ..
        }
    )
}

/// Returns the source with its cursor, pending edits included.
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

/// Returns whether two sources differ only in what does not affect the stream.
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
