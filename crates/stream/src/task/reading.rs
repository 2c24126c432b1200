//! Reads an open stream: delivers its events, advances the cursor, notices silence.

use std::time::Duration;

use belldot_wire::{Cause, Event, StreamState};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use reqwest::header::HeaderMap;
use tokio::time::{Instant, sleep_until};

use super::state::{SubscriptionTask, sleep_until_or_forever};
use crate::Update;
use crate::burst::Burst;
use crate::clock::timestamp;
use crate::config::CursorPlacement;
use crate::connect::{Opened, is_valid_cursor};
use crate::control::Signal;
use crate::decode::{Decoder, Frame};
use crate::disposition::Disposition;
use crate::transport::Body;

/// Credentials are renewed this long before they expire, or after nine tenths of a shorter
/// validity.
const RENEW_BEFORE: Duration = Duration::from_secs(60);

impl SubscriptionTask {
    /// Reads an open stream to its end.
    pub(super) async fn read(&mut self, opened: Opened) -> Disposition {
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
        self.context.control.statistics().opened += 1;
        if let Err(signal) = self.report_open(headers).await {
            return signal.into();
        }
        let renewal = self.renewal();
        let disposition = loop {
            let outcome = match self.next_chunk(&mut body, renewal).await {
                Ok(chunk) => self.process_chunk(chunk).await,
                Err(disposition) => Err(disposition),
            };
            if let Err(disposition) = outcome {
                break disposition;
            }
        };
        // Closes the socket before anything else is reported or done.
        drop(body);
        let lasted = waited + since.elapsed() >= self.config.policy.opened;
        let was_open = lasted || self.decoder.has_spoken();
        if was_open {
            self.backoff.opened();
        }
        match disposition {
            Disposition::Failed { cause, .. } if was_open => Disposition::Ended { cause, lasted },
            Disposition::Failed { cause, .. } => Disposition::EndedEmpty(cause),
            disposition => disposition,
        }
    }

    /// The next chunk of the stream, unless a signal, a renewal or a silence comes first.
    async fn next_chunk(
        &mut self,
        body: &mut Body,
        renewal: Option<Instant>,
    ) -> Result<Bytes, Disposition> {
        loop {
            if let Some(signal) = self.context.pending_signal() {
                return Err(signal.into());
            }
            if let Some(chunk) = body.next().now_or_never() {
                return chunk
                    .unwrap_or(Err(Cause::Ended))
                    .map_err(Disposition::failed);
            }
            let begun = Instant::now();
            let burst_ends = self.burst.as_ref().map(|burst| begun + burst.left());
            let chunk = tokio::select! {
                biased;
                signal = self.context.next_signal() => return Err(signal.into()),
                () = sleep_until_or_forever(renewal) => {
                    self.renewed = self.secret.as_ref().and_then(|secret| secret.expires);
                    return Err(Disposition::Renew(Cause::Requested));
                }
                chunk = body.next() => Some(chunk),
                () = sleep_until_or_forever(burst_ends) => None,
                () = sleep_until(self.watchdog.deadline()) => return Err(self.silence_timed_out()),
            };
            if let Some(burst) = &mut self.burst {
                burst.waited(begun.elapsed());
            }
            if let Some(chunk) = chunk {
                return chunk
                    .unwrap_or(Err(Cause::Ended))
                    .map_err(Disposition::failed);
            }
            self.settle().await?;
        }
    }

    /// The opening burst is over.
    async fn settle(&mut self) -> Result<(), Signal> {
        self.burst = None;
        self.context.send(Update::Settled).await
    }

    async fn report_open(&mut self, headers: HeaderMap) -> Result<(), Signal> {
        let since = timestamp(self.context.clock.now());
        self.context
            .send(Update::State(StreamState::Open { since }))
            .await?;
        self.context.send(Update::Opened(Box::new(headers))).await?;
        if self.cursor_dropped {
            self.context.send(Update::CursorDropped).await?;
            self.cursor_dropped = false;
        }
        match self.burst.as_ref().is_some_and(Burst::is_over) {
            true => self.settle().await,
            false => Ok(()),
        }
    }

