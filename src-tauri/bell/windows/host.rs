//! Whoever shows windows, whatever the process.

use belldot_core::{page::News, source::SourceId};

use super::message::ToWindows;

/// Whoever shows windows: other processes, or the same one. Cheap to call, never waits; what comes
/// of it is told to `pages::hear`.
pub trait WindowHost: Send + Sync {
    /// Passes a message on. Where a page is to be shown, it sees to it that there is somebody who
    /// shows it.
    fn send(&self, message: ToWindows);

    /// Tells Belldot's own pages what is new, if there are any.
    fn publish(&self, news: &News) {
        self.send(ToWindows::news(news));
    }
}

/// Whose windows tell something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WindowOwner {
    /// Belldot's own: its pages may ask for everything.
    Belldot,
    /// The page of a source's company: it has no access.
    Company(SourceId),
}
