//! Toasts through `tauri-plugin-notification`: Windows and macOS, and Linux with the `portable`
//! feature.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use belldot_bell::notify::{LatestOutcome, Notifier};
use belldot_core::{
    Command,
    controller::Inputs,
    input::DesktopEvent,
    toast::{NotTaken, Toast, ToastId},
};
use belldot_wire::clean_line;
use parking_lot::Mutex;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

/// Hands toasts to the system.
pub struct Plugin {
    app: AppHandle,
    inputs: Inputs,
    /// What a click on a toast does, by the plugin's id.
    clicks: Arc<Mutex<HashMap<i32, Command>>>,
    latest: LatestOutcome,
}

impl Plugin {
    /// Prepares for clicks, which must happen before the first toast.
    pub fn start(app: &AppHandle, inputs: Inputs) -> Self {
        let clicks: Arc<Mutex<HashMap<i32, Command>>> = Arc::default();
        let (known, clicked) = (clicks.clone(), inputs.clone());
        let registered = app.notification().on_action(move |performed| {
            let id = performed
                .notification()
                .map(|notification| notification.id());
            let known = known.lock();
            if let Some(command) = id.and_then(|id| known.get(&id)) {
                clicked.tell(command.clone());
            }
        });
        if let Err(error) = registered {
            tracing::warn!(%error, "clicks on toasts will do nothing");
        }
        Self {
            app: app.clone(),
            inputs,
            clicks,
            latest: LatestOutcome::default(),
        }
    }

    fn hand_over(&self, toast: &Toast) -> Result<(), NotTaken> {
        let id = number(&toast.id);
        self.clicks.lock().insert(id, toast.click.clone());
        let result = self
            .app
            .notification()
            .builder()
            .id(id)
            .title(&toast.title)
            .body(&toast.body)
            .show()
            .map_err(|error| NotTaken::Refused(clean_line(&error.to_string())));
        self.latest.note(result.clone());
        result
    }
}

impl Notifier for Plugin {
    fn show(&self, toast: &Toast) {
        let result = self.hand_over(toast);
        self.inputs.tell(DesktopEvent::Notifier(result));
    }

    fn try_show(&self, toast: &Toast, reply: flume::Sender<Result<(), NotTaken>>) {
        let _ = reply.send(self.hand_over(toast));
    }

    /// Withdraws it, where the system can.
    fn close(&self, id: &ToastId) {
        let id = number(id);
        self.clicks.lock().remove(&id);
        let _ = self.app.notification().remove_active(vec![id]);
    }

    /// The plugin does not say.
    fn has_told(&self) -> bool {
        true
    }

    fn latest(&self) -> Option<Result<(), NotTaken>> {
        self.latest.get()
    }
}

/// The plugin wants a 32-bit id.
fn number(id: &ToastId) -> i32 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish() as i32
}
