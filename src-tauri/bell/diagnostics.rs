//! What a person can take along: the diagnosis, the inbox, the settings.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use belldot_core::{
    i18n::Localizer,
    inbox::{Export, ExportError},
    private,
    settings::Settings,
};
use directories::UserDirs;
use jiff::{Timestamp, Zoned};

use crate::{state::AppState, stream_history::redacted};

/// All that helps to see why something does not work: no secrets, no to-dos.
pub fn diagnosis(state: &AppState) -> String {
    let words = state.words();
    let settings = state.settings();
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        let said = words.text(key, &[("value", value.into())]);
        let _ = writeln!(text, "{said}");
    };
    line("report-version", env!("CARGO_PKG_VERSION").to_owned());
    line("report-time", Timestamp::now().to_string());
    line("report-system", system());
    line("report-desktop", desktop());
    line("report-webview", state.webview().unwrap_or("-").to_owned());
    for (key, path) in [
        ("report-settings", state.paths().settings()),
        ("report-inbox", state.paths().inbox()),
        ("report-logs", state.paths().logs()),
    ] {
        let size = fs::metadata(&path).map_or(0, |file| file.len());
        line(key, format!("{} ({size} B)", path.display()));
    }
    line("report-notifications", notifications(state, &words));
    let news = state.news();
    if let Some(news) = &news {
        line("report-unread", news.unread.to_string());
    }
    for source in &settings.sources {
        let view = news
            .iter()
            .flat_map(|news| &news.sources)
            .find(|view| view.id == source.id);
        let said = view.map(|view| view.words.clone()).unwrap_or_default();
        let missed = view.and_then(|view| view.not_understood.as_ref());
        let _ = write!(
            text,
            "\n{}  {}\n{}",
            source.name,
            said,
            match state.histories().report(source, missed, &words) {
                Some(report) => report.text,
                None => format!("{}\n", redacted(&source.url)),
            }
        );
    }
    text
}

/// How it stands with notifications.
fn notifications(state: &AppState, words: &Localizer) -> String {
    let latest = state.notifier().and_then(|notifier| notifier.latest());
    match latest {
        None => words.text("report-notifications-untried", &[]),
        Some(Ok(())) => words.text("report-notifications-taken", &[]),
        Some(Err(why)) => format!("{}: {}", why.code(), why.say(words)),
    }
}

/// Writes every to-do to a new file in the downloads folder; answers where it is.
///
/// # Errors
/// When the inbox cannot be read or the file not be written; in a sentence.
pub fn export_inbox(state: &AppState, kind: Export) -> Result<String, String> {
    let ending = match kind {
        Export::Json => "json",
        Export::Calendar => "ics",
    };
    let words = state.words();
    let (path, file) = new_file(state, &format!("belldot-inbox-{}", today()), ending)
        .map_err(|(path, error)| not_written(&words, &path, &error.to_string()))?;
    let written = state.read(|reader| {
        let mut out = BufWriter::new(&file);
        let written = reader
            .export(kind, &mut out, Timestamp::now())
            .and_then(|_| out.flush().map_err(ExportError::from));
        Ok(written.map_err(|error| error.to_string()))
    })?;
    match written {
        Ok(()) => Ok(path.display().to_string()),
        Err(error) => {
            // Half an inbox is none.
            let _ = fs::remove_file(&path);
            Err(not_written(&words, &path, &error))
        }
    }
}

/// Writes the settings, which hold no secrets, to a new file in the downloads folder; answers
/// where it is.
///
/// # Errors
/// When the file cannot be written; in a sentence.
pub fn export_settings(state: &AppState) -> Result<String, String> {
    let words = state.words();
    let text = state
        .settings()
        .to_toml()
        .map_err(|error| not_written(&words, &state.paths().settings(), &error.to_string()))?;
    let (path, mut file) = new_file(state, &format!("belldot-settings-{}", today()), "toml")
        .map_err(|(path, error)| not_written(&words, &path, &error.to_string()))?;
    file.write_all(text.as_bytes())
        .map_err(|error| not_written(&words, &path, &error.to_string()))?;
    Ok(path.display().to_string())
}

/// Settings from the text of such a file.
///
/// # Errors
/// What is wrong, and where; in a sentence.
pub fn read_settings(state: &AppState, text: &str) -> Result<Settings, String> {
    let words = state.words();
    let name = words.text("report-imported-file", &[]);
    Settings::from_toml(text, Path::new(&name)).map_err(|error| error.say_of_import(&words))
}

/// A file that was not there before.
fn new_file(
    state: &AppState,
    name: &str,
    ending: &str,
) -> Result<(PathBuf, File), (PathBuf, io::Error)> {
    let downloads = UserDirs::new().and_then(|dirs| dirs.download_dir().map(Path::to_owned));
    let folder = downloads
        .filter(|folder| folder.is_dir())
        .unwrap_or_else(|| state.paths().data().to_owned());
    let mut path = folder.join(format!("{name}.{ending}"));
    for at in 2.. {
        match private::options().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                path = folder.join(format!("{name}-{at}.{ending}"));
            }
            Err(error) => return Err((path, error)),
        }
    }
    Err((path, io::ErrorKind::AlreadyExists.into()))
}

fn not_written(words: &Localizer, path: &Path, detail: &str) -> String {
    words.text(
        "error-settings-file",
        &[
            ("path", path.display().to_string().into()),
            ("detail", detail.into()),
        ],
    )
}

fn today() -> String {
    Zoned::now().strftime("%Y-%m-%d").to_string()
}

/// The system's own name for itself, where it has one.
fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map(|name| name.trim_matches('"'))
        .unwrap_or(std::env::consts::OS);
    format!("{name}, {}", std::env::consts::ARCH)
}

fn desktop() -> String {
    ["XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .collect::<Vec<_>>()
        .join(", ")
}
