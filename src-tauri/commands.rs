//! What Belldot's own pages may call.

use std::sync::Arc;

use belldot_core::{
    Command, address,
    desktop::NotOpened,
    format::{self, Format, Lesson, Preview},
    inbox::{Export, TodoKey},
    input::Event,
    page::{Action, Listing, News, ProbeReport, Query, Sample, SettingsView, StreamReport},
    secret,
    settings::Settings,
    source::{SignIn, Source, SourceId},
    toast::{Toast, ToastId, Urgency},
};
use jiff::Zoned;
use tauri::{State, WebviewWindow};
use url::Url;

use crate::{
    demo,
    os::{
        keyring::{Kept, Owner, Waits},
        opener,
    },
    page_faults::PageFaults,
    probe::{self, Asking},
    report,
    rooms::Rooms,
    secrets, sign_in, windows,
};

type Shared<'a> = State<'a, Arc<Rooms>>;

/// The to-dos that a query asks for.
#[tauri::command]
pub async fn list(rooms: Shared<'_>, query: Query) -> Result<Listing, String> {
    let rooms = rooms.inner().clone();
    blocking(move || rooms.read(|reader| reader.list(&query, &Zoned::now()))).await
}

/// Where a to-do stands in the answer to a query, counted from 0.
#[tauri::command]
pub async fn position(
    rooms: Shared<'_>,
    query: Query,
    key: TodoKey,
) -> Result<Option<u32>, String> {
    let rooms = rooms.inner().clone();
    blocking(move || rooms.read(|reader| reader.position(&query, key, &Zoned::now()))).await
}

/// The latest news. A window that asks has just opened: what still holds is said to it again.
#[tauri::command]
pub fn news(rooms: Shared<'_>) -> Option<News> {
    rooms.inputs().tell(Command::ShowAll);
    rooms.news()
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
    let todo = blocking(move || inside.read(|reader| reader.todo(key, &Zoned::now()))).await?;
    if let Some(url) = todo
        .and_then(|todo| todo.url)
        .and_then(|url| Url::parse(&url).ok())
    {
        windows::browse(rooms.app(), &url);
    }
    Ok(())
}

/// The to-do that the list should show first, once.
#[tauri::command]
pub fn initial_todo(rooms: Shared<'_>) -> Option<TodoKey> {
    rooms.initial_todo()
}

/// Whether the settings should first show what Belldot is, once.
#[tauri::command]
pub fn initial_about(rooms: Shared<'_>) -> bool {
    rooms.initial_about()
}

/// The settings and what surrounds them.
#[tauri::command]
pub async fn settings(rooms: Shared<'_>) -> Result<SettingsView, String> {
    let settings = rooms.settings();
    let keyring = rooms.keyring();
    let sources = settings.sources.iter();
    let signed_in = sources.filter(|source| keyring.has(&Owner::source(source)));
    let signed_in = signed_in.map(|source| source.id.clone()).collect();
    let proxy_signed_in = Owner::proxy(&settings).is_some_and(|owner| keyring.has(&owner));
    Ok(SettingsView {
        signed_in,
        language: rooms.words().language().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings_path: rooms.places().settings().display().to_string(),
        inbox_path: rooms.places().inbox().display().to_string(),
        log_path: rooms.places().logs().display().to_string(),
        proxy_signed_in,
        locked: rooms.locked(),
        settings,
    })
}

/// Takes new settings.
#[tauri::command]
pub async fn save_settings(rooms: Shared<'_>, settings: Settings) -> Result<(), String> {
    secrets::spare(&rooms, &settings);
    rooms.inner().change_settings(settings).await
}

