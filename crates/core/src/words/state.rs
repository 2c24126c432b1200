//! The state of a stream in words.

use jiff::{Timestamp, Zoned};

use crate::{
    source::{Cause, Step, StreamState},
    words::Words,
};

impl Words {
    /// What a stream is doing. Names times of day, never spans: the sentence stays true, and the
    /// same, for as long as the state does.
    pub fn state(&self, state: &StreamState, now: &Zoned) -> String {
        match state {
            StreamState::Connecting { step } => match step {
                Step::Name => self.say("state-connecting-name", &[]),
                Step::Connection => self.say("state-connecting", &[]),
                Step::Proxy => self.say("state-connecting-proxy", &[]),
                Step::Head => self.say("state-connecting-head", &[]),
            },
            StreamState::Open { .. } => self.say("state-open", &[]),
            StreamState::Waiting { until, cause, .. } => self.say(
                "state-waiting",
                &[
                    ("cause", self.cause(cause).into()),
                    ("time", self.time(*until, now).into()),
                ],
            ),
            StreamState::Full { until: Some(until) } => {
                self.say("state-full", &[("time", self.time(*until, now).into())])
            }
            StreamState::Full { until: None } => self.say("state-full-never", &[]),
            StreamState::Stopped { cause } => {
                self.say("state-stopped", &[("cause", self.cause(cause).into())])
            }
            StreamState::Paused => self.say("state-paused", &[]),
        }
    }

    /// Why a stream is not open.
    pub fn cause(&self, cause: &Cause) -> String {
        let key = format!("cause-{}", cause.code);
        let detail = cause.detail.as_deref().unwrap_or_default();
        if self.knows(&key) {
            self.say(&key, &[("detail", detail.into())])
        } else {
            self.say("cause-other", &[("detail", detail.into())])
        }
    }

    /// A time as a clock shows it, with the date where it is not today's.
    pub fn time(&self, time: Timestamp, now: &Zoned) -> String {
        let time = time.to_zoned(now.time_zone().clone());
        let clock = time.strftime("%H:%M").to_string();
        let tomorrow = now.date().tomorrow().ok();
        if time.date() == now.date() {
            clock
        } else if Some(time.date()) == tomorrow {
            self.say("time-tomorrow", &[("clock", clock.into())])
        } else {
            let date = time.strftime("%Y-%m-%d").to_string();
            self.say(
                "time-date",
                &[("date", date.into()), ("clock", clock.into())],
            )
        }
    }
}
