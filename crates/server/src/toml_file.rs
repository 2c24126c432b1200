//! Files of the administrator that hold secrets, in TOML.

use std::io::ErrorKind;
use std::path::Path;

use serde::de::DeserializeOwned;

/// Reads the text of a file, if it is there. An error says why it cannot be read.
pub(crate) fn read(file: &Path) -> Result<Option<String>, String> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads TOML. An error names the line, and does not quote it as the parser's own would: a secret may
/// stand there.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        format!("line {line}: {}", error.message())
    })
}
