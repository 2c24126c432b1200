//! Every error as a sentence for the user: what is wrong, and what to do.

use std::path::Path;

use crate::{
    address::AddressError,
    i18n::localizer::Localizer,
    inbox::InboxError,
    input::{NotOpened, NotTaken},
    policy::{Policy, PolicyError},
    secret::SecretError,
    settings::{SettingsError, ValidationError},
};

impl AddressError {
    /// Returns the sentence for the user: what is wrong, and what an address looks like.
    pub fn say(&self, words: &Localizer) -> String {
        match self {
            Self::Empty => words.text("address-empty", &[]),
            Self::Scheme(scheme) => {
                words.text("address-scheme", &[("scheme", scheme.as_str().into())])
            }
            Self::NotAnAddress => words.text("address-not-one", &[]),
        }
    }
}

impl SecretError {
    /// Returns the sentence for the user.
    pub fn say(&self, words: &Localizer) -> String {
        match self {
            Self::Empty => words.text("secret-empty", &[]),
            Self::Character { at } => words.text("secret-character", &[("at", (*at).into())]),
        }
    }
}

impl SettingsError {
    /// Returns the sentence for the user: what is wrong, where, and what to do.
    pub fn say(&self, words: &Localizer) -> String {
        self.say_as("error-settings-invalid", words)
    }

    /// Returns the sentence for the user about a file that was to be imported; nothing came of it.
    pub fn say_of_import(&self, words: &Localizer) -> String {
        self.say_as("error-import-invalid", words)
    }

    /// Returns the sentence for the user, with this message for what is wrong in a file.
    pub(crate) fn say_as(&self, invalid: &str, words: &Localizer) -> String {
        let invalid = |path: &str, line: usize, detail: String| {
            // The message brings its own full stop.
            let detail = detail.trim_end_matches(['.', '。']);
            words.text(
                invalid,
                &[
                    ("path", path.into()),
                    ("line", line.into()),
                    ("detail", detail.into()),
                ],
            )
        };
        match self {
            Self::File { path, source } => words.text(
                "error-settings-file",
                &[
                    ("path", path.as_str().into()),
                    ("detail", source.to_string().into()),
                ],
            ),
            Self::NotAFile { path } => words.text(
                "error-settings-not-a-file",
                &[("path", path.as_str().into())],
            ),
            Self::Locked => words.text("error-settings-locked", &[]),
            Self::Invalid {
                path,
                line,
                message,
            } => invalid(path, *line, message.clone()),
            Self::ValidationInFile { path, line, error } => invalid(path, *line, error.say(words)),
            Self::Validation(error) => error.say(words),
            Self::Network(detail) => words.text(
                "error-settings-network",
                &[("detail", detail.as_str().into())],
            ),
        }
    }
}

impl ValidationError {
    /// Returns the sentence for the user.
    pub fn say(&self, words: &Localizer) -> String {
        match self {
            Self::NoName { id } => {
                words.text("error-settings-no-name", &[("id", id.as_str().into())])
            }
            Self::NotAnId { id } => {
                words.text("error-settings-not-an-id", &[("id", id.as_str().into())])
            }
            Self::SameId { id } => {
                words.text("error-settings-same-id", &[("id", id.as_str().into())])
            }
            Self::NotAPointer {
                source_name,
                pointer,
            } => words.text(
                "error-settings-not-a-pointer",
                &[
                    ("source", source_name.as_str().into()),
                    ("pointer", pointer.as_str().into()),
                ],
            ),
            Self::SkipsAll { source_name } => words.text(
                "error-settings-skips-all",
                &[("source", source_name.as_str().into())],
            ),
            Self::NotAHeader { source_name, name } => words.text(
                "error-settings-not-a-header",
                &[
                    ("source", source_name.as_str().into()),
                    ("name", name.as_str().into()),
                ],
            ),
            Self::OwnHeader { source_name, name } => words.text(
                "error-settings-own-header",
                &[
                    ("source", source_name.as_str().into()),
                    ("name", name.as_str().into()),
                ],
            ),
            Self::NotAUser { source_name } => words.text(
                "error-settings-not-a-user",
                &[("source", source_name.as_str().into())],
            ),
            Self::NotAZone { source_name, zone } => words.text(
                "error-settings-not-a-zone",
                &[
                    ("source", source_name.as_str().into()),
                    ("zone", zone.as_str().into()),
                ],
            ),
            Self::NotAProxy { url } => words.text(
                "error-settings-not-a-proxy",
                &[("url", url.as_str().into())],
            ),
            Self::NeverQuiet => words.text("error-settings-never-quiet", &[]),
            Self::NotAnOrigin { source_name, url } => words.text(
                "error-settings-not-an-origin",
                &[
                    ("source", source_name.as_str().into()),
                    ("url", url.as_str().into()),
                ],
            ),
            Self::NotHttp { name, url } => words.text(
                "error-settings-not-http",
                &[
                    ("source", name.as_str().into()),
                    ("url", url.as_str().into()),
                ],
            ),
        }
    }
}

