//! What goes wrong inside Belldot's own pages, for the log: clean, short, and not too often.

use std::time::{Duration, Instant};

use belldot_wire::clean_line;
use parking_lot::Mutex;

/// So many lines at most …
const MOST: u32 = 10;
/// … are written in so long.
const SPAN: Duration = Duration::from_secs(60);

/// How many faults were told lately.
#[derive(Debug, Default)]
pub struct PageFaults(Mutex<FaultCount>);

#[derive(Debug, Default)]
struct FaultCount {
    /// When the present span began.
    since: Option<Instant>,
    /// The lines in it.
    lines: u32,
    /// Those that were left out since the last line.
    left_out: u32,
}

impl PageFaults {
    /// Writes to the log that a page met a fault. A page may say anything: both texts are made one
    /// short line without what may be a secret.
    pub fn log(&self, page: &str, what: &str, at: &str) {
        let Some(left_out) = self.admit(Instant::now()) else {
            return;
        };
        let (what, at) = (clean_line(what), clean_line(at));
        if left_out > 0 {
            tracing::error!(page, what, at, left_out, "the page made a mistake");
        } else {
            tracing::error!(page, what, at, "the page made a mistake");
        }
    }

    /// Whether there is room for one more line, and how many were left out before it.
    fn admit(&self, now: Instant) -> Option<u32> {
        let mut told = self.0.lock();
        if told.since.is_none_or(|since| now - since >= SPAN) {
            told.since = Some(now);
            told.lines = 0;
        }
        if told.lines == MOST {
            told.left_out = told.left_out.saturating_add(1);
            return None;
        }
        told.lines += 1;
        Some(std::mem::take(&mut told.left_out))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::Arc,
    };

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    /// What the log has after the work.
    fn logged(work: impl FnOnce()) -> String {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(lines.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, work);
        let written = lines.0.lock().clone();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn a_fault_of_a_page_is_one_clean_short_line_of_the_log() {
        let what = format!(
            "Error: no\n2026-11-25 ERROR made up \u{202e} https://ann:pass@a.example/?token=secret {}",
            "x ".repeat(100_000)
        );
        let text = logged(|| PageFaults::default().log("todos", &what, "index.js:1:2"));
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.len() < 600, "{text}");
        assert!(
            text.contains("todos") && text.contains("Error: no") && text.contains("index.js:1:2")
        );
        assert!(!text.contains("pass") && !text.contains("secret") && !text.contains('\u{202e}'));
    }

    #[test]
    fn a_page_that_fails_all_the_time_does_not_fill_the_log() {
        let text = logged(|| {
            let faults = PageFaults::default();
            for _ in 0..10_000 {
                faults.log("todos", "Error", "");
            }
        });
        assert_eq!(text.lines().count(), MOST as usize, "{text}");
    }

    #[test]
    fn what_was_left_out_is_counted_in_the_next_line() {
        let (faults, start) = (PageFaults::default(), Instant::now());
        for _ in 0..MOST {
            assert_eq!(faults.admit(start), Some(0));
        }
        assert_eq!(faults.admit(start), None);
        assert_eq!(faults.admit(start + SPAN / 2), None);
        assert_eq!(faults.admit(start + SPAN), Some(2));
        assert_eq!(faults.admit(start + SPAN), Some(0));
    }
}
