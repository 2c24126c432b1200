//! What the windows and the shell share.

use std::sync::{
    Arc, Mutex, OnceLock, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use belldot_core::{
    Command,
    controller::Inputs,
    inbox::{InboxError, Reader, TodoKey},
    input::DesktopHint,
    page::{Locked, News},
    policy::Policy,
    settings::Settings,
    words::Words,
};
use tauri::{AppHandle, Manager as _};
use tokio::sync::{Notify, broadcast};

use crate::{
    notify::Notifier,
    os::{autostart, keyring::Keyring, places::Places},
    record::Records,
    way::Way,
    windows::{self, Activation, Labels},
};

/// What the windows and the shell share.
pub struct Rooms {
    app: AppHandle,
    inputs: Inputs,
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
    settings_changed: Notify,
    news: Mutex<Option<News>>,
    initial_todo: Mutex<Option<TodoKey>>,
    initial_about: AtomicBool,
    notifier: OnceLock<Arc<Notifier>>,
    opened: broadcast::Sender<Result<(), String>>,
    /// Why the latest change of starting with the session failed, for whoever asked for it.
    no_autostart: Mutex<Option<String>>,
}

impl Rooms {
    /// Before any window is open.
    pub fn new(
        app: AppHandle,
        inputs: Inputs,
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
            settings_changed: Notify::new(),
            policy,
            news: Mutex::default(),
            initial_todo: Mutex::default(),
            initial_about: AtomicBool::default(),
            notifier: OnceLock::new(),
            opened: broadcast::channel(8).0,
            no_autostart: Mutex::default(),
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

    /// Waits until the settings in force, or a secret, changed since this was asked the last time;
    /// for one who asks.
    pub async fn settings_changed(&self) {
        self.settings_changed.notified().await;
    }

    /// A secret was kept or forgotten: see to what follows, as after a change of the settings.
    pub fn note_secret(&self) {
        self.settings_changed.notify_one();
    }

    /// What an administrator says.
    pub fn policy(&self) -> &Policy {
        &self.policy
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

    /// Where the controller is told what people and the desktop do.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Hands a command to the controller, without waiting.
    ///
    /// # Errors
    /// When Belldot is about to end; in a sentence.
    pub fn send(&self, command: Command) -> Result<(), String> {
        if self.inputs.is_over() {
            return Err(self.words().say("error-quitting", &[]));
        }
        self.inputs.tell(command);
        Ok(())
    }

    /// What becomes of windows that are asked for from now on; else why there is none.
    #[cfg(unix)]
    pub fn opened(&self) -> broadcast::Receiver<Result<(), String>> {
        self.opened.subscribe()
    }

    /// A window that was asked for is there; or there is none, and why. The controller hears of
    /// that.
    pub fn note_opened(&self, result: Result<(), String>) {
        if let Err(why) = &result {
            self.inputs.tell(DesktopHint::NoWindow(why.clone()));
        }
        // Mostly nobody waits for it.
        let _ = self.opened.send(result);
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

    /// Has the controller take new settings.
    ///
    /// # Errors
    /// What is wrong with them, or what could not be done; in a sentence.
    pub async fn change_settings(&self, settings: Settings) -> Result<(), String> {
        let (reply, answer) = flume::bounded(1);
        self.send(Command::ChangeSettings {
            settings: Box::new(settings),
            reply,
        })?;
        let answer = answer.recv_async().await;
        answer
            .map_err(|_| self.words().say("error-quitting", &[]))?
            .map_err(|error| error.say(&self.words()))?;
        let mut failed = self
            .no_autostart
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        failed.take().map_or(Ok(()), Err)
    }

    /// Goes by these settings, which the controller has taken.
    pub fn keep_settings(&self, settings: &Settings) {
        let before = std::mem::replace(
            &mut *self
                .settings
                .write()
                .unwrap_or_else(PoisonError::into_inner),
            settings.clone(),
        );
        self.settings_changed.notify_one();
        windows::forget_gone(&self.app, &self.places, &before, settings);
        let on = settings.general.autostart;
        if on == before.general.autostart {
            return;
        }
        let set = autostart::set(on, &self.places).map_err(|detail| {
            tracing::warn!(detail, "starting with the session is as it was");
            self.words()
                .say("error-autostart", &[("detail", detail.into())])
        });
        *self
            .no_autostart
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = set.err();
    }
}

/// The rooms of a running application, if it is set up already.
pub fn of(app: &AppHandle) -> Option<Arc<Rooms>> {
    app.try_state::<Arc<Rooms>>()
        .map(|rooms| rooms.inner().clone())
}
