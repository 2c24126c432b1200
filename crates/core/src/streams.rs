//! The port to the network: what the controller asks of the sources' streams and APIs.

use url::Url;

use crate::{
    settings::Network,
    source::{Source, SourceId},
};

pub use crate::inbox::Delivery;

/// Runs the streams and delivers the outbox. Nothing here blocks; answers come back as
/// [`crate::Input`]s.
pub trait Streams {
    /// From the next start of a stream on, this is the way to the servers.
    ///
    /// # Errors
    /// In a sentence, where it cannot be one; the way then stays what it was.
    fn use_network(&mut self, network: &Network) -> Result<(), String> {
        let _ = network;
        Ok(())
    }
    /// Starts a source's stream after this cursor (empty: from the beginning), replacing one
    /// that runs already.
    fn start(&mut self, source: &Source, cursor: &str);
    /// Closes a source's stream for good.
    fn stop(&mut self, source: &SourceId);
    /// Tries a source again now.
    fn try_again(&mut self, source: &SourceId);
    /// Closes a source's stream until it is resumed, or resumes it.
    fn pause(&mut self, source: &SourceId, paused: bool);
    /// From its next attempt on, the source's stream asks this address: its server wants to hear
    /// in the address where to go on. Without this the server sends more often again what the
    /// inbox knows already.
    fn ask_next(&mut self, source: &SourceId, url: &Url) {
        let _ = (source, url);
    }
    /// From its next attempt on, the source's stream goes on after this event, the last that was
    /// committed; empty: from the beginning. It heard another id, which is no place to go on
    /// from.
    fn go_on_after(&mut self, source: &SourceId, cursor: &str) {
        let _ = (source, cursor);
    }
    /// Sends one change to a source's API; answered by [`crate::Input::Delivered`].
    fn deliver(&mut self, delivery: &Delivery);
}
