//! Writing: read the copy, apply the edit, and have the stream take the result if the to-do has not
//! changed meanwhile; if it has, again.

use std::sync::Arc;
use std::time::Duration;

use async_nats::client::RequestErrorKind;
use async_nats::header::{
    NATS_BATCH_COMMIT, NATS_BATCH_ID, NATS_BATCH_SEQUENCE, NATS_EXPECTED_LAST_SUBJECT_SEQUENCE,
};
use async_nats::jetstream::response::Response;
use async_nats::jetstream::{Context, ErrorCode};
use async_nats::{HeaderMap, Request, connection};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use uuid::Uuid;

use super::configuration::STREAM;
use super::copy::StreamCopy;
use super::end::StreamEnd;
use super::subject;
use crate::log::entry::{TodoAddress, TodoEntry, TodoWrite};
use crate::log::error::{LogError, WriteError};
use crate::log::todo_log::PutOutcome;

/// The most messages that JetStream takes in one atomic batch.
pub(super) const MAX_BATCH: usize = 1_000;

/// How long a request is kept while the stream takes nothing: an election takes about six seconds.
const KEPT: Duration = Duration::from_secs(10);

/// How many requests are kept at once.
const MAX_KEPT: usize = 4_096;

/// How long the stream may take to acknowledge. What comes later is met by the next attempt.
const ACKNOWLEDGEMENT: Duration = Duration::from_secs(2);

/// How many messages are removed at once.
const REMOVED_AT_ONCE: usize = 16;

const BACK_OFF: Duration = Duration::from_millis(50);
const MAX_BACK_OFF: Duration = Duration::from_secs(1);

/// Writes to the stream.
pub(super) struct Publisher {
    jetstream: Context,
    copy: Arc<StreamCopy>,
    end: Arc<StreamEnd>,
    kept: Semaphore,
}

/// What one attempt would write: all of it, or nothing.
#[derive(Default)]
pub(super) struct Proposal {
    /// What becomes of each write; the sequence numbers of changed ones are not known yet.
    outcomes: Vec<PutOutcome>,
    messages: Vec<ProposedMessage>,
}

struct ProposedMessage {
    /// Whose outcome it is.
    outcome: usize,
    json: Bytes,
    /// The sequence number that the entry has; 0: there is none.
    expected: u64,
}

/// What became of one attempt.
enum PublishAttempt {
    /// The stream has it, up to this sequence number.
    Stored(u64),
    /// The copy is behind: there is something newer, at this sequence number.
    Behind(u64),
    /// Somebody's change of the to-do is on its way.
    Conflict,
    /// The copy has what the stream has no more.
    Gone,
    /// The stream takes nothing now.
    Nobody,
    /// It was sent, and nothing came back.
    Unknown,
}

impl Publisher {
    pub(super) fn new(jetstream: Context, copy: Arc<StreamCopy>, end: Arc<StreamEnd>) -> Self {
        Self {
            jetstream,
            copy,
            end,
            kept: Semaphore::new(MAX_KEPT),
        }
    }

