//! Webhooks: each change of what a sender sent is posted to the sender's own server.
//!
//! Requests are signed as Standard Webhooks 1.0 (standardwebhooks.com) has it. They are sent one at
//! a time and in order of sequence; one that is not taken is sent again until it is. How far a
//! webhook is stands in a file, so that it goes on after a restart.

mod cursor;
mod delivery;
mod settings;
mod signature;

pub(crate) use delivery::start;
pub(crate) use settings::{Webhook, load};
