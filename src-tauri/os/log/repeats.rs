//! The same warning again and again: a disk that stays full, a server that stays away.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    subscriber::Interest,
};
use tracing_subscriber::layer::{Context, Filter};

/// A warning or an error in the same words is written again after so long.
const PAUSE: Duration = Duration::from_secs(60);

/// So many different ones are remembered.
const MOST: usize = 256;

/// Lets a warning or an error pass once a minute. What is no more than worth knowing always
/// passes: it says what happened, not what is wrong.
#[derive(Debug, Default)]
pub struct Repeats(Mutex<HashMap<u64, Instant>>);

impl Repeats {
    fn passes(&self, event: u64, now: Instant) -> bool {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: &Instant| now.duration_since(*at) < PAUSE;
        if said.get(&event).is_some_and(fresh) {
            return false;
        }
        if said.len() >= MOST {
            said.retain(|_, at| fresh(at));
        }
        if said.len() < MOST {
            said.insert(event, now);
        }
        true
    }
}

impl<S: Subscriber> Filter<S> for Repeats {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn callsite_enabled(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::always()
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        if *event.metadata().level() > Level::WARN {
            return true;
        }
        let mut words = Words(String::new());
        event.record(&mut words);
        let mut hasher = DefaultHasher::new();
        (event.metadata().target(), words.0).hash(&mut hasher);
        self.passes(hasher.finish(), Instant::now())
    }
}

/// All that an event says.
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{}={value:?};", field.name());
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tracing_subscriber::{Layer as _, fmt::layer, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(line)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_same_fault_is_one_line_and_another_fault_or_a_step_is_one_of_its_own() {
        let lines = Lines::default();
        let written = lines.clone();
        let logging = layer()
            .with_writer(move || lines.clone())
            .with_filter(Repeats::default());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(logging), || {
            for _ in 0..100 {
                tracing::error!(error = "the disk is full", "the inbox");
            }
            tracing::error!(error = "the file is read-only", "the inbox");
            for _ in 0..3 {
                tracing::info!("a window opens");
            }
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1 + 1 + 3, "{text}");
    }

    #[test]
    fn what_still_holds_after_a_minute_is_written_again() {
        let repeats = Repeats::default();
        let begin = Instant::now();
        let lines =
            (0..180).filter(|second| repeats.passes(1, begin + Duration::from_secs(*second)));
        assert_eq!(lines.count(), 3);
    }

    #[test]
    fn ever_new_ones_take_no_ever_growing_room() {
        let repeats = Repeats::default();
        let now = Instant::now();
        assert!((0..10_000).all(|event| repeats.passes(event, now)));
        assert!(repeats.0.lock().unwrap().len() <= MOST);
    }
}
