//! What the windows and the shell share.

use std::sync::{Arc, OnceLock};

use belldot_core::{
    Command,
    controller::Inputs,
    i18n::Localizer,
    inbox::{InboxError, Reader},
    input::DesktopEvent,
    page::{Locked, News},
    policy::Policy,
    settings::{Language, Settings},
};
use parking_lot::{Mutex, RwLock};
use tokio::{
    runtime::Handle,
    sync::{Notify, broadcast},
};

use crate::{
    http::HttpClients,
    notify::Notifier,
    os::{autostart, keyring::Keyring, paths::AppPaths},
    page_faults::PageFaults,
    stream_history::StreamHistories,
    windows::{Activation, WindowHost, forget_gone},
};

/// What the windows and the shell share.
pub struct AppState {
    runtime: Handle,
    windows: Arc<dyn WindowHost>,
    inputs: Inputs,
    paths: AppPaths,
    keyring: Arc<Keyring>,
    http: HttpClients,
    histories: StreamHistories,
    activation: Activation,
    page_faults: PageFaults,
    /// The version of the web engine, once a window told.
    webview: OnceLock<String>,
    /// A read-only view of the inbox, opened when a window first asks.
    reader: Mutex<Option<Reader>>,
    policy: Policy,
    /// In effect.
    settings: RwLock<Settings>,
    settings_changed: Notify,
    news: Mutex<Option<News>>,
    notifier: OnceLock<Arc<dyn Notifier>>,
    opened: broadcast::Sender<Result<(), String>>,
    /// Why the latest change of starting with the session failed, for whoever asked for it.
    no_autostart: Mutex<Option<String>>,
}

impl AppState {
    /// Before any window is open.
    pub fn new(
        runtime: Handle,
        windows: Arc<dyn WindowHost>,
        inputs: Inputs,
        paths: AppPaths,
        keyring: Arc<Keyring>,
        policy: Policy,
        settings: Settings,
    ) -> Self {
        Self {
            runtime,
            windows,
            inputs,
            paths,
            http: HttpClients::new(keyring.clone()),
            keyring,
            histories: StreamHistories::default(),
            activation: Activation::default(),
            page_faults: PageFaults::default(),
            webview: OnceLock::new(),
            reader: Mutex::default(),
            settings: RwLock::new(policy.apply(settings)),
            settings_changed: Notify::new(),
            policy,
            news: Mutex::default(),
            notifier: OnceLock::new(),
            opened: broadcast::channel(8).0,
            no_autostart: Mutex::default(),
        }
    }

    /// Where test toasts go.
    pub fn keep_notifier(&self, notifier: Arc<dyn Notifier>) {
        let _ = self.notifier.set(notifier);
    }

    /// Where tasks run.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Whoever shows windows.
    pub fn windows(&self) -> &dyn WindowHost {
        self.windows.as_ref()
    }

    /// Where files are.
    pub fn paths(&self) -> &AppPaths {
        &self.paths
    }

    /// The token of the latest click.
    pub fn activation(&self) -> &Activation {
        &self.activation
    }

    /// The faults that pages met.
    pub fn page_faults(&self) -> &PageFaults {
        &self.page_faults
    }

    /// The version of the system's web engine, or why it is unknown.
    pub fn note_webview(&self, version: String) {
        let _ = self.webview.set(version);
    }

    /// The version of the system's web engine, once there was a window.
    pub fn webview(&self) -> Option<&str> {
        self.webview.get().map(String::as_str)
    }

    /// The words in the user's language.
    pub fn words(&self) -> Localizer {
        Localizer::new(self.settings().general.language)
    }

    /// The user's language, as the settings or else the system have it.
    pub fn language(&self) -> Language {
        self.words().language()
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.settings.read().clone()
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
        *self.news.lock() = Some(news.clone());
    }

    /// The latest news.
    pub fn news(&self) -> Option<News> {
        self.news.lock().clone()
    }

    /// The secrets.
    pub fn keyring(&self) -> &Arc<Keyring> {
        &self.keyring
    }

    /// What the streams have been doing.
    pub fn histories(&self) -> &StreamHistories {
        &self.histories
    }

    /// The way to the servers.
    pub fn http(&self) -> &HttpClients {
        &self.http
    }

    /// Where test toasts go, once there is something.
    pub fn notifier(&self) -> Option<Arc<dyn Notifier>> {
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
            return Err(self.words().text("error-quitting", &[]));
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
            self.inputs.tell(DesktopEvent::NoWindow(why.clone()));
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
        let mut reader = self.reader.lock();
        let open = match reader.take() {
            Some(open) => open,
            None => Reader::open(self.paths.inbox()).map_err(|error| error.say(&self.words()))?,
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
            .map_err(|_| self.words().text("error-quitting", &[]))?
            .map_err(|error| error.say(&self.words()))?;
        let mut failed = self.no_autostart.lock();
        failed.take().map_or(Ok(()), Err)
    }

    /// Goes by these settings, which the controller has taken.
    pub fn keep_settings(&self, settings: &Settings) {
        let before = std::mem::replace(&mut *self.settings.write(), settings.clone());
        self.settings_changed.notify_one();
        forget_gone(self.windows(), &self.paths, &before, settings);
        let on = settings.general.autostart;
        if on == before.general.autostart {
            return;
        }
        let set = autostart::set(on, &self.paths).map_err(|detail| {
            tracing::warn!(detail, "starting with the session is as it was");
            self.words()
                .text("error-autostart", &[("detail", detail.into())])
        });
        *self.no_autostart.lock() = set.err();
    }
}
