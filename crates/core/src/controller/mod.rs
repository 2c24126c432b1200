//! The one owner of all state.
//!
//! [`run()`] takes [`Input`]s several at a time from two [`lanes()`]; the [`Controller`] turns them into edits of the
//! inbox, commits once, and says through the ports what to show and which streams to run. Time is
//! an argument everywhere, so every behaviour is a quick test.

mod commands;
mod delivery;
mod disk;
mod lanes;
mod lines;
mod notices;
mod quiet;
mod run;
mod settings;
mod show;
mod toaster;

use std::{collections::BTreeMap, fmt};

use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

use crate::{
    desktop::{Desktop, Page},
    format::{self, Cursor, Seen},
    inbox::{Edit, Inbox, Pause, SourceEntry, TodoKey},
    input::{DesktopHint, Event, Input, StreamUpdate},
    policy::Policy,
    settings::{Settings, SettingsError, SettingsFile},
    source::{SourceId, Step, StreamState},
    streams::Streams,
    toast::ToastId,
    words::Words,
};

pub use lanes::{Inputs, Lanes, lanes};
pub use run::run;

use lines::Line;
use notices::Notices;
use show::Shown;
use toaster::Toaster;

/// How often to look for what is done for long.
const BETWEEN_TIDYING: SignedDuration = SignedDuration::from_hours(6);

/// How often to ask in which time zone the computer is.
const BETWEEN_ZONES: SignedDuration = SignedDuration::from_mins(1);

/// How much may wait for a disk before no further input is taken: edits, and bytes of events.
const MOST_EDITS: usize = 4_096;
const MOST_BYTES: usize = 8 << 20;

/// What a controller is made of.
#[derive(Debug)]
pub struct Parts<D, S> {
    /// The inbox, open for writing.
    pub inbox: Inbox,
    /// Where changed settings go.
    pub file: SettingsFile,
    /// The settings to begin with.
    pub settings: Settings,
    /// What stands above them.
    pub policy: Policy,
    /// Why these are not the ones in the file, if they are not.
    pub wrong_settings: Option<SettingsError>,
    /// Started with the session: opens no window by itself.
    pub hidden: bool,
    /// The port to the desktop.
    pub desktop: D,
    /// The port to the network.
    pub streams: S,
}

/// Takes inputs, changes the inbox, says what to show.
pub struct Controller<D, S> {
    inbox: Inbox,
    file: SettingsFile,
    policy: Policy,
    /// As the user wants them, and as the file has them.
    wanted: Settings,
    /// In effect.
    settings: Settings,
    wrong_settings: Option<SettingsError>,
    hidden: bool,
    desktop: D,
    streams: S,
    words: Words,
    zone: TimeZone,
    zones: Box<dyn FnMut() -> TimeZone + Send>,
    /// When to ask for the zone again.
    zone_due: Timestamp,
    chance: Box<dyn FnMut() -> f64 + Send>,

