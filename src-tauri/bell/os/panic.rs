//! Mistakes of the program itself: described in a file, and told at the next start.

use std::{
    backtrace::Backtrace,
    fs,
    io::Write as _,
    panic,
    path::{Path, PathBuf},
};

use belldot_core::private;
use jiff::Timestamp;

/// So many descriptions are kept.
const KEPT: usize = 5;
/// What nobody was told of yet ends like this, …
const NEW: &str = ".new.txt";
/// … and like this afterwards.
const TOLD: &str = ".txt";

/// From now on a panic of any thread is described in this folder, with a backtrace, and ends the
/// process: a Belldot of which a part is dead would no longer be honest.
pub fn describe_in(folder: PathBuf) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let text = format!(
            "belldot {}\n{}\nthread {}\n{info}\n\n{}\n",
            env!("CARGO_PKG_VERSION"),
            Timestamp::now(),
            thread.name().unwrap_or("?"),
            Backtrace::force_capture(),
        );
        let name = format!("panic-{}{NEW}", Timestamp::now().strftime("%Y%m%dT%H%M%SZ"));
        let written = private::make_folder(&folder)
            .and_then(|()| private::write(&folder.join(name), text.as_bytes()));
        tracing::error!(%info, thread = thread.name(), "Belldot made a mistake");
        if written.is_err() {
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
        usual(info);
        std::process::abort();
    }));
}

/// In debug builds, `BELLDOT_PANIC` makes a mistake happen soon after the start, so that tests
/// see what becomes of it.
pub fn on_request() {
    #[cfg(debug_assertions)]
    if std::env::var_os("BELLDOT_PANIC").is_some() {
        #[allow(clippy::panic, reason = "what it is for")]
        std::thread::spawn(|| panic!("as BELLDOT_PANIC asked"));
    }
}

/// The description of a panic that nobody was told of yet; it counts as told from now on.
pub fn left_behind(folder: &Path) -> Option<PathBuf> {
    let mut known: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("panic-") && name.ends_with(TOLD))
        })
        .collect();
    // Their names begin with the time.
    known.sort();
    let mut latest = None;
    for path in &mut known {
        let name = path.to_string_lossy().into_owned();
        if let Some(bare) = name.strip_suffix(NEW) {
            let told = PathBuf::from(format!("{bare}{TOLD}"));
            if fs::rename(&path, &told).is_ok() {
                *path = told;
            }
            latest = Some(path.clone());
        }
    }
    for old in known.iter().rev().skip(KEPT) {
        let _ = fs::remove_file(old);
    }
    latest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_told_once_and_only_the_latest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for day in 1..=7 {
            let name = format!("panic-2026010{day}T000000Z.new.txt");
            fs::write(folder.path().join(name), "what happened").unwrap();
        }
        fs::write(folder.path().join("belldot.2026-01-01.log"), "").unwrap();
        let told = left_behind(folder.path()).unwrap();
        assert_eq!(told, folder.path().join("panic-20260107T000000Z.txt"));
        assert_eq!(fs::read_to_string(told).unwrap(), "what happened");
        assert_eq!(left_behind(folder.path()), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), KEPT + 1);
    }
}
