//! `settings.toml` on the disk.

use std::{
    fs,
    io::{
        self,
        ErrorKind::{InvalidData, NotFound},
    },
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use toml_edit::{Document, Item};

use crate::{
    private,
    regular_file::{ReadError, read_regular},
    settings::{error::SettingsError, merge, schema::Settings, validate::KeyPath},
};

/// The file that keeps the settings. Comments that the user wrote in it survive.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// Its text when it was last read or written; empty where there was no file.
    known: String,
    /// Its present content cannot be used; it is kept aside before it is overwritten.
    wrong: bool,
}

impl SettingsFile {
    /// Reads the settings. A file that is not there gives the defaults; so does a wrong one,
    /// together with the error that names its line, and the file stays untouched.
    pub fn load(path: impl Into<PathBuf>) -> (Self, Settings, Option<SettingsError>) {
        let mut file = Self {
            path: path.into(),
            known: String::new(),
            wrong: false,
        };
        match file.read_anew() {
            Ok(settings) => (file, settings, None),
            Err(error) => (file, Settings::default(), Some(error)),
        }
    }

    /// Returns what the file says now, if somebody else has changed it since it was last read or
    /// written. One that is gone was not changed: the settings are still what they were.
    pub fn changed(&mut self) -> Option<Result<Settings, SettingsError>> {
        match read_regular(&self.path) {
            Ok(text) if text == self.known => None,
            Err(ReadError::Io(error)) if error.kind() == NotFound => None,
            _ => Some(self.read_anew()),
        }
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes these settings. After a crash at any point the file is the old or the new one, whole.
    /// A file that could not be used is first kept aside as `settings.toml.wrong-<date>`.
    ///
    /// # Errors
    /// When the settings are not valid, or the file cannot be written; it then stays as it was.
    pub fn save(&mut self, settings: &Settings) -> Result<(), SettingsError> {
        settings.check()?;
        // A link into somebody's collection of dotfiles stays one.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        if self.wrong {
            keep_aside(&path, "wrong").map_err(|error| file_error(&path, error))?;
            self.wrong = false;
        }
        let old = match fs::read_to_string(&path) {
            Ok(old) => old,
            // There is nothing whose comments could be kept, or it is kept aside.
            Err(error) if matches!(error.kind(), NotFound | InvalidData) => String::new(),
            Err(error) => return Err(file_error(&path, error)),
        };
        let text = merge::with_comments_of(&old, settings)
            .map_err(|error| file_error(&path, io::Error::other(error)))?;
        private::replace(&path, text.as_bytes()).map_err(|error| file_error(&path, error))?;
        self.known = text;
        Ok(())
    }

    /// Notes that the file's present content is not in effect: the next save keeps it aside.
    pub(crate) fn distrust(&mut self) {
        self.wrong = true;
    }

    /// Keeps a copy of the file as `settings.toml.edited-<date>`, and returns its path.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn keep_edited(&self) -> Result<PathBuf, SettingsError> {
        keep_aside(&self.path, "edited").map_err(|error| file_error(&self.path, error))
    }

    fn read_anew(&mut self) -> Result<Settings, SettingsError> {
        self.wrong = true;
        self.known = match read_regular(&self.path) {
            Ok(text) => text,
            Err(ReadError::Io(error)) if error.kind() == NotFound => String::new(),
            Err(ReadError::Io(error)) => return Err(file_error(&self.path, error)),
            Err(ReadError::NotRegular) => {
                let path = self.path.display().to_string();
                return Err(SettingsError::NotAFile { path });
            }
        };
        let settings = parse(&self.known, &self.path)?;
        self.wrong = false;
        Ok(settings)
    }
}

impl Settings {
    /// Reads settings from the text of a file, whose path is for the error alone.
    ///
    /// # Errors
    /// When the text is no TOML, or the settings in it are not valid; with the line.
    pub fn from_toml(text: &str, path: &Path) -> Result<Self, SettingsError> {
        parse(text, path)
    }
}

fn parse(text: &str, path: &Path) -> Result<Settings, SettingsError> {
    let (settings, unknown): (Settings, _) = read_known(text, path)?;
    if let Some(unknown) = unknown.first() {
        return Err(SettingsError::Invalid {
            path: path.display().to_string(),
            line: unknown.line,
            message: format!("unknown field `{}`", unknown.key()),
        });
    }
    check(&settings, text, path)?;
    Ok(settings)
}

/// Reads whatever a file of this kind says.
pub(crate) fn read_text<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, SettingsError> {
    read_known(text, path).map(|(read, _)| read)
}

/// A key that nothing was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// The tables, and places in arrays, that lead to it, and itself.
    pub path: Vec<String>,
    /// Counted from 1.
    pub line: usize,
}

impl Unknown {
    fn key(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// Reads a file of this kind, and returns the keys that nothing was read from.
pub(crate) fn read_known<T: DeserializeOwned>(
    text: &str,
    path: &Path,
) -> Result<(T, Vec<Unknown>), SettingsError> {
    let invalid = |error: toml::de::Error| SettingsError::Invalid {
        path: path.display().to_string(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        message: error.message().trim().to_owned(),
    };
    let mut places = Vec::new();
    let deserializer = toml::Deserializer::parse(text).map_err(invalid)?;
    let read = serde_ignored::deserialize(deserializer, |place| {
        let mut parts = Vec::new();
        collect_parts(&place, &mut parts);
        places.push(parts);
    })
    .map_err(invalid)?;
    let unknown = places.into_iter().map(|path| Unknown {
        line: line_of_place(text, &path),
        path,
    });
    Ok((read, unknown.collect()))
}

fn collect_parts(place: &serde_ignored::Path<'_>, parts: &mut Vec<String>) {
    use serde_ignored::Path;
    match place {
        Path::Root => {}
        Path::Seq { parent, index } => {
            collect_parts(parent, parts);
            parts.push(index.to_string());
        }
        Path::Map { parent, key } => {
            collect_parts(parent, parts);
            parts.push(key.clone());
        }
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => collect_parts(parent, parts),
    }
}

/// Checks settings that this text says.
pub(crate) fn check(settings: &Settings, text: &str, path: &Path) -> Result<(), SettingsError> {
    match settings.first_error() {
        None => Ok(()),
        Some((place, error)) => Err(SettingsError::ValidationInFile {
            path: path.display().to_string(),
            line: line_of_place(text, &place),
            error,
        }),
    }
}

/// Returns the line on which the value at this path begins, or the nearest around it.
fn line_of_place(text: &str, place: &KeyPath) -> usize {
    let Ok(document) = Document::parse(text) else {
        return 1;
    };
    let mut item = Some(document.as_item());
    let mut start = 0;
    for part in place {
        item = item.and_then(|item| match part.parse::<usize>() {
            Ok(at) => item.get(at),
            Err(_) => item.get(part),
        });
        let span = item.and_then(Item::span);
        start = span.map_or(start, |span| span.start);
    }
    line_of(text, start)
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn keep_aside(path: &Path, why: &str) -> io::Result<PathBuf> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(
        ".{why}-{}",
        Timestamp::now().strftime("%Y-%m-%d-%H%M%S")
    ));
    match fs::copy(path, &aside) {
        Err(error) if error.kind() != NotFound => Err(error),
        _ => {
            let aside = PathBuf::from(aside);
            private::narrow(&aside);
            Ok(aside)
        }
    }
}

fn file_error(path: &Path, source: io::Error) -> SettingsError {
    SettingsError::File {
        path: path.display().to_string(),
        source,
    }
}
