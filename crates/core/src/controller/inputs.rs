//! What streams and the desktop report.

use crate::{
    controller::state::Controller,
    desktop::{Desktop, Page},
    format::{self, Cursor, Seen},
    inbox::Edit,
    input::{DesktopEvent, StreamUpdate},
    model::{Event, ToastId},
    source::{SourceId, Step, StreamState},
    streams::Streams,
};

impl<D: Desktop, S: Streams> Controller<D, S> {
    pub(super) fn handle_stream_update(&mut self, source: &SourceId, update: StreamUpdate) {
        // A stream that was stopped or replaced may still have had something in the channel.
        let begins = matches!(
            update,
            StreamUpdate::State(
                StreamState::Connecting {
                    step: Step::Connection
                } | StreamState::Open { .. }
            )
        );
        match self.source_states.get_mut(source) {
            None => return,
            Some(stream) if stream.awaiting_first_state && !begins => return,
            Some(stream) => stream.awaiting_first_state = false,
        }
        match update {
            StreamUpdate::State(state) => self.stream_state_changed(source, state),
            StreamUpdate::Resumed { after } => self.stream_resumed(source, &after),
            StreamUpdate::Settled => self.opening_burst_over(source),
            StreamUpdate::Charset(name) => {
                if let Some(stream) = self.source_states.get_mut(source) {
                    stream.charset = Some(name);
                }
            }
            StreamUpdate::CursorDropped => self.cursor_dropped(source),
            StreamUpdate::Event(event) => self.handle_event(source, &event),
        }
    }

    pub(super) fn handle_event(&mut self, source: &SourceId, event: &Event) {
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
            // An open connection is no proof of a sign-in: the server opens it, says so again and
            // closes it.
            self.notices.over(&sign_in);
        }
        if decoded.not_utf8 {
            let stream = self.source_states.get(source);
            let charset = stream.and_then(|stream| stream.charset.clone());
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
        if let Some(stream) = self.source_states.get_mut(source) {
            opening = stream.opening;
            if decoded.seen != Seen::Nothing {
                stream.seen = Some(decoded.seen);
            }
            match &decoded.cursor {
                Cursor::Since(message) => stream.since = Some(message.clone()),
                Cursor::Stays => stream.cursor_invalid |= !event.id.is_empty(),
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

    pub(super) fn handle_desktop_hint(&mut self, hint: DesktopEvent) {
        match hint {
            DesktopEvent::TrayHost(true) => {
                // Its toast may still be there, or wait for a daemon.
                if self.notices.is_on("notice-no-tray") {
                    self.notices.over("notice-no-tray");
                    let said = ToastId::Notice("notice-no-tray".to_owned());
                    self.desktop.close_toast(&said);
                }
            }
            DesktopEvent::TrayHost(false) => {
                if self.notice_while("notice-no-tray", &[]) {
                    self.windows_to_open.push(Page::Todos(None));
                }
            }
            DesktopEvent::Notifier(Ok(())) => self.notices.over("notice-no-notifier"),
            DesktopEvent::Notifier(Err(why)) => {
                let said = why.say(&self.words);
                self.notice_while_it_says("notice-no-notifier", said);
            }
            DesktopEvent::Link { url, opened } => self.link_opened(&url, opened),
            DesktopEvent::WindowCrashed => self.notice("notice-window-crashed", &[]),
            DesktopEvent::NoWindow(why) => {
                self.notice("notice-no-window", &[("detail", why.into())])
            }
            DesktopEvent::Panicked(path) => {
                let path = path.display().to_string();
                self.notice("notice-panicked", &[("path", path.into())]);
            }
            DesktopEvent::SettingsFile => self.reload_file(),
            DesktopEvent::SecretElsewhere { source, origin } => {
                let name = self.name_of(&source);
                let values = [("source", name.into()), ("origin", origin.into())];
                self.notice("notice-secret-elsewhere", &values);
            }
            DesktopEvent::ToastClosed(id) => self.toaster.closed(&id),
        }
    }
}
