//! Reading the stream from a sequence number on, by a consumer that lives only for that.
//!
//! The client library's ordered consumer notices a lost server after 15 to 40 seconds, and begins
//! again from the stream's start; this one notices after one second, and is made anew where it was.

use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, ReplayPolicy, pull};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::configuration::STREAM;
use super::connect::REQUEST;
use super::copy::{StoredMessage, StreamCopy};
use super::end::newest;
use super::error::CatchUpError;

/// Two of these without a message: the server that has the consumer is gone.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// How many messages are stored in one transaction.
const GROUP: usize = 512;

/// How much is on the way at once, in bytes.
const IN_FLIGHT: usize = 8 << 20;

/// Brings the copy to where the stream is now.
///
/// # Errors
/// If NATS did not answer or the copy could not be written. What came before is kept.
pub(super) async fn catch_up(jetstream: &Context, copy: &StreamCopy) -> Result<(), CatchUpError> {
    let newest = newest(jetstream).await?;
    if copy.reached() >= newest {
        return Ok(());
    }
    let name = format!("belldot-{}", uuid::Uuid::now_v7().simple());
    let config = pull::Config {
        name: Some(name.clone()),
        deliver_policy: DeliverPolicy::ByStartSequence {
            start_sequence: copy.reached() + 1,
        },
        ack_policy: AckPolicy::None,
        replay_policy: ReplayPolicy::Instant,
        inactive_threshold: Duration::from_secs(5),
        memory_storage: true,
        num_replicas: 1,
        ..pull::Config::default()
    };
    let made = jetstream.create_consumer_on_stream(config, STREAM);
    let consumer = timeout(REQUEST, made)
        .await
        .map_err(CatchUpError::too_long)?
        .map_err(CatchUpError::nats)?;
    if consumer.cached_info().num_pending > 0 {
        let messages = consumer
            .stream()
            .max_messages_per_batch(2 * GROUP)
            .max_bytes_per_batch(IN_FLIGHT)
            .heartbeat(HEARTBEAT)
            .expires(Duration::from_secs(5))
            .messages();
        let messages = timeout(REQUEST, messages)
            .await
            .map_err(CatchUpError::too_long)?;
        read(messages.map_err(CatchUpError::nats)?, copy).await?;
    }
    // What nobody has any more, at the end, is known too.
    if copy.reached() < newest {
        copy.store(Vec::new(), newest).await?;
    }
    let gone = jetstream.delete_consumer_from_stream(&name, STREAM);
    // It goes by itself as well.
    timeout(REQUEST, gone).await.ok();
    Ok(())
}

async fn read(messages: pull::Stream, copy: &StreamCopy) -> Result<(), CatchUpError> {
    let mut groups = messages.ready_chunks(GROUP);
    loop {
        let group = groups.next().await;
        let group = group.ok_or_else(|| CatchUpError::Nats("the consumer ended".to_owned()))?;
        let (mut entries, mut through, mut pending, mut broken) = (Vec::new(), None, 1, None);
        for message in group {
            let message = match message {
                Ok(message) => message,
                Err(error) => {
                    broken = Some(CatchUpError::nats(error));
                    break;
                }
            };
            let info = message.info().map_err(CatchUpError::nats)?;
            let stored = StoredMessage {
                seq: info.stream_sequence,
                subject: &message.subject,
                payload: &message.payload,
            };
            entries.extend(stored.entry());
            (through, pending) = (Some(info.stream_sequence), info.pending);
        }
        if let Some(through) = through {
            copy.store(entries, through).await?;
        }
        match broken {
            Some(error) => return Err(error),
            None if pending == 0 => return Ok(()),
            None => {}
        }
    }
}
