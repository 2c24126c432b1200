//! Writing: read the copy, apply the edit, and have the stream take the result if the to-do has not
//! changed meanwhile; if it has, again.

use std::sync::Arc;
use std::time::Duration;

use async_nats::client::RequestErrorKind;
use async_nats::header::NATS_EXPECTED_LAST_SUBJECT_SEQUENCE;
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::response::Response;
use async_nats::{Client, HeaderMap, Request, connection};
use belldot_wire::Todo;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use uuid::Uuid;

use super::copy::Copy;
use super::end::StreamEnd;
use super::subject;
use crate::edit::TodoEdit;
use crate::log::error::LogError;
use crate::log::todo_log::{PutOutcome, TodoLog};

/// The most messages that JetStream takes in one atomic batch.
pub(super) const MAX_BATCH: usize = 1_000;

/// How long a request is kept while the stream takes nothing: an election takes about six seconds.
const KEPT: Duration = Duration::from_secs(10);

/// How many requests are kept at once.
const MAX_KEPT: usize = 4_096;

/// How long the stream may take to acknowledge. What comes later is met by the next attempt.
const ACKNOWLEDGEMENT: Duration = Duration::from_secs(2);

const BACK_OFF: Duration = Duration::from_millis(50);
const MAX_BACK_OFF: Duration = Duration::from_secs(1);

/// Writes to the stream.
pub(super) struct Publisher {
    client: Client,
    copy: Arc<Copy>,
    end: Arc<StreamEnd>,
    kept: Semaphore,
}

/// What one attempt would write: all of it, or nothing.
#[derive(Default)]
pub(super) struct Proposal(Vec<ProposedTodo>);

struct ProposedTodo {
    user: String,
    after: Todo,
    json: Bytes,
    /// The sequence number that the to-do has; 0: there is none.
    expected: u64,
}

/// What became of one attempt.
enum Attempt {
    /// The stream has it, up to this sequence number.
    Stored(u64),
    /// The copy is behind: there is something newer, at this sequence number.
    Behind(u64),
    /// Somebody's change of the to-do is on its way.
    Conflict,
    /// The stream takes nothing now.
    Nobody,
    /// It was sent, and nothing came back.
    Unknown,
}

impl Publisher {
    pub(super) fn new(client: Client, copy: Arc<Copy>, end: Arc<StreamEnd>) -> Self {
        Self {
            client,
            copy,
            end,
            kept: Semaphore::new(MAX_KEPT),
        }
    }

