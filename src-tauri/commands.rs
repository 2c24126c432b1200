//! What Belldot's own pages may call, and what they share with the shell.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use belldot_core::{
    Command, Input,
    inbox::{Reader, TodoKey},
    page::{Action, Listing, Locked, News, ProbeReport, Query, SettingsView},
    settings::Settings,
    source::SourceId,
    toast::{Toast, ToastId, Urgency},
    words::Words,
};
use tauri::{AppHandle, Manager as _, State, WebviewWindow};
use url::Url;

use crate::{
    demo,
    notify::Notifier,
    os::{keyring::Keyring, places::Places},
    probe, windows,
    windows::Activation,
};

/// What the windows and the shell share.
pub struct Rooms {
    app: AppHandle,
    inputs: flume::Sender<Input>,
    places: Places,
    keyring: Arc<Keyring>,
    activation: Activation,
    /// A read-only view of the inbox, opened when a window first asks.
    reader: Mutex<Option<Reader>>,
    settings: RwLock<Settings>,
    news: Mutex<Option<News>>,
    initial_todo: Mutex<Option<TodoKey>>,
    notifier: OnceLock<Arc<Notifier>>,
}

impl Rooms {
    /// Before any window is open.
    pub fn new(
        app: AppHandle,
        inputs: flume::Sender<Input>,
        places: Places,
        keyring: Arc<Keyring>,
        settings: Settings,
    ) -> Self {
        Self {
            app,
            inputs,
            places,
            keyring,
            activation: Activation::default(),
            reader: Mutex::default(),
            settings: RwLock::new(settings),
            news: Mutex::default(),
            initial_todo: Mutex::default(),
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

    /// Hands a command to the controller without waiting; for callbacks of the main thread.
    pub fn wish(&self, command: Command) {
        if self.inputs.try_send(Input::Command(command)).is_err() {
            tracing::warn!("too busy for a wish");
        }
    }

    fn send(&self, command: Command) -> Result<(), String> {
        self.inputs
            .send(Input::Command(command))
            .map_err(|_| self.words().say("error-quitting", &[]))
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, belldot_core::inbox::InboxError>,
    ) -> Result<T, String> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match reader.take() {
            Some(open) => open,
            None => Reader::open(self.places.inbox()).map_err(|error| error.to_string())?,
        };
        let result = read(&open).map_err(|error| error.to_string());
        *reader = Some(open);
        result
    }

    /// The token kept for a source, if the address is on the origin that it was given for.
    async fn kept_token(&self, source: SourceId, url: &str) -> Option<String> {
        let settings = self.settings();
        let kept_for = settings
            .sources
            .iter()
            .find(|known| known.id == source)?
            .url
            .origin();
        if Url::parse(url).ok()?.origin() != kept_for {
            return None;
        }
        let keyring = self.keyring.clone();
        tokio::task::spawn_blocking(move || keyring.token(&source))
            .await
            .ok()
            .flatten()
    }

    async fn change_settings(self: &Arc<Self>, settings: Settings) -> Result<(), String> {
        let (reply, answer) = flume::bounded(1);
        self.send(Command::ChangeSettings {
            settings: Box::new(settings.clone()),
            reply,
        })?;
        let answer = answer.recv_async().await;
        answer
            .map_err(|_| self.words().say("error-quitting", &[]))?
            .map_err(|error| error.to_string())?;
        *self
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }
}

type Shared<'a> = State<'a, Arc<Rooms>>;

/// The to-dos that a query asks for.
#[tauri::command]
pub async fn list(rooms: Shared<'_>, query: Query) -> Result<Listing, String> {
    let rooms = rooms.inner().clone();
    blocking(move || rooms.read(|reader| reader.list(&query, &jiff::Zoned::now()))).await
}

/// The latest news. A window that asks has just opened: what still holds is said to it again.
#[tauri::command]
pub fn news(rooms: Shared<'_>) -> Option<News> {
    rooms.wish(Command::ShowAll);
    rooms
        .news
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

/// Does what the page asks for.
#[tauri::command]
pub async fn act(rooms: Shared<'_>, action: Action) -> Result<(), String> {
    rooms.send(action.into())
}

/// Opens a to-do's address in the browser and marks it read.
#[tauri::command]
pub async fn open_todo(rooms: Shared<'_>, key: TodoKey) -> Result<(), String> {
    rooms.send(Command::MarkRead {
        todos: vec![key],
        read: true,
    })?;
    let inside = rooms.inner().clone();
    let todo =
        blocking(move || inside.read(|reader| reader.todo(key, &jiff::Zoned::now()))).await?;
    if let Some(url) = todo
        .and_then(|todo| todo.url)
        .and_then(|url| Url::parse(&url).ok())
    {
        windows::browse(&rooms.app, &url);
    }
    Ok(())
}

/// The to-do that the list should show first, once.
#[tauri::command]
pub fn initial_todo(rooms: Shared<'_>) -> Option<TodoKey> {
    rooms
        .initial_todo
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}

/// The settings and what surrounds them.
#[tauri::command]
pub async fn settings(rooms: Shared<'_>) -> Result<SettingsView, String> {
    let rooms = rooms.inner().clone();
    blocking(move || {
        let settings = rooms.settings();
        let ids = settings.sources.iter().map(|source| source.id.clone());
        Ok(SettingsView {
            signed_in: ids.filter(|id| rooms.keyring.token(id).is_some()).collect(),
            language: rooms.words().language().to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings_path: rooms.places.settings().display().to_string(),
            inbox_path: rooms.places.inbox().display().to_string(),
            log_path: rooms.places.logs().display().to_string(),
            proxy_signed_in: rooms.keyring.proxy_password().is_some(),
            locked: Locked::default(),
            settings,
        })
    })
    .await
}

/// Takes new settings.
#[tauri::command]
pub async fn save_settings(rooms: Shared<'_>, settings: Settings) -> Result<(), String> {
    rooms.inner().change_settings(settings).await
}

/// Keeps a source's token in the keyring, or forgets it. Answers whether it will be known after
/// a restart.
#[tauri::command]
pub async fn set_token(
    rooms: Shared<'_>,
    source: SourceId,
    token: Option<String>,
) -> Result<bool, String> {
    let (keyring, changed) = (rooms.keyring.clone(), source.clone());
    let kept = blocking(move || Ok(keyring.set_token(&changed, token.as_deref()))).await?;
    rooms.send(Command::TryAgain(source))?;
    Ok(kept == crate::os::keyring::Kept::InKeyring)
}

/// Finds out what stands at an address; without a token it asks with the one that is kept for
/// the source, if any.
#[tauri::command]
pub async fn probe(
    rooms: Shared<'_>,
    url: String,
    token: Option<String>,
    source: Option<SourceId>,
) -> Result<ProbeReport, String> {
    let token = match (token, source) {
        (None, Some(source)) => rooms.kept_token(source, &url).await,
        (token, _) => token,
    };
    Ok(probe::probe(&url, token.as_deref(), &rooms.words()).await)
}

/// Opens the settings window.
#[tauri::command]
pub async fn open_settings(rooms: Shared<'_>) -> Result<(), String> {
    rooms.send(Command::OpenSettings)
}

/// Opens the to-dos.
#[tauri::command]
pub async fn open_todos(rooms: Shared<'_>) -> Result<(), String> {
    rooms.send(Command::OpenPage)
}

/// Closes the window that asks.
#[tauri::command]
pub async fn close_window(window: WebviewWindow) -> Result<(), String> {
    window.close().map_err(|error| error.to_string())
}

/// Starts the embedded server and adds it as a source.
#[tauri::command]
pub async fn start_demo(rooms: Shared<'_>) -> Result<(), String> {
    let url = demo::start(
        rooms.places.demo(),
        ([127, 0, 0, 1], 0).into(),
        rooms.words(),
    )
    .await?;
    let mut settings = rooms.settings();
    demo::add_source(&mut settings, url, &rooms.words());
    rooms.inner().change_settings(settings).await
}

/// Shows a toast, to see whether the desktop takes it.
#[tauri::command]
pub async fn test_toast(rooms: Shared<'_>) -> Result<(), String> {
    let words = rooms.words();
    let toast = Toast {
        id: ToastId::Notice("test".to_owned()),
        title: words.say("toast-test-title", &[]),
        body: words.say("toast-test-body", &[]),
        urgency: Urgency::Normal,
        sound: rooms.settings().notifications.sounds.of(Urgency::Normal),
        click: Command::OpenPage,
        actions: Vec::new(),
    };
    let notifier = rooms
        .notifier
        .get()
        .ok_or_else(|| words.say("error-quitting", &[]))?
        .clone();
    notifier.try_show(&toast).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| error.to_string())?
}

/// The rooms of a running application, if it is set up already.
pub fn rooms(app: &AppHandle) -> Option<Arc<Rooms>> {
    app.try_state::<Arc<Rooms>>()
        .map(|rooms| rooms.inner().clone())
}
