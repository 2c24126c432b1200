//! The one owner of all state.

/// Takes inputs, changes the inbox, says what to show.
#[derive(Debug)]
pub struct Controller {}
