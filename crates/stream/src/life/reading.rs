//! Reading an open stream: events to the app, the cursor, silence.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use reqwest::header::HeaderMap;
use tokio::time::{Instant, sleep_until};

use super::{Life, sleep_until_some};
use crate::burst::Burst;
use crate::config::Cursor;
use crate::connect::{Opened, is_sendable};
use crate::control::Wish;
use crate::decode::{Decoded, Decoder, says_nothing};
use crate::end::End;
use crate::transport::Body;
use crate::{Cause, Event, State, Update};

/// Credentials are renewed this long before they expire, or after nine tenths of a short life.
const RENEW_BEFORE: Duration = Duration::from_secs(60);

impl Life {
    /// Reads an open stream to its end.
    pub(super) async fn read(&mut self, opened: Opened) -> End {
        let Opened {
            headers,
            mut body,
            waited,
        } = opened;
        let since = Instant::now();
        self.signed_in_again = false;
        self.asked_proxy_again = false;
        self.begin_decoding();
        self.watchdog.opened(since);
        self.line.control.statistics().opened += 1;
        if let Err(wish) = self.tell_open(headers).await {
            return wish.into();
        }
        let renewal = self.renewal();
        let end = loop {
            let heard = match self.listen(&mut body, renewal).await {
                Ok(chunk) => self.hear(chunk).await,
                Err(end) => Err(end),
            };
            if let Err(end) = heard {
                break end;
            }
        };
        // The socket goes before anything else is said or done.
        drop(body);
        let lasted = waited + since.elapsed() >= self.config.policy.opened;
        let was_open = lasted || self.decoder.has_spoken();
        if was_open {
            self.backoff.opened();
        }
        match end {
            End::Failed { cause, .. } if was_open => End::Ended { cause, lasted },
            End::Failed { cause, .. } => End::Mute(cause),
            end => end,
        }
    }

    /// The next piece of the stream, unless something comes in between.
    async fn listen(&mut self, body: &mut Body, renewal: Option<Instant>) -> Result<Bytes, End> {
        loop {
            if let Some(wish) = self.line.wish() {
                return Err(wish.into());
            }
            if let Some(chunk) = body.next().now_or_never() {
                return chunk.unwrap_or(Err(Cause::Ended)).map_err(End::failed);
            }
            let begun = Instant::now();
            let burst_ends = self.burst.as_ref().map(|burst| begun + burst.left());
            let chunk = tokio::select! {
                biased;
                wish = self.line.disturbance() => return Err(wish.into()),
                () = sleep_until_some(renewal) => {
                    self.renewed = self.secret.as_ref().and_then(|secret| secret.expires);
                    return Err(End::Renew(Cause::Requested));
                }
                chunk = body.next() => Some(chunk),
                () = sleep_until_some(burst_ends) => None,
                () = sleep_until(self.watchdog.deadline()) => return Err(self.silence()),
            };
            if let Some(burst) = &mut self.burst {
                burst.waited(begun.elapsed());
            }
            if let Some(chunk) = chunk {
                return chunk.unwrap_or(Err(Cause::Ended)).map_err(End::failed);
            }
            self.settle().await?;
        }
    }

    /// The opening burst is over.
    async fn settle(&mut self) -> Result<(), Wish> {
        self.burst = None;
        self.line.tell(Update::Settled).await
    }

    async fn tell_open(&mut self, headers: HeaderMap) -> Result<(), Wish> {
        let since = self.line.clock.now();
        self.line.tell(Update::State(State::Open { since })).await?;
        self.line.tell(Update::Opened(Box::new(headers))).await?;
        if self.cursor_dropped {
            self.line.tell(Update::CursorDropped).await?;
            self.cursor_dropped = false;
        }
        match self.burst.as_ref().is_some_and(Burst::is_over) {
            true => self.settle().await,
            false => Ok(()),
        }
    }

    /// Decodes a chunk and tells its events, one by one: what the app has not taken stays
    /// undelivered, and the cursor with it.
    async fn hear(&mut self, mut chunk: Bytes) -> Result<(), End> {
        let bytes = chunk.len() as u64;
        let (mut events, mut skipped, mut beats, mut alive) = (0, 0, 0, false);
        let mut outcome = Ok(());
        while let Some(decoded) = self.decoder.next(&mut chunk) {
            match decoded {
                Decoded::Event(event) if self.says_full(&event) => {
                    outcome = Err(End::Full { retry_after: None });
                    break;
                }
                Decoded::Event(event) => {
                    alive |= says_nothing(&event);
                    if let Err(wish) = self.line.tell(Update::Event(event)).await {
                        outcome = Err(wish.into());
                        break;
                    }
                    events += 1;
                    if let Some(burst) = &mut self.burst {
                        burst.heard();
                    }
                    self.keep_cursor();
                }
                Decoded::Retry(retry) => self.backoff.server_asked(retry),
                Decoded::Heartbeat => beats += 1,
                Decoded::Oversized => skipped += 1,
            }
        }
        if outcome.is_ok() {
            self.keep_cursor();
        }
        // A comment beside an event is a part of it, and no habit to learn from.
        let heartbeat = alive || (events == 0 && beats > 0);
        // Time that the app took is not the server's silence.
        match heartbeat {
            true => self.watchdog.heartbeat(Instant::now()),
            false => self.watchdog.heard(Instant::now()),
        }
        let mut statistics = self.line.control.statistics();
        statistics.bytes += bytes;
        statistics.events += events;
        statistics.skipped += skipped;
        statistics.heartbeats += u64::from(heartbeat);
        statistics.usual_gap = self.watchdog.usual_gap();
        statistics.retry = self.backoff.asked();
        statistics.last_heard = Some(self.line.clock.now());
        if statistics.last_event_id != self.cursor {
            statistics.last_event_id.clone_from(&self.cursor);
        }
        outcome
    }

    fn says_full(&self, event: &Event) -> bool {
        let text = &self.config.policy.full_text;
        event.kind == "message" && !text.is_empty() && event.data == *text
    }

    /// A new connection, a new stream. It begins with the ID that was sent: one that came with
    /// an event which was not delivered must not be taken for the cursor.
    fn begin_decoding(&mut self) {
        match self.config.cursor {
            Cursor::Header => {
                self.decoder = Decoder::new(self.config.policy.max_event, &self.cursor);
            }
            Cursor::Query(_) => self.decoder.reconnect(),
        }
    }

    /// Moves the cursor to the stream's last event ID, unless a request could not carry it: then
    /// the server replays from the one before, rather than never being understood again.
    fn keep_cursor(&mut self) {
        if self.config.cursor != Cursor::Header {
            return;
        }
        let id = self.decoder.last_event_id();
        if id != self.cursor && (id.is_empty() || is_sendable(id)) {
            id.clone_into(&mut self.cursor);
        }
    }

    /// The server was silent for too long.
    fn silence(&mut self) -> End {
        let learned = self.watchdog.usual_gap().is_some();
        self.watchdog.forget();
        match learned {
            true => End::failed(Cause::Silent),
            // Perhaps there was just nothing to say: nobody needs to hear of it.
            false => End::Renew(Cause::Silent),
        }
    }

    /// When the credentials in use should be renewed.
    fn renewal(&self) -> Option<Instant> {
        let expires = self.secret.as_ref()?.expires?;
        if self.renewed.is_some_and(|renewed| expires <= renewed) {
            return None;
        }
        let left = expires.duration_since(self.line.clock.now()).ok()?;
        // A token that outlives every clock needs no renewal.
        Instant::now().checked_add(left - RENEW_BEFORE.min(left / 10))
    }
}
