//! How far a webhook is, in a file of its own.

use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The sequence number of the last event that a webhook took.
#[derive(Clone, Debug)]
pub(super) struct CursorFile(PathBuf);

impl CursorFile {
    pub(super) fn new(data: &Path, sender: &str) -> Self {
        // A name of 256 bytes would be too long for a file; what is left of it is still its own.
        let name = utf8_percent_encode(sender, NON_ALPHANUMERIC).to_string();
        let name = if name.len() <= 200 {
            name
        } else {
            uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, sender.as_bytes()).to_string()
        };
        Self(data.join("webhooks").join(name))
    }

    /// Returns what was stored; `None` if nothing ever was.
    pub(super) fn load(&self) -> io::Result<Option<u64>> {
        match std::fs::read_to_string(&self.0) {
            Ok(text) => match text.trim().parse() {
                Ok(seq) => Ok(Some(seq)),
                Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces the file as a whole. After a power cut it may be the one before, so that events
    /// come twice.
    pub(super) fn store(&self, seq: u64) -> io::Result<()> {
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = self.0.with_extension("new");
        std::fs::write(&new, format!("{seq}\n"))?;
        std::fs::rename(&new, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_is_loaded_for_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(256);
        let names = [
            "hr",
            "../hr",
            "a/b",
            "人事",
            "人事部门".repeat(20).as_str(),
            &long,
        ]
        .map(|name| CursorFile::new(folder.path(), name));
        for (seq, cursor) in (1..).zip(&names) {
            assert_eq!(cursor.load().unwrap(), None);
            cursor.store(0).unwrap();
            cursor.store(seq).unwrap();
        }
        for (seq, cursor) in (1..).zip(&names) {
            assert_eq!(cursor.load().unwrap(), Some(seq));
        }
    }
}