/// Keeps a source's token for the origin of its address in the keyring, or forgets it. Answers
/// whether it will be known after a restart.
#[tauri::command]
pub async fn set_token(
    rooms: Shared<'_>,
    source: SourceId,
    token: Option<String>,
    url: Option<String>,
) -> Result<bool, String> {
    let token = token.map(|token| cleaned(&rooms, &source, &token));
    let token = token.transpose()?;
    let words = rooms.words();
    let known = rooms.settings().source(&source).map(|one| one.url.clone());
    let owner = match (url, known) {
        (Some(url), _) => address::parse(&url).map_err(|error| error.say(&words))?.url,
        (None, Some(known)) => known,
        // A source that is gone has no origin to forget a secret for.
        (None, None) => return Ok(false),
    };
    let owner = Owner::at(&source, &owner);
    let kept = match token {
        Some(token) => rooms.keyring().keep(&owner, &token).await,
        None => forgotten(&rooms, rooms.keyring().forget(&owner).await)?,
    };
    rooms.note_secret();
    rooms.send(Command::TryAgain(source))?;
    Ok(kept == Kept::InKeyring)
}

/// What is forgotten is so after a restart, too, unless the keyring refused.
fn forgotten(rooms: &Rooms, done: Result<(), Waits>) -> Result<Kept, String> {
    done.map(|()| Kept::InKeyring).map_err(|waits| {
        let detail = waits.code().into();
        rooms
            .words()
            .say("error-keyring-keeps", &[("detail", detail)])
    })
}

/// The secret that was meant, where it can be sent. That of a source that is still to come is only
/// freed of line ends: how it signs in is not known yet.
fn cleaned(rooms: &Rooms, source: &SourceId, secret: &str) -> Result<String, String> {
    let known = rooms.settings().source(source).cloned();
    let how = known.map_or_else(
        || SignIn::Basic {
            user: String::new(),
        },
        |source| source.sign_in,
    );
    secret::clean(&how, secret).map_err(|error| error.say(&rooms.words()))
}

/// Keeps the proxy's password in the keyring, or forgets it. Answers whether it will be known
/// after a restart.
#[tauri::command]
pub async fn set_proxy_password(
    rooms: Shared<'_>,
    password: Option<String>,
) -> Result<bool, String> {
    let Some(owner) = Owner::proxy(&rooms.settings()) else {
        return Ok(false);
    };
    let kept = match password {
        Some(password) => rooms.keyring().keep(&owner, &password).await,
        None => forgotten(&rooms, rooms.keyring().forget(&owner).await)?,
    };
    rooms.note_secret();
    rooms.send(Command::TakeNetwork)?;
    Ok(kept == Kept::InKeyring)
}

/// What somebody means by an address, as one that can be asked.
#[tauri::command]
pub fn address(rooms: Shared<'_>, text: String) -> Result<String, String> {
    let address = address::parse(&text).map_err(|error| error.say(&rooms.words()))?;
    Ok(address.url.to_string())
}

/// Finds out what stands at an address; without a secret it asks with the one that is kept for the
/// source, if any.
#[tauri::command]
pub async fn probe(
    rooms: Shared<'_>,
    url: String,
    sign_in: SignIn,
    secret: Option<String>,
    source: Option<SourceId>,
) -> Result<ProbeReport, String> {
    let words = rooms.words();
    let client = rooms.way().client();
    let client = client.ok_or_else(|| words.say("error-no-way", &[]))?;
    let known = source.and_then(|source| rooms.settings().source(&source).cloned());
    let secret = match (secret, &known) {
        (None, Some(known)) => kept_secret(&rooms, known, &url).await?,
        (secret, _) => secret,
    };
    let mut asking = Asking::new(client);
    asking.used = probe::used::network(&rooms.settings().network, &words);
    if let Some(known) = &known {
        asking.take(known);
        asking.headers = sign_in::further_headers(known);
    }
    if let Some(secret) = secret {
        let secret = sign_in::secret(&sign_in, &secret).map_err(|error| error.say(&words))?;
        asking.headers.extend(secret.headers);
        asking.signed_in = true;
    }
    Ok(probe::probe(&url, &asking, &words, &mut |_| {}).await)
}

