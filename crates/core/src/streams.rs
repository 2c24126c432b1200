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
    /// Sets how servers are reached, from the next start of a stream on.
    ///
    /// # Errors
    /// A sentence, where the settings cannot be used; the ones before then stay in use.
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
    /// Sets the address that the source's stream asks from its next attempt on, for a server that
    /// wants to be told in the address where to go on. Without this it sends more often what the
    /// inbox knows already.
    fn ask_next(&mut self, source: &SourceId, url: &Url) {
        let _ = (source, url);
    }
    /// Sets the event after which the source's stream goes on from its next attempt on: the last
    /// that was committed; empty: from the beginning. The id that the stream received last does not
    /// say where to go on.
    fn go_on_after(&mut self, source: &SourceId, cursor: &str) {
        let _ = (source, cursor);
    }
    /// Sends one change to a source's API; answered by [`crate::Input::Delivered`].
    fn deliver(&mut self, delivery: &Delivery);
}
