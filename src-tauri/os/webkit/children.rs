//! The processes that WebKit starts for its windows.

use std::{fs, process};

/// A process that this one started.
pub(super) struct Child {
    pub id: i32,
    /// As far as the kernel keeps it: 15 bytes.
    pub name: String,
}

/// Those that run.
pub(super) fn children() -> impl Iterator<Item = Child> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    folders.filter_map(|folder| {
        let id = folder.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(folder.path().join("stat")).ok()?;
        let (name, parent) = name_and_parent(&stat)?;
        (parent == process::id()).then(|| Child {
            id,
            name: name.to_owned(),
        })
    })
}

/// The name of a process, which may hold any character, and the number of its parent; from
/// `/proc/ID/stat`.
fn name_and_parent(stat: &str) -> Option<(&str, u32)> {
    let (head, tail) = stat.rsplit_once(") ")?;
    let (_, name) = head.split_once(" (")?;
    let parent = tail.split(' ').nth(1)?.parse().ok()?;
    Some((name, parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_tells_its_name_and_its_parent() {
        let stat = "6192 (WebKitNetworkPr) S 5528 5508 5508 0 -1 4194560 5719";
        assert_eq!(name_and_parent(stat), Some(("WebKitNetworkPr", 5528)));
    }

    #[test]
    fn a_name_may_look_like_what_follows_it() {
        let stat = "7 (a (b) S 1 ) R 42 7 7";
        assert_eq!(name_and_parent(stat), Some(("a (b) S 1 ", 42)));
    }

    #[test]
    fn what_is_no_process_has_neither() {
        for stat in ["", "7", "7 (a)", "7 (a) S", "7 (a) S x"] {
            assert_eq!(name_and_parent(stat), None, "{stat:?}");
        }
    }
}