/// The secret kept for a source, if the address is on the origin that it was given for.
async fn kept_secret(rooms: &Rooms, source: &Source, url: &str) -> Result<Option<String>, String> {
    let there = address::parse(url).is_ok_and(|there| there.url.origin() == source.url.origin());
    if !there {
        return Ok(None);
    }
    let kept = rooms.keyring().secret(&Owner::source(source)).await;
    kept.map_err(|waits| {
        let detail = waits.code().into();
        rooms
            .words()
            .say("error-keyring-waits", &[("detail", detail)])
    })
}

/// What a format would make of events that came; nothing is kept.
#[tauri::command]
pub fn preview(format: Format, samples: Vec<Sample>) -> Preview {
    format::preview(&format, &events(samples))
}

/// The format that a person means who says something of one of the events that came.
#[tauri::command]
pub fn teach(format: Format, samples: Vec<Sample>, which: usize, lesson: Lesson) -> Format {
    format::teach(&format, &events(samples), which, &lesson)
}

fn events(samples: Vec<Sample>) -> Vec<Event> {
    samples.into_iter().map(Event::from).collect()
}

/// What a source's stream has been doing.
#[tauri::command]
pub fn stream_report(rooms: Shared<'_>, source: SourceId) -> Option<StreamReport> {
    let settings = rooms.settings();
    let source = settings.source(&source)?;
    let missed = rooms.news().map_or_else(Vec::new, |news| news.sources);
    let missed = missed.into_iter().find(|view| view.id == source.id);
    let missed = missed.and_then(|view| view.not_understood);
    rooms
        .records()
        .report(source, missed.as_ref(), &rooms.words())
}

/// All that helps to see why something does not work, as text without secrets.
#[tauri::command]
pub async fn diagnosis(rooms: Shared<'_>) -> Result<String, String> {
    let rooms = rooms.inner().clone();
    blocking(move || Ok(report::diagnosis(&rooms))).await
}

/// Writes the inbox to a file in the downloads folder; answers where it is.
#[tauri::command]
pub async fn export_inbox(rooms: Shared<'_>, kind: Export) -> Result<String, String> {
    let rooms = rooms.inner().clone();
    blocking(move || report::export_inbox(&rooms, kind)).await
}

/// Writes the settings to a file in the downloads folder; answers where it is.
#[tauri::command]
pub async fn export_settings(rooms: Shared<'_>) -> Result<String, String> {
    let rooms = rooms.inner().clone();
    blocking(move || report::export_settings(&rooms)).await
}

/// Takes settings from the text of such a file; secrets stay as they are.
#[tauri::command]
pub async fn import_settings(rooms: Shared<'_>, text: String) -> Result<(), String> {
    let settings = report::read_settings(&rooms, &text)?;
    rooms.inner().change_settings(settings).await
}

/// Opens a folder of Belldot's own files in the file manager.
#[tauri::command]
pub async fn open_folder(rooms: Shared<'_>, which: String) -> Result<(), String> {
    let places = rooms.places();
    let path = match which.as_str() {
        "settings" => places.settings(),
        "inbox" => places.inbox(),
        _ => places.logs().join("belldot.log"),
    };
    let folder = path.parent().unwrap_or(&path);
    let folder = folder.display().to_string();
    let (told, answer) = flume::bounded(1);
    opener::open(rooms.app(), folder.clone(), move |opened| {
        let _ = told.try_send(opened);
    });
    let opened = answer.recv_async().await;
    let opened = opened.unwrap_or(Err(NotOpened::Failed));
    opened.map_err(|why| format!("{} {folder}", why.say(&rooms.words())))
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

/// Notes in the log that the page which asks met a fault: what, and where in its code.
#[tauri::command]
pub fn page_fault(window: WebviewWindow, faults: State<'_, PageFaults>, what: String, at: String) {
    faults.log(window.label(), &what, &at);
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
        rooms.places().demo(),
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
        .notifier()
        .ok_or_else(|| words.say("error-quitting", &[]))?;
    let shown = notifier.try_show(&toast).await;
    shown.map_err(|why| why.say(&words))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| error.to_string())?
}
