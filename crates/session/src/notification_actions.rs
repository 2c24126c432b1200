//! A person's choices in notifications, made through the daemon.

use std::fs;
use std::time::Duration;

use crate::{Area, Session, SessionError, wait_for, wait_until};

const ANSWER_LIMIT: Duration = Duration::from_secs(10);

impl Session {
    /// Chooses an action of a notification in the daemon's own context menu, by its key.
    /// A person chooses the default action by a click on the notification instead:
    /// [`Session::notification_area`] says where they are.
    ///
    /// # Errors
    /// [`SessionError::NoAction`] when no open notification of this number offers it.
    pub fn choose_action(&self, id: u32, key: &str) -> Result<(), SessionError> {
        let choice = format!("[{id},{key}]");
        let offer = self.file("config/dmenu.offered");
        fs::write(self.file("config/dmenu.choice"), &choice)?;
        fs::remove_file(&offer).ok();

        let before = self.record().invoked(id, key);
        let mut context = self.command("dunstctl");
        context.arg("context");
        self.run(context)?;
        let offered = wait_for(
            "the notification daemon offers its actions",
            ANSWER_LIMIT,
            || fs::read_to_string(&offer).ok(),
        );
        // Without any action to offer, the daemon asks for no choice at all.
        let offered = offered.unwrap_or_default();
        if !offered.contains(&choice) {
            return Err(SessionError::NoAction {
                wanted: choice,
                offered,
            });
        }
        wait_until(
            &format!("the daemon says that {choice} was chosen"),
            ANSWER_LIMIT,
            || self.record().invoked(id, key) > before,
        )
    }

    /// Where on the screen the open notifications are, or `None` when there are none.
    ///
    /// # Errors
    /// When the X server does not answer.
    pub fn notification_area(&self) -> Result<Option<Area>, SessionError> {
        Ok(self.areas_of_class("Dunst")?.into_iter().next())
    }
}