    /// Writes what `propose` makes of the present state, and returns its outcome once this server's
    /// copy has it too.
    ///
    /// # Errors
    /// If the stream takes nothing for ten seconds, too many requests wait already, or the change
    /// is refused.
    pub(super) async fn commit<'a, T>(
        &self,
        propose: impl Fn() -> BoxFuture<'a, Result<(Proposal, T), LogError>>,
    ) -> Result<T, LogError> {
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
        let mut unknown: Vec<(Proposal, T)> = Vec::new();
        loop {
            if Instant::now() >= deadline {
                return Err(gone(&unknown));
            }
            if let Some(stored) = self.stored(&unknown).await? {
                return Ok(unknown.swap_remove(stored).1);
            }
            let (proposal, outcome) = propose().await?;
            let attempt = if !proposal.0.is_empty() {
                self.attempt(&proposal).await?
            } else if current {
                return Ok(outcome);
            } else {
                // That nothing changes is true of a copy that has all there was when it was asked.
                match self.end.newest(started).await {
                    Ok(newest) => {
                        current = true;
                        Attempt::Behind(newest)
                    }
                    Err(_) => Attempt::Nobody,
                }
            };
            match attempt {
                Attempt::Stored(seq) => {
                    return match self.copy.wait(seq, deadline).await {
                        true => Ok(outcome),
                        false => Err(LogError::Unconfirmed),
                    };
                }
                Attempt::Behind(seq) => {
                    if !self.copy.wait(seq, deadline).await {
                        return Err(gone(&unknown));
                    }
                    continue;
                }
                Attempt::Conflict | Attempt::Nobody => {}
                Attempt::Unknown => unknown.push((proposal, outcome)),
            }
            let pause = back_off.mul_f64(0.5 + rand::random::<f64>() / 2.0);
            if Instant::now() + pause >= deadline {
                return Err(gone(&unknown));
            }
            tokio::time::sleep(pause).await;
            back_off = (back_off * 2).min(MAX_BACK_OFF);
        }
    }

    /// Which of the attempts whose outcome is unknown was stored, if the copy shows it.
    async fn stored<T>(&self, unknown: &[(Proposal, T)]) -> Result<Option<usize>, LogError> {
        for (index, (proposal, _)) in unknown.iter().enumerate() {
            let mut stored = true;
            for todo in &proposal.0 {
                let present = self.copy.log.get(&todo.user, &todo.after.id).await?;
                stored &= present.as_ref() == Some(&todo.after);
            }
            if stored {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    async fn attempt(&self, proposal: &Proposal) -> Result<Attempt, LogError> {
        if self.client.connection_state() != connection::State::Connected {
            return Ok(Attempt::Nobody);
        }
        let batch = (proposal.len() > 1).then(|| Uuid::now_v7().to_string());
        let last = proposal.len() - 1;
        for (index, todo) in proposal.0.iter().enumerate() {
            let subject = subject::stored(&todo.user, &todo.after.id);
            let mut headers = HeaderMap::new();
            headers.insert(
                NATS_EXPECTED_LAST_SUBJECT_SEQUENCE,
                todo.expected.to_string().as_str(),
            );
            if let Some(batch) = &batch {
                headers.insert("Nats-Batch-Id", batch.as_str());
                headers.insert("Nats-Batch-Sequence", (index + 1).to_string().as_str());
            }
            if index < last {
                let sent = self
                    .client
                    .publish_with_headers(subject, headers, todo.json.clone());
                if sent.await.is_err() {
                    return Ok(Attempt::Nobody);
                }
                continue;
            }
            if batch.is_some() {
                headers.insert("Nats-Batch-Commit", "1");
            }
            let request = Request::new()
                .payload(todo.json.clone())
                .headers(headers)
                .timeout(Some(ACKNOWLEDGEMENT));
            return match self.client.send_request(subject, request).await {
                Ok(answer) => read(&answer.payload),
                Err(error) => match error.kind() {
                    RequestErrorKind::NoResponders => Ok(Attempt::Nobody),
                    RequestErrorKind::MaxPayloadExceeded | RequestErrorKind::InvalidSubject => {
                        Err(LogError::Refused(error.to_string()))
                    }
                    RequestErrorKind::TimedOut | RequestErrorKind::Other => Ok(Attempt::Unknown),
                },
            };
        }
        Ok(Attempt::Nobody)
    }
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

fn read(answer: &[u8]) -> Result<Attempt, LogError> {
    let error = match serde_json::from_slice(answer) {
        Ok(Response::Ok(Acknowledgement { seq })) => return Ok(Attempt::Stored(seq)),
        Ok(Response::Err { error }) => error,
        // Whoever answered, it was not JetStream.
        Err(_) => return Ok(Attempt::Unknown),
    };
    match error.error_code() {
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE => {
            let newer = named(&error.to_string()).filter(|seq| *seq > 0);
            Ok(newer.map_or(Attempt::Conflict, Attempt::Behind))
        }
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT => Ok(Attempt::Conflict),
        // A batch that lost its beginning on the way to another leader, or one of too many.
        ErrorCode::ATOMIC_PUBLISH_INCOMPLETE_BATCH
        | ErrorCode::ATOMIC_PUBLISH_TOO_MANY_INFLIGHT => Ok(Attempt::Nobody),
        // It was not stored, and may be later: no leader, no room.
        _ if error.code() >= 500 => Ok(Attempt::Nobody),
        _ => Err(LogError::Refused(error.to_string())),
    }
}

/// The sequence number in "wrong last sequence: 5".
fn named(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("wrong last sequence: ")?;
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

impl Proposal {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds what `edit` makes of a to-do, unless that changes nothing.
    pub(super) fn edit(
        &mut self,
        user: &str,
        id: &str,
        before: Option<(u64, Todo)>,
        edit: TodoEdit,
        now: Timestamp,
    ) -> Result<PutOutcome, LogError> {
        let (expected, before) = before.map_or((0, None), |(seq, todo)| (seq, Some(todo)));
        let Some(after) = edit.apply(id, before.as_ref(), now) else {
            return Ok(PutOutcome::Unknown);
        };
        if before.as_ref() == Some(&after) {
            return Ok(PutOutcome::Unchanged(after));
        }
        let json = serde_json::to_vec(&after).map_err(|error| LogError::Unwritable {
            id: id.to_owned(),
            detail: error.to_string(),
        })?;
        self.0.push(ProposedTodo {
            user: user.to_owned(),
            after: after.clone(),
            json: json.into(),
            expected,
        });
        Ok(match before {
            Some(_) => PutOutcome::Changed(after),
            None => PutOutcome::Created(after),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Result<Attempt, LogError> {
        read(json.as_bytes())
    }

    #[test]
    fn both_codes_of_a_conflict_are_conflicts() {
        let with_number = r#"{"error":{"code":400,"err_code":10071,
            "description":"wrong last sequence: 1764000000123"},"stream":"BELLDOT","seq":0}"#;
        assert!(matches!(
            answer(with_number),
            Ok(Attempt::Behind(1_764_000_000_123))
        ));
        let without = r#"{"error":{"code":400,"err_code":10164,
            "description":"wrong last sequence"},"stream":"BELLDOT","seq":0}"#;
        assert!(matches!(answer(without), Ok(Attempt::Conflict)));
    }

    #[test]
    fn an_answer_without_an_error_is_the_place_in_the_stream() {
        let stored = r#"{"stream":"BELLDOT","seq":1764000000124}"#;
        assert!(matches!(
            answer(stored),
            Ok(Attempt::Stored(1_764_000_000_124))
        ));
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_an_error() {
        let full =
            r#"{"error":{"code":503,"err_code":10023,"description":"insufficient resources"}}"#;
        assert!(matches!(answer(full), Ok(Attempt::Nobody)));
        let large = r#"{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"}}"#;
        assert!(matches!(answer(large), Err(LogError::Refused(_))));
        assert!(matches!(answer("no JSON"), Ok(Attempt::Unknown)));
    }
}
