//! The cookies and caches of companies' pages: a folder for each source and origin, gone with it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use belldot_core::{settings::Settings, source::SourceId};
use url::Url;

use crate::{
    os::paths::AppPaths,
    windows::{host::WindowHost, message::ToWindows},
};

/// Where a page of a source keeps what it keeps.
pub fn folder(paths: &AppPaths, source: &SourceId, page: &Url) -> PathBuf {
    paths.pages().join(&source.0).join(origin_name(page))
}

/// The origin as the name of a folder.
fn origin_name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']).replace([':', '/', '\\'], "_");
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}-{host}-{port}", url.scheme())
}

fn folders(paths: &AppPaths, settings: &Settings) -> HashMap<PathBuf, SourceId> {
    let sources = settings.sources.iter();
    let pages = sources.filter_map(|source| {
        let page = source.page.as_ref()?;
        Some((folder(paths, &source.id, page), source.id.clone()))
    });
    pages.collect()
}

/// Clears what pages kept that were in the settings before and no longer are: those of sources
/// that were removed, or whose page has moved to another origin. Their windows close.
pub fn forget_gone(
    windows: &dyn WindowHost,
    paths: &AppPaths,
    before: &Settings,
    after: &Settings,
) {
    let still = folders(paths, after);
    for (folder, source) in folders(paths, before) {
        if !still.contains_key(&folder) {
            windows.send(ToWindows::Forget { source, folder });
        }
    }
}

/// Clears what pages kept that are not in these settings. Call before there is a window.
pub fn forget_all_but(paths: &AppPaths, settings: &Settings) {
    let (still, pages) = (folders(paths, settings), paths.pages());
    for of_source in entries(&pages) {
        let all: Vec<PathBuf> = entries(&of_source).collect();
        for folder in all.iter().filter(|folder| !still.contains_key(*folder)) {
            remove(folder);
        }
        if all.is_empty() {
            let _ = fs::remove_dir(&of_source);
        }
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Removes the folder of a page, and the source's around it where that was its last.
pub fn remove(folder: &Path) {
    let removed = match fs::symlink_metadata(folder) {
        Ok(there) if there.is_dir() => fs::remove_dir_all(folder),
        Ok(_) => fs::remove_file(folder),
        Err(_) => Ok(()),
    };
    if let Err(error) = removed {
        tracing::warn!(%error, "what a page kept is still there");
    }
    if let Some(of_source) = folder.parent() {
        // One that still has others stays.
        let _ = fs::remove_dir(of_source);
    }
}

#[cfg(test)]
mod tests {
    use belldot_core::source::Source;
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn each_origin_has_a_folder_of_its_own() {
        let of = |url: &str| origin_name(&Url::parse(url).unwrap());
        assert_eq!(of("https://a.example/x"), of("https://a.example:443/y"));
        assert_ne!(of("https://a.example/"), of("http://a.example/"));
        assert_ne!(of("http://127.0.0.1:1/"), of("http://127.0.0.1:2/"));
        assert_eq!(of("http://[::1]:8/"), "http-__1-8");
    }

    #[test]
    fn what_pages_kept_that_are_no_longer_in_the_settings_is_cleared_at_the_start() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().to_str().unwrap();
        let cli = Cli::parse_from(["belldot", "--config-dir", root, "--data-dir", root]);
        let paths = AppPaths::choose(&cli).unwrap();
        let mut source = Source::new(
            SourceId("work".to_owned()),
            "Work",
            url("https://a.example"),
        );
        source.page = Some(url("https://a.example/my"));
        let keep = folder(&paths, &source.id, &url("https://a.example/"));
        let gone = [
            folder(&paths, &source.id, &url("https://old.example/")),
            folder(
                &paths,
                &SourceId("removed".to_owned()),
                &url("https://a.example/"),
            ),
            // Of a Belldot that kept them by host.
            paths.pages().join("a.example").join("storage"),
        ];
        for folder in gone.iter().chain([&keep]) {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("cookies"), "session=ann").unwrap();
        }
        let mut settings = Settings::default();
        settings.sources.push(source);
        forget_all_but(&paths, &settings);
        assert!(keep.join("cookies").exists());
        let left: Vec<_> = entries(&paths.pages()).collect();
        assert_eq!(left, [keep.parent().unwrap()]);
        assert_eq!(entries(&left[0]).collect::<Vec<_>>(), [keep]);
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }
}
