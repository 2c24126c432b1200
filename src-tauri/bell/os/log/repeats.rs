//! The same warning again and again: a disk that stays full, a server that stays away.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tracing::{
    Event, Id, Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

/// A warning or an error in the same words is written again after so long.
const PAUSE: Duration = Duration::from_secs(60);

/// So many different ones are remembered.
const MOST: usize = 256;

/// Passes on to a layer what happens, but a warning or an error once a minute. What is no more than
/// worth knowing always passes: it says what happened, not what is wrong.
///
/// No `Filter`: where the last of several takes an event back, tracing-subscriber keeps that in mind
/// for the next one.
#[derive(Debug)]
pub struct Repeats<L> {
    layer: L,
    said: RecentLines,
}

/// When what was said last.
#[derive(Debug, Default)]
struct RecentLines(Mutex<HashMap<u64, Instant>>);

impl<L> Repeats<L> {
    /// In front of this layer.
    pub fn of(layer: L) -> Self {
        Self {
            layer,
            said: RecentLines::default(),
        }
    }
}

impl RecentLines {
    fn passes(&self, event: u64, now: Instant) -> bool {
        let mut said = self.0.lock();
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

impl<S, L> Layer<S> for Repeats<L>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    L: Layer<S>,
{
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if *event.metadata().level() <= Level::WARN {
            let mut words = EventText(String::new());
            event.record(&mut words);
            let mut hasher = DefaultHasher::new();
            (event.metadata().target(), words.0).hash(&mut hasher);
            if !self.said.passes(hasher.finish(), Instant::now()) {
                return;
            }
        }
        self.layer.on_event(event, context);
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.layer.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.layer.on_record(id, values, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.layer.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.layer.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.layer.on_close(id, context);
    }
}

/// All that an event says.
struct EventText(String);

impl Visit for EventText {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{}={value:?};", field.name());
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tracing_subscriber::{fmt::layer, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().write(line)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_same_fault_is_one_line_and_another_fault_or_a_step_is_one_of_its_own() {
        let lines = Lines::default();
        let written = lines.clone();
        let logging = Repeats::of(layer().with_writer(move || lines.clone()));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(logging), || {
            for _ in 0..100 {
                tracing::error!(error = "the disk is full", "the inbox");
            }
            tracing::error!(error = "the file is read-only", "the inbox");
            for _ in 0..3 {
                tracing::info!("a window opens");
            }
        });
        let text = String::from_utf8(written.0.lock().clone()).unwrap();
        assert_eq!(text.lines().count(), 1 + 1 + 3, "{text}");
    }

    #[test]
    fn what_still_holds_after_a_minute_is_written_again() {
        let said = RecentLines::default();
        let begin = Instant::now();
        let lines = (0..180).filter(|second| said.passes(1, begin + Duration::from_secs(*second)));
        assert_eq!(lines.count(), 3);
    }

    #[test]
    fn ever_new_ones_take_no_ever_growing_room() {
        let said = RecentLines::default();
        let now = Instant::now();
        assert!((0..10_000).all(|event| said.passes(event, now)));
        assert!(said.0.lock().len() <= MOST);
    }
}
