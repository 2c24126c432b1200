//! The state that the controller owns.

use std::{collections::BTreeMap, fmt};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    controller::{notices::Notices, shown::LastShown, sources::SourceState, toaster::Toaster},
    desktop::{Desktop, Page},
    i18n::Localizer,
    inbox::{Edit, Inbox, Pause, SourceEntry},
    model::TodoKey,
    policy::Policy,
    settings::{Settings, SettingsError, SettingsFile},
    source::SourceId,
    streams::Streams,
};

/// The parts that a controller is built from.
#[derive(Debug)]
pub struct Parts<D, S> {
    /// The inbox, open for writing.
    pub inbox: Inbox,
    /// Where changed settings go.
    pub file: SettingsFile,
    /// The settings to begin with.
    pub settings: Settings,
    /// The administrator's policy, which overrides them.
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
    pub(super) inbox: Inbox,
    pub(super) file: SettingsFile,
    pub(super) policy: Policy,
    /// As the user wants them, and as the file has them.
    pub(super) wanted: Settings,
    /// In effect.
    pub(super) settings: Settings,
    pub(super) wrong_settings: Option<SettingsError>,
    pub(super) hidden: bool,
    pub(super) desktop: D,
    pub(super) streams: S,
    pub(super) words: Localizer,
    pub(super) zone: TimeZone,
    pub(super) zone_source: Box<dyn FnMut() -> TimeZone + Send>,
    /// When to ask for the zone again.
    pub(super) next_zone_lookup: Timestamp,
    pub(super) random: Box<dyn FnMut() -> f64 + Send>,

    pub(super) source_states: BTreeMap<SourceId, SourceState>,
    pub(super) pause: Option<Pause>,
    pub(super) toaster: Toaster,
    /// Some to-dos are not yet committed as announced.
    pub(super) toasts_pending: bool,
    /// Quiet hours: no toasts.
    pub(super) quiet: bool,
    /// When the quiet hours end.
    pub(super) quiet_end: Option<Timestamp>,
    /// Urgent to-dos that were shown in quiet hours, and are not yet committed as announced.
    pub(super) urgent_shown: Vec<TodoKey>,
    pub(super) notices: Notices,
    pub(super) shown: LastShown,
    /// Edits that are not committed yet, in order.
    pub(super) edits: Vec<Edit>,
    /// About how many bytes of events are in them.
    pub(super) bytes: usize,
    /// The last commit failed; the time of the next attempt.
    pub(super) retry_commit_at: Option<Timestamp>,
    /// When the next [`Edit::Clock`] is due.
    pub(super) inbox_deadline: Option<Timestamp>,
    /// Windows to open after the next commit.
    pub(super) windows_to_open: Vec<Page>,
    /// When to look again for done to-dos to delete.
    pub(super) next_cleanup: Timestamp,
    /// Whether the search may not know every to-do.
    pub(super) index_incomplete: bool,
    pub(super) now: Timestamp,
    /// Told once the present inputs are handled.
    pub(super) replies: Vec<flume::Sender<()>>,
    pub(super) ended: bool,
}

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Does nothing before [`Controller::start`].
    pub fn new(parts: Parts<D, S>) -> Self {
        let settings = parts.policy.apply(parts.settings.clone());
        Self {
            words: Localizer::new(settings.general.language),
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
            zone_source: Box::new(|| {
                jiff::tz::reset_system_time_zone_cache();
                TimeZone::system()
            }),
            next_zone_lookup: Timestamp::UNIX_EPOCH,
            random: Box::new(rand::random),
            source_states: BTreeMap::new(),
            pause: None,
            toaster: Toaster::default(),
            toasts_pending: false,
            quiet: false,
            quiet_end: None,
            urgent_shown: Vec::new(),
            notices: Notices::default(),
            shown: LastShown::default(),
            edits: Vec::new(),
            bytes: 0,
            retry_commit_at: None,
            inbox_deadline: None,
            windows_to_open: Vec::new(),
            next_cleanup: Timestamp::UNIX_EPOCH,
            index_incomplete: true,
            now: Timestamp::UNIX_EPOCH,
            replies: Vec::new(),
            ended: false,
        }
    }

    /// Shows times in this zone instead of the system's.
    pub fn with_zone(self, zone: TimeZone) -> Self {
        self.with_zones(move || zone.clone())
    }

    /// Shows times in the zone that `zones` returns, asked again every minute: computers travel.
    pub fn with_zones(mut self, mut zones: impl FnMut() -> TimeZone + Send + 'static) -> Self {
        self.zone = zones();
        self.zone_source = Box::new(zones);
        self
    }

    /// Takes random numbers in 0..1 from here.
    pub fn with_chance(mut self, chance: impl FnMut() -> f64 + Send + 'static) -> Self {
        self.random = Box::new(chance);
        self
    }

    /// Returns whether the program has ended.
    pub fn is_over(&self) -> bool {
        self.ended
    }

    /// Returns the desktop, for tests that look at what was shown.
    pub fn desktop(&mut self) -> &mut D {
        &mut self.desktop
    }

    /// Returns the streams, for tests that look at what was asked of them.
    pub fn streams(&mut self) -> &mut S {
        &mut self.streams
    }

    /// Returns the inbox, to look at.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub(super) fn source_entries(&self) -> Vec<SourceEntry> {
        let entry = |source: &crate::source::Source| SourceEntry {
            id: source.id.clone(),
            name: source.name.clone(),
            api: source.takes_changes(),
        };
        // Under a broken policy no source runs; their to-dos stay and count.
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
            .field("source_states", &self.source_states)
            .finish_non_exhaustive()
    }
}
