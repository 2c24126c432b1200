//! Files that only the user may read: mode 0600, in folders of 0700. On Windows the folders of a
//! profile are open to its user only, and nothing is done.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// Returns options by which a new file is readable by the user only.
pub fn options() -> OpenOptions {
    #[allow(unused_mut, reason = "where there are no modes")]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only the user may enter, and those above it. One that is there stays as it
/// is.
///
/// # Errors
/// When the system does not make it.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only the user may read, also where it was not before.
///
/// # Errors
/// When the system does not take it.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    narrow(path);
    file.write_all(content)
}

/// Replaces a file by one that only the user may read, or makes it: whole, or after an error or a
/// power cut not at all.
///
/// # Errors
/// When the system does not take it.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Removes everybody else's access to a file or folder. One that is not there, a link, and one of
/// somebody else stay as they are.
pub fn narrow(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let Ok(found) = fs::symlink_metadata(path) else {
            return;
        };
        let mode = found.permissions().mode() & 0o7777;
        if found.is_symlink() || mode & 0o077 == 0 {
            return;
        }
        let narrowed = fs::Permissions::from_mode(mode & 0o700);
        if let Err(error) = fs::set_permissions(path, narrowed) {
            tracing::warn!(%error, path = %path.display(), "others may read this");
        }
    }
    #[cfg(not(unix))]
    let _ = fs::metadata(path);
}
