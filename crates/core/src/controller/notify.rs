//! What Belldot has to say about itself: each thing once.

use crate::{
    controller::state::Controller,
    desktop::Desktop,
    format::excerpt,
    i18n::Value,
    input::{Command, NotOpened},
    model::{Event, ToastId, Urgency},
    source::SourceId,
    streams::Streams,
    toast::Toast,
};

/// The most characters of a toast that says an address.
const LONGEST_TOAST: usize = 500;

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Says something, by toast and in the windows.
    pub(super) fn notice(&mut self, key: &str, values: &[(&str, Value<'_>)]) {
        let said = self.words.text(key, values);
        self.notice_text(key, said);
    }

    /// Says something unless it was said already and still holds; whether it was said.
    pub(super) fn notice_while(&mut self, key: &str, values: &[(&str, Value<'_>)]) -> bool {
        self.notice_once(key, key, values)
    }

    /// Says something of which there may be several, each with a name, unless the one of this name
    /// was said already and still holds; returns whether it was said.
    pub(super) fn notice_once(
        &mut self,
        name: &str,
        key: &str,
        values: &[(&str, Value<'_>)],
    ) -> bool {
        if self.notices.is_on(name) {
            return false;
        }
        let said = self.words.text(key, values);
        self.notices.on.insert(name.to_owned(), said.clone());
        self.notice_text(name, said);
        true
    }

    /// Says this unless it was said already and still holds.
    pub(super) fn notice_while_it_says(&mut self, name: &str, said: String) {
        if self.notices.on.get(name) != Some(&said) {
            self.notices.on.insert(name.to_owned(), said.clone());
            self.notice_text(name, said);
        }
    }

    pub(super) fn notice_text(&mut self, name: &str, said: String) {
        tracing::info!(name, said, "notice");
        self.show_notice(name, said);
    }

    /// Handles the outcome of opening a link. A failure shows the address each time, and never logs
    /// it: it may hold a secret.
    pub(super) fn link_opened(&mut self, url: &str, opened: Result<(), NotOpened>) {
        let name = "notice-not-opened";
        let Err(why) = opened else {
            self.notices.over(name);
            return;
        };
        let sentence = why.say(&self.words);
        let said = format!("{sentence} {url}");
        let toast = if self.settings.notifications.private {
            sentence
        } else {
            said.chars().take(LONGEST_TOAST).collect()
        };
        tracing::info!(name, cause = why.code(), "notice");
        self.notices.on.insert(name.to_owned(), said.clone());
        // Quiet hours do not apply: the user has just clicked.
        self.toast_notice(name, &toast);
        self.notices.fresh.push(said);
    }

    fn show_notice(&mut self, name: &str, said: String) {
        if !self.quiet {
            self.toast_notice(name, &said);
        } else if name != "notice-disk-room" {
            // The end of a full disk is no news for a user who was not told of its beginning.
            self.notices.held.insert(name.to_owned(), said.clone());
        }
        self.notices.fresh.push(said);
    }

    pub(super) fn toast_notice(&mut self, name: &str, said: &str) {
        // A failure of notifications cannot be told by a notification.
        if !self.settings.notifications.enabled || name == "notice-no-notifier" {
            return;
        }
        self.desktop.show_toast(&Toast {
            id: ToastId::Notice(name.to_owned()),
            title: self.words.text("notice-title", &[]),
            body: said.to_owned(),
            urgency: Urgency::Normal,
            sound: self.settings.notifications.sounds.of(Urgency::Normal),
            click: if is_about_settings(name) {
                Command::OpenSettings
            } else {
                Command::OpenPage
            },
            actions: Vec::new(),
        });
    }

    /// Says what a server says about the stream itself, once until the stream opens again.
    pub(super) fn server_says(&mut self, source: &SourceId, said: &str) {
        let name = self.name_of(source);
        self.notice_once(
            &format!("notice-server-says {}", source.0),
            "notice-server-says",
            &[("source", name.into()), ("text", said.into())],
        );
    }

    /// Counts an event that could not be understood, and says so at the first, the tenth, the
    /// hundredth, …
    pub(super) fn not_understood(&mut self, source: &SourceId, event: &Event) {
        let name = self.name_of(source);
        let Some(stream) = self.source_states.get_mut(source) else {
            return;
        };
        stream.not_understood.add(excerpt(event));
        let count = stream.not_understood.count;
        if is_power_of_ten(count) {
            self.notice(
                "notice-not-understood",
                &[("source", name.into()), ("count", count.into())],
            );
        }
    }
}

/// Returns whether the settings are the place to do something about it.
fn is_about_settings(name: &str) -> bool {
    let keys = [
        "notice-sign-in",
        "notice-refused-sign-in",
        "notice-secret-elsewhere",
        "notice-not-understood",
        "error-settings",
    ];
    keys.iter().any(|key| name.starts_with(key))
}

fn is_power_of_ten(count: u64) -> bool {
    count
        .checked_ilog10()
        .is_some_and(|zeros| 10_u64.checked_pow(zeros) == Some(count))
}
