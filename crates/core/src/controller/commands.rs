//! What a person asks for.

use jiff::{SignedDuration, Timestamp};

use crate::{
    controller::state::Controller,
    desktop::{Desktop, Page},
    inbox::{Edit, Pause},
    input::Command,
    model::{Span, ToastId},
    streams::Streams,
};

/// The hour at which tomorrow morning begins.
const MORNING: i8 = 8;

impl<D: Desktop, S: Streams> Controller<D, S> {
    pub(super) fn handle_command(&mut self, command: Command) {
        match command {
            Command::OpenPage => {
                self.page_opened();
                self.windows_to_open
                    .push(Page::of_click(&self.settings.sources));
            }
            Command::PageOpened => self.page_opened(),
            Command::OpenTodo(key) => {
                self.edits.push(Edit::Read {
                    todos: vec![key],
                    read: true,
                });
                self.windows_to_open.push(Page::Todos(Some(key)));
            }
            Command::OpenTodoById(id) => match self.inbox.find(&id) {
                Ok(Some(key)) => self.handle_command(Command::OpenTodo(key)),
                Ok(None) => self.windows_to_open.push(Page::Todos(None)),
                Err(error) => {
                    self.report_inbox_error(&error);
                    self.windows_to_open.push(Page::Todos(None));
                }
            },
            Command::OpenSettings => self.windows_to_open.push(Page::Settings),
            Command::OpenAbout => self.windows_to_open.push(Page::About),
            Command::MarkRead { todos, read } => self.edits.push(Edit::Read { todos, read }),
            Command::MarkAllRead => self.edits.push(Edit::ReadAll),
            Command::MarkDone { todos, done } => self.edits.push(Edit::Done { todos, done }),
            Command::Snooze { todos, until } => self.edits.push(Edit::Snooze { todos, until }),
            Command::SnoozeFor { todos, span } => {
                let until = Some(self.after(span));
                self.edits.push(Edit::Snooze { todos, until });
            }
            Command::Pin { todos, pinned } => self.edits.push(Edit::Pin { todos, pinned }),
            Command::Acknowledge(source) => {
                self.edits.push(Edit::MissingSince {
                    source,
                    since: None,
                });
            }
            Command::TryAgain(source) => self.streams.try_again(&source),
            Command::Pause { until } => {
                self.set_pause(Some(until.map_or(Pause::UntilResumed, Pause::Until)));
            }
            Command::PauseFor(span) => self.set_pause(Some(Pause::Until(self.after(span)))),
            Command::Resume => self.set_pause(None),
            Command::ChangeSettings { settings, reply } => {
                // The receiver may have been dropped meanwhile.
                let _ = reply.try_send(self.change_settings(*settings));
            }
            Command::TakeNetwork => {
                self.take_network();
                self.restart_streams();
            }
            Command::ShowAll => self.show_all(),
            Command::Quit => self.quit(),
        }
    }

    /// Returns the end of a span that begins now.
    fn after(&self, span: Span) -> Timestamp {
        match span {
            Span::Quarter => self.now + SignedDuration::from_mins(15),
            Span::Hour => self.now + SignedDuration::from_hours(1),
            Span::Tomorrow => self
                .zoned()
                .date()
                .tomorrow()
                .and_then(|day| day.at(MORNING, 0, 0, 0).to_zoned(self.zone.clone()))
                .map_or(self.now, |morning| morning.timestamp()),
        }
    }

    /// Whoever looks at the page has no use for the toast that counts.
    fn page_opened(&mut self) {
        if self.toaster.dismiss_digest() {
            self.desktop.close_toast(&ToastId::Digest);
        }
    }

    /// Closes every stream; `handle` then commits what arrived.
    fn quit(&mut self) {
        for (source, stream) in &self.source_states {
            if stream.started {
                self.streams.stop(source);
            }
            if stream.mark().is_none() {
                self.edits.push(Edit::Heard {
                    source: source.clone(),
                });
            }
        }
        self.ended = true;
    }
}