    lines: BTreeMap<SourceId, Line>,
    pause: Option<Pause>,
    toaster: Toaster,
    /// To-dos are still noted as not announced.
    toasts_wait: bool,
    /// It is quiet: no toasts.
    quiet: bool,
    /// When it no longer is.
    quiet_end: Option<Timestamp>,
    /// To-dos that were shown all the same, and are still noted as not announced.
    loud: Vec<TodoKey>,
    notices: Notices,
    shown: Shown,
    /// Not committed yet, in order.
    edits: Vec<Edit>,
    /// About how many bytes of events are in them.
    bytes: usize,
    /// The disk takes nothing; the time of the next attempt.
    stuck: Option<Timestamp>,
    /// When the inbox wants to see the clock.
    inbox_deadline: Option<Timestamp>,
    /// Windows to open once the inbox is up to date.
    to_open: Vec<Page>,
    /// When to look again for what is done for long.
    tidies: Timestamp,
    /// Whether the search may not know every to-do.
    unindexed: bool,
    now: Timestamp,
    /// Who waits until what they asked for is done.
    waiting: Vec<flume::Sender<()>>,
    over: bool,
}

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Does nothing before [`Controller::start`].
    pub fn new(parts: Parts<D, S>) -> Self {
        let settings = parts.policy.apply(parts.settings.clone());
        Self {
            words: Words::new(settings.general.language),
            inbox: parts.inbox,
            file: parts.file,
            policy: parts.policy,
            wanted: parts.settings,
            settings,
            wrong_settings: parts.wrong_settings,
            hidden: parts.hidden,
            desktop: parts.desktop,
            streams: parts.streams,
            zone: TimeZone::system(),
            zones: Box::new(|| {
                jiff::tz::reset_system_time_zone_cache();
                TimeZone::system()
            }),
            zone_due: Timestamp::UNIX_EPOCH,
            chance: Box::new(rand::random),
            lines: BTreeMap::new(),
            pause: None,
            toaster: Toaster::default(),
            toasts_wait: false,
            quiet: false,
            quiet_end: None,
            loud: Vec::new(),
            notices: Notices::default(),
            shown: Shown::default(),
            edits: Vec::new(),
            bytes: 0,
            stuck: None,
            inbox_deadline: None,
            to_open: Vec::new(),
            tidies: Timestamp::UNIX_EPOCH,
            unindexed: true,
            now: Timestamp::UNIX_EPOCH,
            waiting: Vec::new(),
            over: false,
        }
    }

    /// Shows times in this zone instead of the system's.
    pub fn with_zone(self, zone: TimeZone) -> Self {
        self.with_zones(move || zone.clone())
    }

    /// Shows times in the zone that this says, every minute anew: computers travel.
    pub fn with_zones(mut self, mut zones: impl FnMut() -> TimeZone + Send + 'static) -> Self {
        self.zone = zones();
        self.zones = Box::new(zones);
        self
    }

    /// Takes randomness from here: numbers from 0 up to, not including, 1.
    pub fn with_chance(mut self, chance: impl FnMut() -> f64 + Send + 'static) -> Self {
        self.chance = Box::new(chance);
        self
    }

    /// Starts the streams, shows the bell, and announces what the last run did not get to.
    pub fn start(&mut self, now: Timestamp) {
        self.now = now;
        self.pause = self.inbox.pause();
        self.listen();
        if let Some(path) = self.inbox.kept_aside() {
            let path = path.display().to_string();
            self.notice("notice-corrupt", &[("path", path.into())]);
        }
        if let Some(error) = self.wrong_settings.take() {
            self.say_wrong_settings(&error);
        }
        for said in self.policy.remarks(&self.words) {
            tracing::warn!("{said}");
            self.notice_text("error-policy-invalid", said);
        }
        if !self.quiet {
            self.say_what_waited();
        }
        self.edits.push(Edit::Sources(self.source_entries()));
        self.edits.push(Edit::Clock);
        self.commit();
        self.take_network();
        self.start_lines();
        if self.settings.sources.is_empty() && !self.hidden {
            self.to_open.push(Page::Settings);
        }
        self.show();
    }

    /// Takes inputs, in order, as one transaction.
    pub fn handle(&mut self, inputs: Vec<Input>, now: Timestamp) {
        self.clock_reads(now);
        self.listen();
        for input in inputs {
            match input {
                Input::Stream { source, update } => self.stream_says(&source, update),
                Input::Command(command) => self.obey(command),
                Input::Asked { command, done } => {
                    self.obey(command);
                    self.waiting.push(done);
                }
                Input::Delivered { entry, outcome } => self.delivered(entry, outcome),
                Input::Desktop(hint) => self.desktop_says(hint),
            }
        }
        if self.inbox_deadline.is_some_and(|deadline| deadline <= now) {
            self.inbox_deadline = None;
            self.edits.push(Edit::Clock);
        }
        if let Some(Pause::Until(until)) = self.pause
            && until <= now
        {
            self.set_pause(None);
        }
        self.commit();
        if self.over {
            self.note_announced();
            // The sockets close meanwhile.
            self.inbox.finish();
            self.desktop.quit();
        } else {
            self.deliver();
            self.show();
        }
        for done in self.waiting.drain(..) {
            // They may have gone meanwhile.
            let _ = done.try_send(());
        }
        // Everything is shown: now there is time for the disk.
        self.inbox.write_back();
    }

    /// When [`Controller::handle`] is to be called at the latest, with or without inputs.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let pause = match self.pause {
            Some(Pause::Until(until)) => Some(until),
            _ => None,
        };
        // While the disk takes nothing, what needs it can wait for the next attempt.
        let inbox = if self.stuck.is_some() {
            self.stuck
        } else {
            self.inbox_deadline
        };
        let deliveries = self
            .lines
            .values()
            .filter(|_| self.is_up_to_date())
            .filter_map(Line::next_delivery);
        let shown = [self.toaster.deadline(), self.shown.deadline()];
        [pause, inbox, self.quiet_end]
            .into_iter()
            .chain(shown)
            .flatten()
            .chain(deliveries)
            .min()
    }

    /// Whether further inputs may come. While the disk takes nothing, only so many can wait.
    pub fn wants_inputs(&self) -> bool {
        self.stuck.is_none() || (self.edits.len() < MOST_EDITS && self.bytes < MOST_BYTES)
    }

    /// Whether there is something to do that can wait until there is nothing else.
    pub fn has_idle_work(&self) -> bool {
        self.is_up_to_date() && (self.unindexed || self.tidies <= self.now)
    }

    /// Does a little of what can wait until there is nothing else to do; whether there is more.
    pub fn idle(&mut self) -> bool {
        if !self.has_idle_work() {
            return false;
        }
        if !self.unindexed {
            return self.tidy();
        }
        self.unindexed = self.inbox.index_some().unwrap_or_else(|error| {
            tracing::warn!(%error, "the search does not know the latest to-dos yet");
            false
        });
        self.unindexed || self.tidies <= self.now
    }

    /// Lets go of a little of what is done for long; whether there is more.
    fn tidy(&mut self) -> bool {
        let more = self.inbox.tidy_some(&self.settings.inbox, self.now);
        let more = more.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is done for long stays for now");
            false
        });
        if !more {
            self.tidies = self.now + BETWEEN_TIDYING;
        }
        more
    }

    /// Whether the program has ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The desktop, for tests that look at what was shown.
    pub fn desktop(&mut self) -> &mut D {
        &mut self.desktop
    }

    /// The streams, for tests that look at what was asked of them.
    pub fn streams(&mut self) -> &mut S {
        &mut self.streams
    }

    /// The inbox, to look at.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    fn stream_says(&mut self, source: &SourceId, update: StreamUpdate) {
        // A stream that was stopped or replaced may still have had something in the channel.
        let begins = matches!(
            update,
            StreamUpdate::State(
                StreamState::Connecting {
                    step: Step::Connection
                } | StreamState::Open { .. }
            )
        );
        match self.lines.get_mut(source) {
            None => return,
            Some(line) if line.awaits_beginning && !begins => return,
            Some(line) => line.awaits_beginning = false,
        }
        match update {
            StreamUpdate::State(state) => self.line_is(source, state),
            StreamUpdate::Resumed { after } => self.line_resumed(source, &after),
            StreamUpdate::Settled => self.line_settled(source),
            StreamUpdate::Charset(name) => {
                if let Some(line) = self.lines.get_mut(source) {
                    line.charset = Some(name);
                }
            }
            StreamUpdate::CursorDropped => self.line_lost_cursor(source),
            StreamUpdate::Event(event) => self.event(source, &event),
        }
    }

    fn event(&mut self, source: &SourceId, event: &Event) {
        let Some(wanted) = self.settings.source(source) else {
            return;
        };
        let zone = wanted.zone();
        let zone = zone.as_ref().unwrap_or(&self.zone);
        let decoded = format::decode_in(&wanted.format, event, zone);
        if decoded.seen == Seen::NotUnderstood {
            self.not_understood(source, event);
        }
        let sign_in = format!("notice-sign-in in the stream {}", source.0);
        if decoded.sign_in {
            let name = self.name_of(source);
            self.notice_once(&sign_in, "notice-sign-in", &[("source", name.into())]);
        } else if decoded.seen != Seen::Nothing {
            // Opening it says nothing: the server opens, says so again and closes.
            self.notices.over(&sign_in);
        }
        if decoded.not_utf8 {
            let line = self.lines.get(source);
            let charset = line.and_then(|line| line.charset.clone());
            let charset = charset.unwrap_or_else(|| "none".to_owned());
            let name = self.name_of(source);
            self.notice_once(
                &format!("notice-not-utf8 {}", source.0),
                "notice-not-utf8",
                &[("source", name.into()), ("charset", charset.into())],
            );
        }
        if let Some(said) = &decoded.said {
            self.server_says(source, said);
        }
        let mut opening = false;
        if let Some(line) = self.lines.get_mut(source) {
            opening = line.opening;
            if decoded.seen != Seen::Nothing {
                line.seen = Some(decoded.seen);
            }
            match &decoded.cursor {
                Cursor::Since(message) => line.since = Some(message.clone()),
                Cursor::Stays => line.astray |= !event.id.is_empty(),
                Cursor::Id(_) => (),
            }
        }
        self.bytes += event.data.len();
        self.edits.push(Edit::Arrived {
            source: source.clone(),
            changes: decoded.changes,
            cursor: decoded.cursor,
            event_id: format::own_id(event),
            opening,
        });
    }

    fn desktop_says(&mut self, hint: DesktopHint) {
        match hint {
            DesktopHint::TrayHost(true) => {
                // Its toast may still be there, or wait for a daemon.
                if self.notices.is_on("notice-no-tray") {
                    self.notices.over("notice-no-tray");
                    let said = ToastId::Notice("notice-no-tray".to_owned());
                    self.desktop.close_toast(&said);
                }
            }
            DesktopHint::TrayHost(false) => {
                if self.notice_while("notice-no-tray", &[]) {
                    self.to_open.push(Page::Todos(None));
                }
            }
            DesktopHint::Notifier(Ok(())) => self.notices.over("notice-no-notifier"),
            DesktopHint::Notifier(Err(why)) => {
                let said = why.say(&self.words);
                self.notice_while_it_says("notice-no-notifier", said);
            }
            DesktopHint::Link { url, opened } => self.link_opened(&url, opened),
            DesktopHint::WindowCrashed => self.notice("notice-window-crashed", &[]),
            DesktopHint::NoWindow(why) => {
                self.notice("notice-no-window", &[("detail", why.into())])
            }
            DesktopHint::Panicked(path) => {
                let path = path.display().to_string();
                self.notice("notice-panicked", &[("path", path.into())]);
            }
            DesktopHint::SettingsFile => self.take_file(),
            DesktopHint::SecretElsewhere { source, origin } => {
                let name = self.name_of(&source);
                let values = [("source", name.into()), ("origin", origin.into())];
                self.notice("notice-secret-elsewhere", &values);
            }
            DesktopHint::ToastClosed(id) => self.toaster.closed(&id),
        }
    }

    /// Notes the time. Where the clock was set back, what was planned a few seconds ahead moves
    /// with it: it must not wait for a year.
    fn clock_reads(&mut self, now: Timestamp) {
        if now < self.now {
            let back = self.now.duration_since(now);
            self.tidies = now;
            self.zone_due = now;
            if let Some(retry) = &mut self.stuck {
                *retry -= back;
            }
            self.toaster.shift(back);
            self.shown.shift(back);
            for line in self.lines.values_mut() {
                line.shift(back);
            }
        }
        self.now = now;
        if self.zone_due <= now {
            self.zone_due = now + BETWEEN_ZONES;
            let zone = (self.zones)();
            // Windows group by day.
            self.shown.todos_changed |= zone != self.zone;
            self.zone = zone;
        }
    }

    fn zoned(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }

    fn source_entries(&self) -> Vec<SourceEntry> {
        let entry = |source: &crate::source::Source| SourceEntry {
            id: source.id.clone(),
            name: source.name.clone(),
            api: source.takes_changes(),
        };
        // Under a broken policy the user's sources rest; their to-dos stay and count.
        let resting = match self.policy.is_broken() {
            true => self.wanted.sources.as_slice(),
            false => &[],
        };
        let sources = self.settings.sources.iter().chain(resting);
        sources.map(entry).collect()
    }
}

impl<D, S> fmt::Debug for Controller<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controller")
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}
