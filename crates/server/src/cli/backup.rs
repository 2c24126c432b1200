//! `belldot-server backup`.

use std::path::PathBuf;

use belldot_server::log::backup;
use clap::Args;

/// What to copy, and where.
#[derive(Args)]
pub(super) struct BackupOptions {
    /// The folder of the to-dos
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The new file
    file: PathBuf,
}

/// Copies, and gives what to print.
pub(super) fn make(options: &BackupOptions) -> Result<String, String> {
    let BackupOptions { data, file } = options;
    let todos = backup(data, file).map_err(|error| format!("no backup was made: {error}."))?;
    Ok(format!("{todos} to-dos are in {}\n", file.display()))
}
