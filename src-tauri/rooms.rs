//! What the windows and the shell share.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use belldot_core::{
    Command, Input,
    inbox::{InboxError, Reader, TodoKey},
    input::DesktopHint,
    page::{Locked, News},
    policy::Policy,
    settings::Settings,
    words::Words,
};
use tauri::{AppHandle, Manager as _};

use crate::{
    notify::Notifier,
    os::{autostart, keyring::Keyring, places::Places},
    record::Records,
    way::Way,
    windows::{Activation, Labels},
};

/// What the windows and the shell share.
pub struct Rooms {
    app: AppHandle,
    inputs: flume::Sender<Input>,
    places: Places,
    keyring: Arc<Keyring>,
    way: Way,
    records: Records,
    activation: Activation,
    opening: Labels,
    closing: Labels,
    /// A read-only view of the inbox, opened when a window first asks.
    reader: Mutex<Option<Reader>>,
    policy: Policy,
    /// In effect.
    settings: RwLock<Settings>,
    news: Mutex<Option<News>>,
    initial_todo: Mutex<Option<TodoKey>>,
    initial_about: AtomicBool,
    notifier: OnceLock<Arc<Notifier>>,
}

impl Rooms {
    /// Before any window is open.
    pub fn new(
        app: AppHandle,
        inputs: flume::Sender<Input>,
        places: Places,
        keyring: Arc<Keyring>,
        way: Way,
        policy: Policy,
        settings: Settings,
    ) -> Self {
        Self {
            app,
            inputs,
            places,
            keyring,
            way,
            records: Records::default(),
            activation: Activation::default(),
            opening: Labels::default(),
            closing: Labels::default(),
            reader: Mutex::default(),
            settings: RwLock::new(policy.apply(settings)),
            policy,
            news: Mutex::default(),
            initial_todo: Mutex::default(),
            initial_about: AtomicBool::default(),
            notifier: OnceLock::new(),
        }
    }

    /// Where test toasts go.
    pub fn keep_notifier(&self, notifier: Arc<Notifier>) {
        let _ = self.notifier.set(notifier);
    }

    /// The application.
    pub fn app(&self) -> &AppHandle {
        &self.app
    }

    /// Where files are.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The token of the latest click.
    pub fn activation(&self) -> &Activation {
        &self.activation
    }

    /// The windows that are being made.
    pub fn opening(&self) -> &Labels {
        &self.opening
    }

    /// The windows that are about to close, or have closed and are not yet forgotten.
    pub fn closing(&self) -> &Labels {
        &self.closing
    }

    /// The words in the user's language.
    pub fn words(&self) -> Words {
        Words::new(self.settings().general.language)
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.settings
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What an administrator fixed.
    pub fn locked(&self) -> Locked {
        self.policy.locked()
    }

    /// Keeps the latest news for windows that open later.
    pub fn keep_news(&self, news: &News) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(news.clone());
    }

    /// Which to-do the list should show first.
    pub fn keep_initial_todo(&self, todo: Option<TodoKey>) {
        *self
            .initial_todo
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = todo;
    }

    /// The to-do that the list should show first, once.
    pub fn initial_todo(&self) -> Option<TodoKey> {
        self.initial_todo
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Whether the settings should first show what Belldot is.
    pub fn keep_initial_about(&self, about: bool) {
        self.initial_about.store(about, Ordering::Release);
    }

    /// The same, once.
    pub fn initial_about(&self) -> bool {
        self.initial_about.swap(false, Ordering::AcqRel)
    }

    /// The latest news.
    pub fn news(&self) -> Option<News> {
        self.news
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The secrets.
    pub fn keyring(&self) -> &Arc<Keyring> {
        &self.keyring
    }

    /// What the streams have been doing.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The way to the servers.
    pub fn way(&self) -> &Way {
        &self.way
    }

    /// Where test toasts go, once there is something.
    pub fn notifier(&self) -> Option<Arc<Notifier>> {
        self.notifier.get().cloned()
    }

    /// Hands a command to the controller without waiting; for callbacks of the main thread.
    pub fn wish(&self, command: Command) {
        if self.inputs.try_send(Input::Command(command)).is_err() {
            tracing::warn!("too busy for a second start");
        }
    }

    /// Tells the controller what the desktop did; for callbacks of the main thread.
    pub fn hint(&self, hint: DesktopHint) {
        if self.inputs.try_send(Input::Desktop(hint)).is_err() {
            tracing::warn!("too busy for a hint");
        }
    }

    /// Hands a command to the controller; waits while it is busy.
    ///
    /// # Errors
    /// When Belldot is about to end; in a sentence.
    pub fn send(&self, command: Command) -> Result<(), String> {
        self.inputs
            .send(Input::Command(command))
            .map_err(|_| self.words().say("error-quitting", &[]))
    }

    /// Looks something up in the inbox.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, InboxError>,
    ) -> Result<T, String> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match reader.take() {
            Some(open) => open,
            None => Reader::open(self.places.inbox()).map_err(|error| error.say(&self.words()))?,
        };
        let result = read(&open).map_err(|error| error.say(&self.words()));
        *reader = Some(open);
        result
    }

    /// Has the controller take new settings, and keeps them.
    ///
    /// # Errors
    /// What is wrong with them, or what could not be done; in a sentence.
    pub async fn change_settings(self: &Arc<Self>, settings: Settings) -> Result<(), String> {
        let (reply, answer) = flume::bounded(1);
        self.send(Command::ChangeSettings {
            settings: Box::new(settings.clone()),
            reply,
        })?;
        let answer = answer.recv_async().await;
        answer
            .map_err(|_| self.words().say("error-quitting", &[]))?
            .map_err(|error| error.say(&self.words()))?;
        let before = self.settings();
        *self
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = self.policy.apply(settings);
        let on = self.settings().general.autostart;
        if on == before.general.autostart {
            return Ok(());
        }
        autostart::set(on, &self.places).map_err(|detail| {
            self.words()
                .say("error-autostart", &[("detail", detail.into())])
        })
    }
}

/// The rooms of a running application, if it is set up already.
pub fn of(app: &AppHandle) -> Option<Arc<Rooms>> {
    app.try_state::<Arc<Rooms>>()
        .map(|rooms| rooms.inner().clone())
}
