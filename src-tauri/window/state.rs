//! What is known of all windows.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use belldot_bell::windows::FromWindows;
use belldot_core::inbox::TodoKey;
use parking_lot::Mutex;
use url::Url;

use crate::labels::Labels;

/// Tells the bell something; cheap to call, never waits.
pub type Tell = Box<dyn Fn(FromWindows) + Send + Sync>;

/// What is known of all windows.
pub struct Windows {
    pub tell: Tell,
    pub window_state: PathBuf,
    pub opening: Labels,
    pub closing: Labels,
    /// Those that were closed and linger. The toolkit knows as well, but answers only once it has
    /// drawn what is new.
    pub hidden: Labels,
    pub activation: Mutex<Option<String>>,
    pub initial_todo: Mutex<Option<TodoKey>>,
    pub initial_about: AtomicBool,
    /// Where the company's page that is in the window keeps what it keeps.
    pub company: Mutex<Option<PathBuf>>,
}

impl Windows {
    /// None yet. Their places are remembered in this file.
    pub fn new(window_state: PathBuf, tell: Tell) -> Self {
        Self {
            tell,
            window_state,
            opening: Labels::default(),
            closing: Labels::default(),
            hidden: Labels::default(),
            activation: Mutex::default(),
            initial_todo: Mutex::default(),
            initial_about: AtomicBool::default(),
            company: Mutex::default(),
        }
    }

    /// Tells the bell something.
    pub fn tell(&self, message: FromWindows) {
        (self.tell)(message);
    }

    /// Opens an address in the user's browser.
    pub fn browse(&self, url: &Url) {
        self.tell(FromWindows::Browse { url: url.clone() });
    }

    /// The to-do that the list should show first, once.
    pub fn initial_todo(&self) -> Option<TodoKey> {
        self.initial_todo.lock().take()
    }

    /// Whether the settings should first show what Belldot is, once.
    pub fn initial_about(&self) -> bool {
        self.initial_about.swap(false, Ordering::AcqRel)
    }
}
