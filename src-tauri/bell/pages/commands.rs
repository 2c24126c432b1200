//! What Belldot's own pages may ask for, each in a function.

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
    toast::{NotTaken, Toast, ToastId, Urgency},
};
use jiff::Zoned;
use url::Url;

use super::opening::browse;
use crate::{
    demo, diagnostics,
    os::{
        keyring::{KeptIn, KeyringError, SecretOwner},
        opener,
    },
    probe::{self, Asking},
    secrets, sign_in,
    state::AppState,
};

/// The to-dos that a query asks for.
pub async fn list(state: &Arc<AppState>, query: Query) -> Result<Listing, String> {
    let state = state.clone();
    blocking(move || state.read(|reader| reader.list(&query, &Zoned::now()))).await
}

/// Where a to-do stands in the answer to a query, counted from 0.
pub async fn position(
    state: &Arc<AppState>,
    query: Query,
    key: TodoKey,
) -> Result<Option<u32>, String> {
    let state = state.clone();
    blocking(move || state.read(|reader| reader.position(&query, key, &Zoned::now()))).await
}

/// The latest news. A window that asks has just opened: what still holds is said to it again.
pub fn news(state: &AppState) -> Option<News> {
    state.inputs().tell(Command::ShowAll);
    state.news()
}

/// Does what the page asks for.
pub fn act(state: &AppState, action: Action) -> Result<(), String> {
    state.send(action.into())
}

/// Opens a to-do's address in the browser and marks it read.
pub async fn open_todo(state: &Arc<AppState>, key: TodoKey) -> Result<(), String> {
    state.send(Command::MarkRead {
        todos: vec![key],
        read: true,
    })?;
    let inside = state.clone();
    let todo = blocking(move || inside.read(|reader| reader.todo(key, &Zoned::now()))).await?;
    if let Some(url) = todo
        .and_then(|todo| todo.url)
        .and_then(|url| Url::parse(&url).ok())
    {
        browse(state, &url);
    }
    Ok(())
}

/// The settings and what surrounds them.
pub fn settings(state: &AppState) -> SettingsView {
    let settings = state.settings();
    let keyring = state.keyring();
    let sources = settings.sources.iter();
    let signed_in = sources.filter(|source| keyring.has(&SecretOwner::source(source)));
    let signed_in = signed_in.map(|source| source.id.clone()).collect();
    let proxy_signed_in = SecretOwner::proxy(&settings).is_some_and(|owner| keyring.has(&owner));
    SettingsView {
        signed_in,
        language: state.words().tag().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings_path: state.paths().settings().display().to_string(),
        inbox_path: state.paths().inbox().display().to_string(),
        log_path: state.paths().logs().display().to_string(),
        proxy_signed_in,
        locked: state.locked(),
        settings,
    }
}

/// Takes new settings.
pub async fn save_settings(state: &AppState, settings: Settings) -> Result<(), String> {
    secrets::spare(state, &settings);
    state.change_settings(settings).await
}

/// Keeps a source's token for the origin of its address in the keyring, or forgets it. Answers
/// whether it will be known after a restart.
pub async fn set_token(
    state: &AppState,
    source: SourceId,
    token: Option<String>,
    url: Option<String>,
) -> Result<bool, String> {
    let token = token.map(|token| cleaned(state, &source, &token));
    let token = token.transpose()?;
    let words = state.words();
    let known = state.settings().source(&source).map(|one| one.url.clone());
    let owner = match (url, known) {
        (Some(url), _) => address::parse(&url).map_err(|error| error.say(&words))?.url,
        (None, Some(known)) => known,
        // A source that is gone has no origin to forget a secret for.
        (None, None) => return Ok(false),
    };
    let owner = SecretOwner::at(&source, &owner);
    let kept = match token {
        Some(token) => state.keyring().keep(&owner, &token).await,
        None => forgotten(state, state.keyring().forget(&owner).await)?,
    };
    state.note_secret();
    state.send(Command::TryAgain(source))?;
    Ok(kept == KeptIn::InKeyring)
}