    /// Decodes a chunk and delivers its events one by one. The cursor moves with each event that
    /// was delivered, and not past one that was not.
    async fn process_chunk(&mut self, mut chunk: Bytes) -> Result<(), Disposition> {
        let bytes = chunk.len() as u64;
        let (mut events, mut skipped, mut comments, mut keepalive) = (0, 0, 0, false);
        let mut outcome = Ok(());
        while let Some(decoded) = self.decoder.next(&mut chunk) {
            match decoded {
                Frame::Event(event) if self.is_full_message(&event) => {
                    outcome = Err(Disposition::Full { retry_after: None });
                    break;
                }
                Frame::Event(event) => {
                    keepalive |= event.is_keepalive();
                    if let Err(signal) = self.context.send(Update::Event(event)).await {
                        outcome = Err(signal.into());
                        break;
                    }
                    events += 1;
                    if let Some(burst) = &mut self.burst {
                        burst.heard();
                    }
                    self.advance_cursor();
                }
                Frame::Retry(retry) => self.backoff.server_asked(retry),
                Frame::Heartbeat => comments += 1,
                Frame::Oversized => skipped += 1,
            }
        }
        if outcome.is_ok() {
            self.advance_cursor();
        }
        // A comment beside an event is no sign of a heartbeat interval.
        let heartbeat = keepalive || (events == 0 && comments > 0);
        // Time that the application took is not silence of the server.
        match heartbeat {
            true => self.watchdog.heartbeat(Instant::now()),
            false => self.watchdog.heard(Instant::now()),
        }
        let mut statistics = self.context.control.statistics();
        statistics.bytes += bytes;
        statistics.events += events;
        statistics.skipped += skipped;
        statistics.heartbeats += u64::from(heartbeat);
        statistics.usual_gap = self.watchdog.usual_gap();
        statistics.retry = self.backoff.asked();
        statistics.last_heard = Some(self.context.clock.now());
        if statistics.last_event_id != self.cursor {
            statistics.last_event_id.clone_from(&self.cursor);
        }
        outcome
    }

    fn is_full_message(&self, event: &Event) -> bool {
        let text = &self.config.policy.full_text;
        event.kind == "message" && !text.is_empty() && event.data == *text
    }

    /// Prepares the decoder for a new connection. It starts from the ID that was sent: the ID of
    /// an event that was not delivered must not become the cursor.
    fn begin_decoding(&mut self) {
        match self.config.cursor {
            CursorPlacement::Header => {
                self.decoder = Decoder::new(self.config.policy.max_event, &self.cursor);
            }
            CursorPlacement::Query(_) => self.decoder.reconnect(),
        }
    }

    /// Moves the cursor to the stream's last event ID. One that no request can carry is ignored:
    /// the server then replays from the ID before, and the next request stays valid.
    fn advance_cursor(&mut self) {
        if self.config.cursor != CursorPlacement::Header {
            return;
        }
        let id = self.decoder.last_event_id();
        if id != self.cursor && (id.is_empty() || is_valid_cursor(id)) {
            id.clone_into(&mut self.cursor);
        }
    }

    /// What follows from a silence that lasted too long.
    fn silence_timed_out(&mut self) -> Disposition {
        let learned = self.watchdog.usual_gap().is_some();
        self.watchdog.forget();
        match learned {
            true => Disposition::failed(Cause::Silent),
            // The server may just have had no event: a reconnect that is not reported as a failure.
            false => Disposition::Renew(Cause::Silent),
        }
    }

    /// When the credentials in use should be renewed.
    fn renewal(&self) -> Option<Instant> {
        let expires = self.secret.as_ref()?.expires?;
        if self.renewed.is_some_and(|renewed| expires <= renewed) {
            return None;
        }
        let left = expires.duration_since(self.context.clock.now()).ok()?;
        // An expiry beyond the range of the clock needs no renewal.
        Instant::now().checked_add(left - RENEW_BEFORE.min(left / 10))
    }
}