    /// Writes what `propose` makes of the present state, and returns its outcomes once this server's
    /// copy has it too.
    ///
    /// # Errors
    /// If a write is refused, the stream takes nothing for ten seconds, or too many requests wait
    /// already.
    pub(super) async fn commit<'a>(
        &self,
        propose: impl Fn() -> BoxFuture<'a, Result<Proposal, WriteError>>,
    ) -> Result<Vec<PutOutcome>, WriteError> {
        let busy = "too many requests wait for it";
        let _place = self
            .kept
            .try_acquire()
            .map_err(|_| LogError::Unavailable(busy))?;
        let started = Instant::now();
        let deadline = started + KEPT;
        let mut current = false;
        let mut back_off = BACK_OFF;
        // What was sent and may have been stored, though nothing came back.
        let mut unknown: Vec<Proposal> = Vec::new();
        loop {
            if Instant::now() >= deadline {
                return Err(gone(&unknown).into());
            }
            for proposal in &mut unknown {
                if self.is_stored(proposal).await? {
                    return Ok(std::mem::take(&mut proposal.outcomes));
                }
            }
            let proposal = match propose().await {
                Err(error @ WriteError::Log(_)) => return Err(error),
                Err(error) if current => return Err(error),
                Ok(proposal) if current && proposal.messages.is_empty() => {
                    return Ok(proposal.outcomes);
                }
                Ok(proposal) if !proposal.messages.is_empty() => Some(proposal),
                // That nothing changes, or may not, is true of a copy that has all there was when it
                // was asked.
                _ => None,
            };
            let attempt = match &proposal {
                Some(proposal) => self.attempt(proposal).await?,
                None => match self.end.newest(started).await {
                    Ok(newest) => {
                        current = true;
                        PublishAttempt::Behind(newest)
                    }
                    Err(_) => PublishAttempt::Nobody,
                },
            };
            match (attempt, proposal) {
                (PublishAttempt::Stored(seq), Some(mut proposal)) => {
                    proposal.number(seq);
                    return match self.copy.wait(seq, deadline).await {
                        true => Ok(proposal.outcomes),
                        false => Err(LogError::Unconfirmed.into()),
                    };
                }
                (PublishAttempt::Behind(seq), _) => {
                    if !self.copy.wait(seq, deadline).await {
                        return Err(gone(&unknown).into());
                    }
                    continue;
                }
                (PublishAttempt::Gone, Some(proposal)) => {
                    self.forget_what_is_gone(&proposal).await?;
                }
                (PublishAttempt::Unknown, Some(proposal)) => unknown.push(proposal),
                _ => {}
            }
            let pause = back_off.mul_f64(0.5 + rand::random::<f64>() / 2.0);
            if Instant::now() + pause >= deadline {
                return Err(gone(&unknown).into());
            }
            tokio::time::sleep(pause).await;
            back_off = (back_off * 2).min(MAX_BACK_OFF);
        }
    }

    /// Removes messages from the stream, by their sequence numbers, unless something newer has
    /// taken their place.
    ///
    /// # Errors
    /// If the stream takes nothing now.
    pub(super) async fn remove(&self, seqs: &[u64]) -> Result<(), LogError> {
        let removed = stream::iter(seqs.iter().copied())
            .map(|seq| self.delete(seq))
            .buffer_unordered(REMOVED_AT_ONCE);
        removed.try_collect::<()>().await
    }

    async fn delete(&self, seq: u64) -> Result<(), LogError> {
        let subject = format!("STREAM.MSG.DELETE.{STREAM}");
        let request = json!({ "seq": seq, "no_erase": true });
        let answer: Result<Response<IgnoredAny>, _> =
            self.jetstream.request(subject, &request).await;
        match answer {
            Ok(Response::Ok(_)) => Ok(()),
            Ok(Response::Err { error }) if error.error_code() == ErrorCode::NO_MESSAGE_FOUND => {
                Ok(())
            }
            Ok(Response::Err { error }) if is_missing(&error.to_string()) => Ok(()),
            Ok(Response::Err { error }) => Err(LogError::Refused(error.to_string())),
            Err(_) => Err(LogError::Unavailable("it has no leader")),
        }
    }

    /// Whether the copy shows that a proposal was stored; then it has its sequence numbers.
    async fn is_stored(&self, proposal: &mut Proposal) -> Result<bool, LogError> {
        let present = self.present(proposal).await?;
        for (message, present) in proposal.messages.iter().zip(&present) {
            let after = proposal.outcomes[message.outcome].entry();
            // The sequence number is what is not known.
            let same = present.as_ref().is_some_and(|present| {
                TodoEntry {
                    seq: after.seq,
                    ..present.clone()
                } == *after
            });
            if !same {
                return Ok(false);
            }
        }
        for (message, present) in proposal.messages.iter().zip(present) {
            if let Some(present) = present {
                proposal.outcomes[message.outcome].entry_mut().seq = present.seq;
            }
        }
        Ok(true)
    }

    /// What the copy has where a proposal would write.
    async fn present(&self, proposal: &Proposal) -> Result<Vec<Option<TodoEntry>>, LogError> {
        let addresses = proposal.messages.iter().map(|message| {
            let after = proposal.outcomes[message.outcome].entry();
            TodoAddress::Of {
                user: after.user.clone(),
                id: after.todo.id.clone(),
            }
        });
        let resolved = self.copy.log.resolve(addresses.collect()).await?;
        Ok(resolved.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Another node has removed from the stream what this one's copy still has.
    async fn forget_what_is_gone(&self, proposal: &Proposal) -> Result<(), LogError> {
        let mut gone = Vec::new();
        for message in &proposal.messages {
            let subject = subject::of(proposal.outcomes[message.outcome].entry());
            let is_gone = matches!(
                self.last_of(subject).await,
                Ok(Response::Err { error }) if error.error_code() == ErrorCode::NO_MESSAGE_FOUND
            );
            if is_gone && message.expected > 0 {
                gone.push(message.expected);
            }
        }
        self.copy.forget(gone).await
    }

    async fn last_of(&self, subject: String) -> Result<Response<IgnoredAny>, LogError> {
        let request = json!({ "last_by_subj": subject });
        let answer = self
            .jetstream
            .request(format!("STREAM.MSG.GET.{STREAM}"), &request);
        answer
            .await
            .map_err(|_| LogError::Unavailable("it has no leader"))
    }

    async fn attempt(&self, proposal: &Proposal) -> Result<PublishAttempt, LogError> {
        if proposal.messages.len() > MAX_BATCH {
            return Err(LogError::Refused(format!(
                "it changes at most {MAX_BATCH} to-dos in one step"
            )));
        }
        let client = self.jetstream.client();
        if client.connection_state() != connection::State::Connected {
            return Ok(PublishAttempt::Nobody);
        }
        let batch = (proposal.messages.len() > 1).then(|| Uuid::now_v7().to_string());
        let Some((last, before)) = proposal.messages.split_last() else {
            return Ok(PublishAttempt::Nobody);
        };
        for (index, message) in before.iter().enumerate() {
            let headers = headers(message, batch.as_deref(), index);
            let subject = subject::of(proposal.outcomes[message.outcome].entry());
            let sent = client.publish_with_headers(subject, headers, message.json.clone());
            if sent.await.is_err() {
                return Ok(PublishAttempt::Nobody);
            }
        }
        let mut headers = headers(last, batch.as_deref(), before.len());
        if batch.is_some() {
            headers.insert(NATS_BATCH_COMMIT, "1");
        }
        let request = Request::new()
            .payload(last.json.clone())
            .headers(headers)
            .timeout(Some(ACKNOWLEDGEMENT));
        let subject = subject::of(proposal.outcomes[last.outcome].entry());
        match client.send_request(subject, request).await {
            Ok(answer) => read(&answer.payload),
            Err(error) => match error.kind() {
                RequestErrorKind::NoResponders => Ok(PublishAttempt::Nobody),
                RequestErrorKind::MaxPayloadExceeded | RequestErrorKind::InvalidSubject => {
                    Err(LogError::Refused(error.to_string()))
                }
                RequestErrorKind::TimedOut | RequestErrorKind::Other => Ok(PublishAttempt::Unknown),
            },
        }
    }
}

/// The headers of a message, which is the one at `index` of its batch.
fn headers(message: &ProposedMessage, batch: Option<&str>, index: usize) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let expected = message.expected.to_string();
    headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, expected.as_str());
    if let Some(batch) = batch {
        headers.insert(NATS_BATCH_ID, batch);
        headers.insert(NATS_BATCH_SEQUENCE, (index + 1).to_string().as_str());
    }
    headers
}