/// What is forgotten is so after a restart, too, unless the keyring refused.
fn forgotten(state: &AppState, done: Result<(), KeyringError>) -> Result<KeptIn, String> {
    done.map(|()| KeptIn::InKeyring).map_err(|waits| {
        let detail = waits.code().into();
        state
            .words()
            .text("error-keyring-keeps", &[("detail", detail)])
    })
}

/// The secret that was meant, where it can be sent. That of a source that is still to come is only
/// freed of line ends: how it signs in is not known yet.
fn cleaned(state: &AppState, source: &SourceId, secret: &str) -> Result<String, String> {
    let known = state.settings().source(source).cloned();
    let how = known.map_or_else(
        || SignIn::Basic {
            user: String::new(),
        },
        |source| source.sign_in,
    );
    secret::clean(&how, secret).map_err(|error| error.say(&state.words()))
}

/// Keeps the proxy's password in the keyring, or forgets it. Answers whether it will be known
/// after a restart.
pub async fn set_proxy_password(
    state: &AppState,
    password: Option<String>,
) -> Result<bool, String> {
    let Some(owner) = SecretOwner::proxy(&state.settings()) else {
        return Ok(false);
    };
    let kept = match password {
        Some(password) => state.keyring().keep(&owner, &password).await,
        None => forgotten(state, state.keyring().forget(&owner).await)?,
    };
    state.note_secret();
    state.send(Command::TakeNetwork)?;
    Ok(kept == KeptIn::InKeyring)
}

/// What somebody means by an address, as one that can be asked.
pub fn address(state: &AppState, text: &str) -> Result<String, String> {
    let address = address::parse(text).map_err(|error| error.say(&state.words()))?;
    Ok(address.url.to_string())
}

/// Finds out what stands at an address; without a secret it asks with the one that is kept for the
/// source, if any.
pub async fn probe(
    state: &AppState,
    url: &str,
    sign_in: SignIn,
    secret: Option<String>,
    source: Option<SourceId>,
) -> Result<ProbeReport, String> {
    let words = state.words();
    let client = state.http().client();
    let client = client.ok_or_else(|| words.text("error-no-way", &[]))?;
    let known = source.and_then(|source| state.settings().source(&source).cloned());
    let secret = match (secret, &known) {
        (None, Some(known)) => kept_secret(state, known, url).await?,
        (secret, _) => secret,
    };
    let mut asking = Asking::new(client);
    asking.used = probe::used::network(&state.settings().network, &words);
    if let Some(known) = &known {
        asking.take(known);
        asking.headers = sign_in::further_headers(known);
    }
    if let Some(secret) = secret {
        let secret = sign_in::secret(&sign_in, &secret).map_err(|error| error.say(&words))?;
        asking.headers.extend(secret.headers);
        asking.signed_in = true;
    }
    Ok(probe::probe(url, &asking, &words, &mut |_| {}).await)
}

/// The secret kept for a source, if the address is on the origin that it was given for.
async fn kept_secret(
    state: &AppState,
    source: &Source,
    url: &str,
) -> Result<Option<String>, String> {
    let there = address::parse(url).is_ok_and(|there| there.url.origin() == source.url.origin());
    if !there {
        return Ok(None);
    }
    let kept = state.keyring().secret(&SecretOwner::source(source)).await;
    kept.map_err(|waits| {
        let detail = waits.code().into();
        state
            .words()
            .text("error-keyring-waits", &[("detail", detail)])
    })
}

/// What a format would make of events that came; nothing is kept.
pub fn preview(format: &Format, samples: Vec<Sample>) -> Preview {
    format::preview(format, &events(samples))
}

/// The format that a person means who says something of one of the events that came.
pub fn teach(format: &Format, samples: Vec<Sample>, which: usize, lesson: &Lesson) -> Format {
    format::teach(format, &events(samples), which, lesson)
}

