//! What follows from an attempt, or from a stream that ended.

use std::time::Duration;

use crate::Cause;
use crate::control::Wish;

/// Why there is no open stream, or none any longer, told apart by what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The attempt failed: tries again, not before the server's Retry-After.
    Failed {
        /// Why.
        cause: Cause,
        /// What the server asked for.
        retry_after: Option<Duration>,
    },
    /// A stream that was open ended: goes on, at the pace that the server asked for.
    Ended {
        /// Why.
        cause: Cause,
        /// It lived for some time.
        lasted: bool,
    },
    /// A stream ended at once and said nothing: tries again, with growth, but gently.
    Mute(Cause),
    /// An answer that trying again is unlikely to change (403, 404, …): tries again, slowly.
    Refused(Cause),
    /// Something that is not an event stream answered: the sign-in page of a network?
    Foreign(Cause),
    /// Something on this machine is not ready: tries again soon, without growth.
    NotReady(Cause),
    /// The server said `Too many connections`.
    Full {
        /// What the server asked for.
        retry_after: Option<Duration>,
    },
    /// The server wants a sign-in, or a different one (401).
    SignIn,
    /// The proxy wants a sign-in, or a different one (407), by one of these schemes.
    ProxySignIn(Vec<String>),
    /// Trying again makes no sense.
    Stopped(Cause),
    /// It is time to connect anew, though nothing failed.
    Renew(Cause),
    /// Somebody wants something else.
    Wish(Wish),
}

impl End {
    /// It failed, and the server asked for nothing.
    pub(crate) fn failed(cause: Cause) -> Self {
        Self::Failed {
            cause,
            retry_after: None,
        }
    }
}

impl From<Wish> for End {
    fn from(wish: Wish) -> Self {
        Self::Wish(wish)
    }
}
