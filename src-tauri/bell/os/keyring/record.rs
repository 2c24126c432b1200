//! Which secrets are in the keyring: a file beside the inbox, with the names of the entries and no
//! secret. A source that has none never has to wait for the keyring.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use belldot_core::private;
use serde::{Deserialize, Serialize};

/// Which entries the keyring has.
#[derive(Debug)]
pub struct KeyringRecord {
    /// Where it is written; nowhere for who only reads.
    file: Option<PathBuf>,
    /// Whether the secrets are this process's to change.
    ours: bool,
    written: Written,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    /// What an earlier version kept was looked for.
    taken_over: bool,
    kept: BTreeSet<String>,
}

impl Default for KeyringRecord {
    /// Nothing is kept, and nothing is written.
    fn default() -> Self {
        Self {
            file: None,
            ours: true,
            written: Written {
                taken_over: true,
                kept: BTreeSet::new(),
            },
        }
    }
}

impl KeyringRecord {
    /// Reads it. Without one, an earlier version may have kept secrets, if it may have run here.
    pub fn load(file: &Path, ours: bool, had_earlier: bool) -> Self {
        let written = match fs::read(file).map(|text| serde_json::from_slice(&text)) {
            Ok(Ok(written)) => written,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Written {
                taken_over: !had_earlier,
                ..Written::default()
            },
            unreadable => {
                tracing::warn!(?unreadable, "which secrets are kept is found out anew");
                Written::default()
            }
        };
        let record = Self {
            file: ours.then(|| file.to_owned()),
            ours,
            written,
        };
        if record.written.taken_over && !file.exists() {
            // The next start is not that of a new installation.
            record.write();
        }
        record
    }

    /// Whether the secrets are this process's to change.
    pub fn is_ours(&self) -> bool {
        self.ours
    }

    /// Whether an earlier version may have kept secrets that were not looked for yet.
    pub fn is_unsure(&self) -> bool {
        !self.written.taken_over
    }

    /// Whether the keyring has this entry, as far as is known.
    pub fn holds(&self, entry: &str) -> bool {
        self.written.kept.contains(entry)
    }

    /// The entries that it has.
    pub fn entries(&self) -> Vec<String> {
        self.written.kept.iter().cloned().collect()
    }

    /// The keyring has this entry.
    pub fn add(&mut self, entry: &str) {
        if self.written.kept.insert(entry.to_owned()) {
            self.write();
        }
    }

    /// The keyring does not have it any more.
    pub fn remove(&mut self, entry: &str) {
        if self.written.kept.remove(entry) {
            self.write();
        }
    }

    /// Everything that an earlier version kept was looked for.
    pub fn note_taken_over(&mut self) {
        if !std::mem::replace(&mut self.written.taken_over, true) {
            self.write();
        }
    }

    fn write(&self) {
        let Some(file) = &self.file else {
            return;
        };
        let text = serde_json::to_vec_pretty(&self.written).map_err(io::Error::from);
        let written = text.and_then(|text| private::replace(file, &text));
        if let Err(error) = written {
            tracing::warn!(%error, "which secrets are kept is not written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_installation_knows_that_nothing_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.json");
        assert!(KeyringRecord::load(&file, true, true).is_unsure());
        assert!(!KeyringRecord::load(&file, true, false).is_unsure());
        assert!(!KeyringRecord::load(&file, true, true).is_unsure());
        fs::write(&file, "{ broken").unwrap();
        assert!(KeyringRecord::load(&file, true, false).is_unsure());
    }

    #[test]
    fn what_is_kept_is_known_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.json");
        let mut record = KeyringRecord::load(&file, true, true);
        record.add("work@https://a.example");
        record.add("home@https://b.example");
        record.remove("home@https://b.example");
        assert!(KeyringRecord::load(&file, true, true).is_unsure());
        record.note_taken_over();
        let read = KeyringRecord::load(&file, false, true);
        assert!(!read.is_unsure());
        assert_eq!(read.entries(), ["work@https://a.example"]);
    }
}
