//! Shows what there is to show: bell, toasts, news; nothing twice, and nothing in a flurry.

use jiff::SignedDuration;

use crate::{
    bell::{self, Mark},
    controller::{sources::SourceState, state::Controller, toaster::ToastStep},
    desktop::Desktop,
    inbox::{Committed, Edit, Pause, Summary},
    page::{News, PauseView, SourceView},
    streams::Streams,
    toast,
};

/// The shortest time between two updates of bell and windows.
const FRAME: SignedDuration = SignedDuration::from_millis(100);

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Updates bell, toasts and windows.
    pub(super) fn show(&mut self) {
        if let Some(step) = self.toaster.tick(self.now) {
            self.toast_step(&step);
        }
        self.note_announced();
        if self.shown.next.is_none_or(|next| next <= self.now) {
            self.show_now();
        } else {
            self.shown.waits = true;
        }
        for page in std::mem::take(&mut self.windows_to_open) {
            self.desktop.open_page(&page);
        }
    }

    /// Commits that every toast was shown and taken, once that is so. To-dos that are not committed
    /// yet have none.
    pub(super) fn note_announced(&mut self) {
        if !self.all_committed() {
            return;
        }
        if self.quiet {
            self.mark_urgent_announced();
        } else if self.toasts_pending && self.toaster.is_done() && self.desktop.has_told() {
            self.toasts_pending = false;
            self.edits.push(Edit::Announced);
            self.commit();
        }
    }

    /// Shows everything again, whether it changed or not.
    pub(super) fn show_all(&mut self) {
        self.notices.repeat();
        self.shown.bell = None;
        self.shown.news = None;
        self.shown.next = None;
    }

    /// Shows the toasts that a transaction asks for, and withdraws others.
    pub(super) fn toast(&mut self, committed: &Committed) {
        let unread = self.inbox.unread();
        self.toasts_pending |= !committed.news.is_empty() || !committed.due.is_empty();
        let steps = if self.quiet {
            let loud = self.urgent_part(committed);
            self.toaster.plan(&loud, unread, self.now)
        } else {
            self.toaster.plan(committed, unread, self.now)
        };
        for step in steps {
            self.toast_step(&step);
        }
    }

    fn toast_step(&mut self, step: &ToastStep) {
        if let ToastStep::Close(id) = step {
            self.desktop.close_toast(id);
            return;
        }
        let wanted = &self.settings.notifications;
        if !wanted.enabled {
            return;
        }
        let now = self.zoned();
        let make = toast::Maker {
            words: &self.words,
            private: wanted.private,
            sounds: &wanted.sounds,
        };
        let todo = |key| {
            self.inbox.todo(key, &now).inspect_err(|error| {
                tracing::error!(%error, "a to-do cannot be read");
            })
        };
        // A to-do that cannot be read is shown as a number, and counts as announced.
        let toast = match step {
            ToastStep::Todo(key) => match todo(*key) {
                Ok(todo) => todo.map(|todo| make.todo(&todo)),
                Err(_) => Some(make.digest(1)),
            },
            ToastStep::Due(key) => match todo(*key) {
                Ok(todo) => todo.map(|todo| make.due(&todo)),
                Err(_) => Some(make.many_due(1)),
            },
            ToastStep::ManyDue(count) => Some(make.many_due(*count)),
            ToastStep::Digest(count) => Some(make.digest(*count)),
            ToastStep::Close(_) => None,
        };
        if let Some(toast) = toast {
            self.desktop.show_toast(&toast);
        }
    }

    fn show_now(&mut self) {
        let now = self.zoned();
        let summary = self.summary();
        let sources = self.source_views(&summary, &now);
        let pause = self.pause.map(|pause| PauseView {
            until: match pause {
                Pause::Until(time) => Some(time),
                Pause::UntilResumed => None,
            },
        });
        let mark = self
            .source_states
            .values()
            .filter_map(SourceState::mark)
            .max();
        let mark = if pause.is_some() {
            Some(Mark::Paused)
        } else {
            mark
        };
        let view = bell::View {
            summary: &summary,
            sources: &sources,
            mark,
            pause: pause.as_ref(),
        };
        let bell = bell::bell(&view, &self.words, &now);
        let mut drawn = false;
        if self.shown.bell.as_ref() != Some(&bell) {
            self.desktop.show_bell(&bell);
            self.shown.bell = Some(bell);
            drawn = true;
        }
        let news = News {
            unread: summary.unread(),
            todos_changed: self.shown.todos_changed,
            settings_changed: self.shown.settings_changed,
            sources,
            pause,
            notices: self.notices.take(),
        };
        let quiet = !news.todos_changed && !news.settings_changed && news.notices.is_empty();
        // Compared with what was published last.
        let same = self.shown.news.as_ref().is_some_and(|last| {
            (last.unread, &last.sources, &last.pause) == (news.unread, &news.sources, &news.pause)
        });
        if !(quiet && same) {
            self.desktop.publish(&news);
            self.shown.news = Some(news);
            drawn = true;
        }
        self.shown.latest = summary.latest;
        self.shown.todos_changed = false;
        self.shown.settings_changed = false;
        self.shown.waits = false;
        self.shown.next = drawn.then(|| self.now + FRAME);
    }

    fn source_views(&self, summary: &Summary, now: &jiff::Zoned) -> Vec<SourceView> {
        let view = |source: &crate::source::Source| {
            let stream = self.source_states.get(&source.id)?;
            Some(SourceView {
                id: source.id.clone(),
                name: source.name.clone(),
                state: stream.state.clone(),
                words: self.words.state(&stream.state, now),
                missing_since: summary
                    .source(&source.id)
                    .and_then(|known| known.missing_since),
                seen: stream.seen,
                not_understood: Some(&stream.not_understood)
                    .filter(|missed| missed.count > 0)
                    .cloned(),
            })
        };
        self.settings.sources.iter().filter_map(view).collect()
    }

    /// Returns the content of the bell. Its count is always right; to-dos that cannot be read stay
    /// in the menu as they were.
    fn summary(&self) -> Summary {
        let latest = self.inbox.latest().unwrap_or_else(|error| {
            tracing::error!(%error, "the latest to-dos cannot be read");
            self.shown.latest.clone()
        });
        Summary {
            sources: self.inbox.sources(),
            latest,
        }
    }
}