/// The error after which nobody waits any longer.
fn gone<T>(unknown: &[T]) -> LogError {
    if unknown.is_empty() {
        LogError::Unavailable("it has no leader")
    } else {
        LogError::Unconfirmed
    }
}

#[derive(Deserialize)]
struct Acknowledgement {
    seq: u64,
}

fn read(answer: &[u8]) -> Result<PublishAttempt, LogError> {
    let error = match serde_json::from_slice(answer) {
        Ok(Response::Ok(Acknowledgement { seq })) => return Ok(PublishAttempt::Stored(seq)),
        Ok(Response::Err { error }) => error,
        // Whoever answered, it was not JetStream.
        Err(_) => return Ok(PublishAttempt::Unknown),
    };
    match error.error_code() {
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE => Ok(match named(&error.to_string()) {
            Some(0) => PublishAttempt::Gone,
            Some(newer) => PublishAttempt::Behind(newer),
            None => PublishAttempt::Conflict,
        }),
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT => Ok(PublishAttempt::Conflict),
        // A batch that lost its beginning on the way to another leader, or one of too many.
        ErrorCode::ATOMIC_PUBLISH_INCOMPLETE_BATCH
        | ErrorCode::ATOMIC_PUBLISH_TOO_MANY_INFLIGHT => Ok(PublishAttempt::Nobody),
        // It was not stored, and may be later: no leader, no room.
        _ if error.code() >= 500 => Ok(PublishAttempt::Nobody),
        _ => Err(LogError::Refused(error.to_string())),
    }
}