fn events(samples: Vec<Sample>) -> Vec<Event> {
    samples.into_iter().map(Event::from).collect()
}

/// What a source's stream has been doing.
pub fn stream_report(state: &AppState, source: &SourceId) -> Option<StreamReport> {
    let settings = state.settings();
    let source = settings.source(source)?;
    let missed = state.news().map_or_else(Vec::new, |news| news.sources);
    let missed = missed.into_iter().find(|view| view.id == source.id);
    let missed = missed.and_then(|view| view.not_understood);
    state
        .histories()
        .report(source, missed.as_ref(), &state.words())
}

/// All that helps to see why something does not work, as text without secrets.
pub async fn diagnosis(state: &Arc<AppState>) -> Result<String, String> {
    let state = state.clone();
    blocking(move || Ok(diagnostics::diagnosis(&state))).await
}

/// Writes the inbox to a file in the downloads folder; answers where it is.
pub async fn export_inbox(state: &Arc<AppState>, kind: Export) -> Result<String, String> {
    let state = state.clone();
    blocking(move || diagnostics::export_inbox(&state, kind)).await
}

/// Writes the settings to a file in the downloads folder; answers where it is.
pub async fn export_settings(state: &Arc<AppState>) -> Result<String, String> {
    let state = state.clone();
    blocking(move || diagnostics::export_settings(&state)).await
}

/// Takes settings from the text of such a file; secrets stay as they are.
pub async fn import_settings(state: &AppState, text: &str) -> Result<(), String> {
    let settings = diagnostics::read_settings(state, text)?;
    state.change_settings(settings).await
}

/// Opens a folder of Belldot's own files in the file manager.
pub async fn open_folder(state: &AppState, which: &str) -> Result<(), String> {
    let paths = state.paths();
    let path = match which {
        "settings" => paths.settings(),
        "inbox" => paths.inbox(),
        _ => paths.logs().join("belldot.log"),
    };
    let folder = path.parent().unwrap_or(&path);
    let folder = folder.display().to_string();
    let (told, answer) = flume::bounded(1);
    opener::open(folder.clone(), move |opened| {
        let _ = told.try_send(opened);
    });
    let opened = answer.recv_async().await;
    let opened = opened.unwrap_or(Err(NotOpened::Failed));
    opened.map_err(|why| format!("{} {folder}", why.say(&state.words())))
}

/// Opens the settings window.
pub fn open_settings(state: &AppState) -> Result<(), String> {
    state.send(Command::OpenSettings)
}

/// Opens the to-dos.
pub fn open_todos(state: &AppState) -> Result<(), String> {
    state.send(Command::OpenPage)
}

/// Starts the embedded server and adds it as a source.
pub async fn start_demo(state: &AppState) -> Result<(), String> {
    let url = demo::start(
        state.paths().demo(),
        ([127, 0, 0, 1], 0).into(),
        state.words(),
    )
    .await?;
    let mut settings = state.settings();
    demo::add_source(&mut settings, url, &state.words());
    state.change_settings(settings).await
}

/// Shows a toast, to see whether the desktop takes it.
pub async fn test_toast(state: &AppState) -> Result<(), String> {
    let words = state.words();
    let toast = Toast {
        id: ToastId::Notice("test".to_owned()),
        title: words.text("toast-test-title", &[]),
        body: words.text("toast-test-body", &[]),
        urgency: Urgency::Normal,
        sound: state.settings().notifications.sounds.of(Urgency::Normal),
        click: Command::OpenPage,
        actions: Vec::new(),
    };
    let notifier = state
        .notifier()
        .ok_or_else(|| words.text("error-quitting", &[]))?;
    let (reply, shown) = flume::bounded(1);
    notifier.try_show(&toast, reply);
    let shown = shown.recv_async().await;
    let shown = shown.unwrap_or_else(|_| Err(NotTaken::Refused("no session bus".to_owned())));
    shown.map_err(|why| why.say(&words))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| error.to_string())?
}
