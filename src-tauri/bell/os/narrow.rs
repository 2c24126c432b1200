//! Belldot's files are the user's only: what an older version left open to others is closed at the
//! start. On Windows a profile is closed already.

use std::{
    fs,
    path::{Path, PathBuf},
};

use belldot_core::private;

use crate::os::paths::AppPaths;

/// How the names of Belldot's own files and folders begin: databases with their journals, what was
/// kept aside, logs.
const OWN: [&str; 11] = [
    "settings.toml",
    "secrets.json",
    "inbox.db",
    "belldot.",
    "windows.",
    "ahead.",
    "logs",
    "server",
    "pages",
    "demo",
    ".tmp",
];

/// Narrows what is Belldot's own: its files, and its folders, but no folder in which there is
/// anything else.
pub fn narrow(paths: &AppPaths) {
    for folder in paths.folders() {
        let entries = entries(&folder);
        let (own, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| is_own(path));
        if others.is_empty() || paths.is_usual(&folder) {
            private::narrow(&folder);
        }
        own.iter().for_each(|path| private::narrow(path));
    }
    for folder in [paths.logs(), paths.demo()] {
        entries(&folder)
            .iter()
            .for_each(|path| private::narrow(path));
    }
}

fn is_own(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| OWN.iter().any(|own| name.starts_with(own)))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn open_to_all(path: &Path) {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn paths(folder: &Path) -> AppPaths {
        let folder = folder.to_str().unwrap();
        let cli = ["belldot", "--config-dir", folder, "--data-dir", folder];
        AppPaths::choose(&Cli::parse_from(cli)).unwrap()
    }

    #[test]
    fn what_an_older_version_left_open_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::create_dir(folder.join("logs")).unwrap();
        let files = [
            "settings.toml",
            "settings.toml.edited-2026-11-22-100000",
            "secrets.json",
            "inbox.db",
            "inbox.db-wal",
            "inbox.db-shm",
            "inbox.db.lock",
            "inbox.db.corrupt-2026-11-22-100000",
            "belldot.lock",
            "windows.json",
            "windows.company.json",
            "ahead.json",
            "logs/belldot.log",
            "logs/panic-20261122T100000Z.txt",
        ];
        for file in files {
            fs::write(folder.join(file), "").unwrap();
            open_to_all(&folder.join(file));
        }
        open_to_all(&folder.join("logs"));
        open_to_all(folder);
        narrow(&paths(folder));
        for file in files {
            assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
        }
        assert_eq!(mode(&folder.join("logs")), 0o700);
        assert_eq!(mode(folder), 0o700);
    }

    #[test]
    fn a_folder_with_other_things_in_it_and_these_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for file in ["settings.toml", "of-another-program.conf"] {
            fs::write(folder.join(file), "").unwrap();
            open_to_all(&folder.join(file));
        }
        open_to_all(folder);
        narrow(&paths(folder));
        assert_eq!(mode(&folder.join("settings.toml")), 0o600);
        assert_eq!(mode(&folder.join("of-another-program.conf")), 0o644);
        assert_eq!(mode(folder), 0o755);
    }

    #[test]
    fn a_link_to_settings_that_stand_elsewhere_leaves_them_as_they_are() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let real = elsewhere.path().join("dotfiles.toml");
        fs::write(&real, "").unwrap();
        open_to_all(&real);
        std::os::unix::fs::symlink(&real, folder.path().join("settings.toml")).unwrap();
        narrow(&paths(folder.path()));
        assert_eq!(mode(&real), 0o644);
    }

    #[test]
    fn a_folder_that_belldot_makes_is_closed_from_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("a").join("b");
        paths(&new);
        assert_eq!(mode(&new), 0o700);
    }
}
