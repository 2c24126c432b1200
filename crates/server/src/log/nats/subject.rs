//! The subjects of to-dos: user and id as base64url, since a subject takes no spaces, and treats
//! `.`, `*` and `>` as its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::log::entry::TodoEntry;

/// What the stream stores.
pub(super) const STORED: &str = "belldot.todos";

/// Where the servers repeat what they have stored, for whoever listens.
pub(super) const LIVE: &str = "belldot.live";

/// Returns the subject under which the user's to-do `id` is stored.
fn stored(user: &str, id: &str) -> String {
    let (user, id) = (URL_SAFE_NO_PAD.encode(user), URL_SAFE_NO_PAD.encode(id));
    format!("{STORED}.{user}.{id}")
}

/// Returns the subject of an entry.
pub(super) fn of(entry: &TodoEntry) -> String {
    stored(&entry.user, &entry.todo.id)
}

/// Returns the user of a subject, stored or live, and the id of their to-do; `None` if it is no
/// subject of a to-do.
pub(super) fn parse(subject: &str) -> Option<(String, String)> {
    let names = [STORED, LIVE]
        .iter()
        .find_map(|prefix| subject.strip_prefix(prefix)?.strip_prefix('.'))?;
    let (user, id) = names.split_once('.')?;
    let name = |text| String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok();
    Some((name(user)?, name(id)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_name_has_comes_back() {
        for (user, id) in [
            ("ann", "1"),
            ("a.b", "*"),
            ("é 人", ">"),
            ("ann@example.com", "2027-01-01 / 5.3"),
        ] {
            let subject = stored(user, id);
            assert_eq!(subject.split('.').count(), 4, "{subject}");
            assert!(!subject.contains(['*', '>', ' ']), "{subject}");
            assert_eq!(parse(&subject), Some((user.to_owned(), id.to_owned())));
        }
    }

    #[test]
    fn a_live_subject_names_the_same_todo() {
        let live = stored("ann", "1").replace(STORED, LIVE);
        assert_eq!(parse(&live), Some(("ann".to_owned(), "1".to_owned())));
    }

    #[test]
    fn what_is_no_subject_of_a_todo_is_none() {
        for subject in [
            "",
            "belldot.todos",
            "belldot.todos.YQ",
            "belldot.todos.YQ.!",
            "belldot.todos.YQ.YQ.YQ",
            "other.YQ.YQ",
        ] {
            assert_eq!(parse(subject), None, "{subject}");
        }
    }

    #[test]
    fn the_longest_names_make_a_subject_that_servers_take() {
        let name = "x".repeat(crate::fields::MAX_NAME);
        assert!(stored(&name, &name).len() < 1_024);
    }
}