/// Whether a message that was to be removed is not there any more.
fn is_missing(text: &str) -> bool {
    text.contains("no message found") || text.contains("message not found")
}

/// The sequence number in "wrong last sequence: 5".
fn named(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("wrong last sequence: ")?;
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

impl Proposal {
    /// Adds what a write makes of an entry.
    ///
    /// # Errors
    /// If the write is refused.
    pub(super) fn add(
        &mut self,
        write: TodoWrite,
        id: String,
        before: Option<TodoEntry>,
        now: Timestamp,
    ) -> Result<(), WriteError> {
        let index = self.outcomes.len();
        let after = write
            .apply(id, before.as_ref(), now)
            .map_err(|refusal| WriteError::Refused { index, refusal })?;
        if before.as_ref() == Some(&after) {
            self.outcomes.push(PutOutcome::Unchanged(after));
            return Ok(());
        }
        let json = serde_json::to_vec(&after).map_err(|error| LogError::Unwritable {
            id: after.todo.id.clone(),
            detail: error.to_string(),
        })?;
        self.messages.push(ProposedMessage {
            outcome: index,
            json: json.into(),
            expected: after.seq,
        });
        self.outcomes.push(match before {
            Some(before) if !before.deleted => PutOutcome::Changed(after),
            _ => PutOutcome::Created(after),
        });
        Ok(())
    }

    /// Gives the sequence numbers of a batch that ends at `last`.
    fn number(&mut self, last: u64) {
        for (message, seq) in self.messages.iter().rev().zip((0..=last).rev()) {
            self.outcomes[message.outcome].entry_mut().seq = seq;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Result<PublishAttempt, LogError> {
        read(json.as_bytes())
    }

    #[test]
    fn both_codes_of_a_conflict_are_conflicts() {
        let with_number = r#"{"error":{"code":400,"err_code":10071,
            "description":"wrong last sequence: 1764000000123"},"stream":"BELLDOT","seq":0}"#;
        assert!(matches!(
            answer(with_number),
            Ok(PublishAttempt::Behind(1_764_000_000_123))
        ));
        let without = r#"{"error":{"code":400,"err_code":10164,
            "description":"wrong last sequence"},"stream":"BELLDOT","seq":0}"#;
        assert!(matches!(answer(without), Ok(PublishAttempt::Conflict)));
    }

    #[test]
    fn an_answer_without_an_error_is_the_place_in_the_stream() {
        let stored = r#"{"stream":"BELLDOT","seq":1764000000124}"#;
        assert!(matches!(
            answer(stored),
            Ok(PublishAttempt::Stored(1_764_000_000_124))
        ));
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_an_error() {
        let full =
            r#"{"error":{"code":503,"err_code":10023,"description":"insufficient resources"}}"#;
        assert!(matches!(answer(full), Ok(PublishAttempt::Nobody)));
        let large = r#"{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"}}"#;
        assert!(matches!(answer(large), Err(LogError::Refused(_))));
        assert!(matches!(answer("no JSON"), Ok(PublishAttempt::Unknown)));
    }
}
