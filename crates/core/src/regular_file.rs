//! Reading a file that a person or an administrator wrote, and nothing else.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

/// The most that is read of such a file, in bytes.
const MOST: u64 = 4 << 20;

/// Why a file was not read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The system's error.
    Io(io::Error),
    /// A pipe, a device or a folder: reading it could wait for ever, or never end.
    NotRegular,
}

/// Returns the text of a regular file.
pub(crate) fn read_regular(path: &Path) -> Result<String, ReadError> {
    // Asked before it is opened: opening a pipe waits for somebody to write.
    let metadata = fs::metadata(path).map_err(ReadError::Io)?;
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    let mut text = String::new();
    let file = fs::File::open(path).map_err(ReadError::Io)?;
    let read = file.take(MOST + 1).read_to_string(&mut text);
    match read.map_err(ReadError::Io)? as u64 {
        length if length > MOST => Err(ReadError::Io(io::ErrorKind::FileTooLarge.into())),
        _ => Ok(text),
    }
}
