//! Whether a file can be trusted as an administrator's.

use std::{fs, io, path::Path};

use crate::{
    policy::error::PolicyError,
    regular_file::{ReadError, read_regular},
};

/// Returns the text of a policy; `None` where there is none.
///
/// # Errors
/// When it cannot be read, is no regular file, or may be changed by others.
pub(super) fn read(path: &Path) -> Result<Option<String>, PolicyError> {
    let shown = || path.display().to_string();
    let text = match read_regular(path) {
        Ok(text) => text,
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(ReadError::Io(source)) => {
            return Err(PolicyError::File {
                path: shown(),
                source,
            });
        }
        Err(ReadError::NotRegular) => return Err(PolicyError::NotAFile { path: shown() }),
    };
    match may_be_changed_by_others(path) {
        Ok(false) => Ok(Some(text)),
        Ok(true) => Err(PolicyError::Writable { path: shown() }),
        Err(source) => Err(PolicyError::File {
            path: shown(),
            source,
        }),
    }
}

/// Returns whether others than an administrator, or whoever owns the folder, may write the file or
/// put another one in its place.
#[cfg(unix)]
fn may_be_changed_by_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    const GROUP_WRITES: u32 = 0o020;
    const OTHERS_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let open = |metadata: &fs::Metadata| {
        let group = metadata.mode() & GROUP_WRITES != 0 && metadata.gid() != 0;
        group || metadata.mode() & OTHERS_WRITE != 0
    };
    let path = fs::canonicalize(path)?;
    let folder = fs::metadata(path.parent().unwrap_or(&path))?;
    // In a sticky folder nobody replaces what is another's.
    let replaced = open(&folder) && folder.mode() & STICKY == 0;
    let file = fs::metadata(&path)?;
    let foreign = file.uid() != 0 && file.uid() != folder.uid();
    Ok(replaced || foreign || open(&file))
}

/// Returns `false`: the folder's access list is inherited from `%ProgramData%`, where only
/// administrators change what others made.
#[cfg(not(unix))]
fn may_be_changed_by_others(path: &Path) -> io::Result<bool> {
    fs::metadata(path).map(|_| false)
}
