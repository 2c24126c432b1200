//! The state of a stream in words.

use jiff::{Timestamp, Zoned, civil::Time};

use crate::{
    i18n::localizer::Localizer,
    source::{Cause, Step, StreamState},
};

impl Localizer {
    /// Returns what a stream is doing. Names times of day, never spans: the sentence stays true,
    /// and the same, for as long as the state does.
    pub fn state(&self, state: &StreamState, now: &Zoned) -> String {
        match state {
            StreamState::Connecting { step } => match step {
                Step::Name => self.text("state-connecting-name", &[]),
                Step::Connection => self.text("state-connecting", &[]),
                Step::Proxy => self.text("state-connecting-proxy", &[]),
                Step::Head => self.text("state-connecting-head", &[]),
            },
            StreamState::Open { .. } => self.text("state-open", &[]),
            StreamState::Waiting { until, cause, .. } => self.text(
                "state-waiting",
                &[
                    ("cause", self.cause(cause).into()),
                    ("time", self.time(*until, now).into()),
                ],
            ),
            StreamState::Full { until: Some(until) } => {
                self.text("state-full", &[("time", self.time(*until, now).into())])
            }
            StreamState::Full { until: None } => self.text("state-full-never", &[]),
            StreamState::Stopped { cause } => {
                self.text("state-stopped", &[("cause", self.cause(cause).into())])
            }
            StreamState::Paused => self.text("state-paused", &[]),
        }
    }

    /// Returns why a stream is not open.
    pub fn cause(&self, cause: &Cause) -> String {
        let key = format!("cause-{}", cause.code());
        let detail = cause.detail().unwrap_or_default();
        if self.knows(&key) {
            self.text(&key, &[("detail", detail.into())])
        } else {
            self.text("cause-other", &[("detail", detail.into())])
        }
    }

    /// Returns when something is due: a day alone where it is one, which ends at its last second.
    pub fn due(&self, due: Timestamp, now: &Zoned) -> String {
        let day = due.to_zoned(now.time_zone().clone());
        if day.time() != Time::constant(23, 59, 59, 0) {
            self.time(due, now)
        } else if day.date() == now.date() {
            self.text("time-day-today", &[])
        } else if Some(day.date()) == now.date().tomorrow().ok() {
            self.text("time-day-tomorrow", &[])
        } else {
            day.strftime("%Y-%m-%d").to_string()
        }
    }

    /// Returns a time as a clock shows it, with the date where it is not today's.
    pub fn time(&self, time: Timestamp, now: &Zoned) -> String {
        let time = time.to_zoned(now.time_zone().clone());
        let clock = time.strftime("%H:%M").to_string();
        let tomorrow = now.date().tomorrow().ok();
        if time.date() == now.date() {
            clock
        } else if Some(time.date()) == tomorrow {
            self.text("time-tomorrow", &[("clock", clock.into())])
        } else {
            let date = time.strftime("%Y-%m-%d").to_string();
            self.text(
                "time-date",
                &[("date", date.into()), ("clock", clock.into())],
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Language;

    #[test]
    fn a_day_without_a_time_is_said_as_a_day() {
        let words = Localizer::new(Language::English);
        let now: Zoned = "2026-11-22T10:00:00+08:00[+08:00]"
            .parse()
            .unwrap_or_default();
        for (due, said) in [
            ("2026-11-22T15:59:59Z", "today"),
            ("2026-11-23T15:59:59Z", "tomorrow"),
            ("2026-12-01T15:59:59Z", "2026-12-01"),
            ("2026-11-22T15:59:00Z", "23:59"),
        ] {
            let due: Timestamp = due.parse().unwrap_or_default();
            assert_eq!(words.due(due, &now), said);
        }
    }
}