impl Policy {
    /// Returns what is to be said about the file, in sentences for the user: why it cannot be used,
    /// or which keys were skipped.
    pub fn remarks(&self, words: &Localizer) -> Vec<String> {
        let broken = self.error().into_iter().map(|error| error.say(words));
        let unknown = self.unknown_keys().iter().map(|unknown| {
            let (path, key) = (unknown.path.as_str(), unknown.key.as_str());
            let line = unknown.line;
            words.text(
                "error-policy-unknown-key",
                &[
                    ("path", path.into()),
                    ("line", line.into()),
                    ("key", key.into()),
                ],
            )
        });
        broken.chain(unknown).collect()
    }
}

impl PolicyError {
    /// Returns the sentence for the user: what is wrong, what follows, and whom to tell.
    pub fn say(&self, words: &Localizer) -> String {
        let about = |key: &str, path: &str| words.text(key, &[("path", path.into())]);
        match self {
            Self::File { path, source } => words.text(
                "error-policy-file",
                &[
                    ("path", path.as_str().into()),
                    ("detail", source.to_string().into()),
                ],
            ),
            Self::NotAFile { path } => about("error-policy-not-a-file", path),
            Self::Writable { path } => about("error-policy-writable", path),
            Self::Invalid(error) => error.say_as("error-policy-invalid", words),
        }
    }
}

impl InboxError {
    /// Returns the sentence for the user: what is wrong and what to do.
    pub fn say(&self, words: &Localizer) -> String {
        let shown = |path: &Path| path.display().to_string();
        match self {
            Self::InUse { path } => {
                words.text("error-inbox-in-use", &[("path", shown(path).into())])
            }
            Self::Newer { path, found, known } => words.text(
                "error-inbox-newer",
                &[
                    ("path", shown(path).into()),
                    ("found", (*found).into()),
                    ("known", (*known).into()),
                ],
            ),
            Self::Full => words.text("error-inbox-full", &[]),
            Self::Corrupt(_) => words.text("error-inbox-corrupt", &[]),
            Self::File { .. } | Self::Sqlite(_) => words.text(
                "error-inbox-unusable",
                &[("detail", self.to_string().into())],
            ),
        }
    }
}

impl NotTaken {
    /// Returns the sentence for the user.
    pub fn say(&self, words: &Localizer) -> String {
        match self {
            Self::Silent => words.text("notice-notifier-silent", &[]),
            Self::Refused(detail) => {
                words.text("notice-no-notifier", &[("detail", detail.as_str().into())])
            }
        }
    }
}

impl NotOpened {
    /// Returns the sentence for the user, which does not say what was to be opened.
    pub fn say(self, words: &Localizer) -> String {
        words.text("notice-not-opened", &[("why", self.code().into())])
    }
}
