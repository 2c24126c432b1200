//! The stream's configuration: made if it is not there, read back, and compared.

use std::time::Duration;

use async_nats::jetstream::context::{CreateStreamErrorKind, GetStreamErrorKind};
use async_nats::jetstream::stream::{
    Config, DiscardPolicy, Info, Republish, RetentionPolicy, StorageType,
};
use async_nats::jetstream::{Context, ErrorCode};
use tokio::time::Instant;

use super::connect::NatsConfig;
use super::error::NatsError;
use super::subject::{LIVE, STORED};

/// The stream's name.
pub(super) const STREAM: &str = "BELLDOT";

/// How long a cluster that has just started may take until it can make a stream.
const START: Duration = Duration::from_secs(30);

/// Returns the stream, made if there is none, as Belldot needs it. New sequence numbers are above
/// `least`.
pub(super) async fn stream(
    jetstream: &Context,
    config: &NatsConfig,
    least: u64,
) -> Result<Info, NatsError> {
    let clustered = jetstream.client().server_info().cluster.is_some();
    let replicas = config.replicas.unwrap_or(if clustered { 3 } else { 1 });
    let wanted = wanted(replicas, least);
    let deadline = Instant::now() + START;
    let found = loop {
        match get_or_create(jetstream, &wanted).await {
            Ok(found) => break found,
            Err(error) if error.lasts || Instant::now() >= deadline => {
                return Err(NatsError::JetStream(error.detail));
            }
            Err(error) => {
                tracing::info!("waiting for JetStream: {}", error.detail);
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    };
    let differences = differences(&wanted, &found.config);
    if differences.is_empty() {
        Ok(found)
    } else {
        Err(NatsError::Configuration {
            stream: STREAM,
            differences: differences.join("; "),
        })
    }
}

/// What JetStream did not do.
struct NotNow {
    detail: String,
    /// Whether asking again is of no use.
    lasts: bool,
}

async fn get_or_create(jetstream: &Context, wanted: &Config) -> Result<Info, NotNow> {
    let passes = |detail: String| NotNow {
        detail,
        lasts: false,
    };
    match jetstream.get_stream(STREAM).await {
        Ok(stream) => return Ok(stream.cached_info().clone()),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(answer)
                if answer.error_code() == ErrorCode::STREAM_NOT_FOUND => {}
            _ => return Err(passes(error.to_string())),
        },
    }
    if let Err(error) = jetstream.create_stream(wanted).await {
        let lasts = match error.kind() {
            // Of two nodes that make it at once one is told that it is there, and finds it the next
            // time.
            CreateStreamErrorKind::JetStream(answer) => match answer.error_code() {
                ErrorCode::STREAM_NAME_EXIST => false,
                ErrorCode::STREAM_REPLICAS_NOT_SUPPORTED => true,
                _ => answer.code() < 500,
            },
            _ => false,
        };
        let detail = error.to_string();
        return Err(NotNow { detail, lasts });
    }
    // What the server says that it has, not what it was told.
    let stream = jetstream.get_stream(STREAM).await;
    let stream = stream.map_err(|error| passes(error.to_string()))?;
    Ok(stream.cached_info().clone())
}

fn wanted(replicas: usize, least: u64) -> Config {
    Config {
        name: STREAM.to_owned(),
        description: Some("To-dos of Belldot, the newest state of each".to_owned()),
        subjects: vec![format!("{STORED}.*.*")],
        max_messages_per_subject: 1,
        max_messages: -1,
        max_bytes: -1,
        max_consumers: 256,
        discard: DiscardPolicy::Old,
        retention: RetentionPolicy::Limits,
        storage: StorageType::File,
        num_replicas: replicas,
        first_sequence: Some(least + 1),
        allow_atomic_publish: true,
        // What was taken away by hand would stay in the nodes' copies. They delete one by one.
        deny_purge: true,
        republish: Some(Republish {
            source: format!("{STORED}.>"),
            destination: format!("{LIVE}.>"),
            headers_only: false,
        }),
        ..Config::default()
    }
}

/// Names each setting on which a promise rests and that is not as wanted.
fn differences(wanted: &Config, found: &Config) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |name: &str, wanted: String, found: String| {
        if wanted != found {
            differences.push(format!("{name} is {found} and not {wanted}"));
        }
    };
    macro_rules! same {
        ($($name:literal: $field:ident),* $(,)?) => {
            $(compare($name, format!("{:?}", wanted.$field), format!("{:?}", found.$field));)*
        };
    }
    same! {
        "subjects": subjects,
        "max_msgs_per_subject": max_messages_per_subject,
        "max_msgs": max_messages,
        "max_bytes": max_bytes,
        "max_age": max_age,
        "discard": discard,
        "retention": retention,
        "storage": storage,
        "republish": republish,
        "allow_atomic": allow_atomic_publish,
        "deny_purge": deny_purge,
        "no_ack": no_ack,
        "sealed": sealed,
        "mirror": mirror,
        "sources": sources,
        "subject_transform": subject_transform,
        "persist_mode": persist_mode,
    }
    // More copies are an administrator's choice.
    if found.num_replicas < wanted.num_replicas {
        compare(
            "num_replicas",
            wanted.num_replicas.to_string(),
            found.num_replicas.to_string(),
        );
    }
    // It was set by whoever made the stream, at that time.
    let given = |config: &Config| config.first_sequence.is_some_and(|first| first > 1);
    if given(wanted) && !given(found) {
        compare(
            "first_seq",
            "above the time in milliseconds".to_owned(),
            format!("{:?}", found.first_sequence.unwrap_or_default()),
        );
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_as_wanted() {
        let wanted = wanted(3, 1_800_000_000_000);
        assert!(differences(&wanted, &wanted).is_empty());
    }

    #[test]
    fn a_server_that_dropped_settings_is_found_out() {
        let wanted = wanted(3, 1_800_000_000_000);
        let found = Config {
            first_sequence: None,
            allow_atomic_publish: false,
            ..wanted.clone()
        };
        assert_eq!(
            differences(&wanted, &found),
            [
                "allow_atomic is false and not true",
                "first_seq is 0 and not above the time in milliseconds"
            ]
        );
    }

    #[test]
    fn more_copies_are_as_good_and_fewer_are_not() {
        let asked = wanted(3, 1_000);
        assert!(differences(&asked, &wanted(5, 1_000)).is_empty());
        assert_eq!(differences(&asked, &wanted(1, 1_000)).len(), 1);
    }

    #[test]
    fn a_stream_that_forgets_is_refused() {
        let wanted = wanted(3, 1_000);
        let found = Config {
            max_age: Duration::from_secs(60),
            max_messages: 1_000,
            ..wanted.clone()
        };
        assert_eq!(differences(&wanted, &found).len(), 2);
    }
}
