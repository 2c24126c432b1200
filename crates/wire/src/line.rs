//! One clean line out of what a server says, fit to be shown to a person.

/// The most characters of a line; a longer one ends with `…`.
const LONGEST: usize = 120;

/// How much is looked at: what stands behind cannot reach the line.
const LOOKED_AT: usize = 4096;

/// A run of letters and digits as long as this is a key, not a word.
const KEY: usize = 32;

const HIDDEN: char = '…';

/// What a server says, as one line of at most 120 characters.
///
/// White space and control characters become single spaces; characters that cannot be seen, or
/// that turn the direction of writing, are left out. What may be a secret is replaced by `…`: name
/// and password in an address, the values of its query and fragment, what follows the name of a
/// scheme of HTTP authentication, values of names such as `token` or `password`, and long keys.
pub fn clean_line(said: &str) -> String {
    let mut line = String::new();
    let mut hides_next = false;
    let visible: String = said.chars().take(LOOKED_AT).filter_map(visible).collect();
    for word in visible.split(' ').filter(|word| !word.is_empty()) {
        let shown = match hides_next {
            true if is_scheme(word) => word.to_owned(),
            true => HIDDEN.to_string(),
            false => without_secrets(word),
        };
        hides_next = is_scheme(word) || (!hides_next && ends_with_secret_name(word));
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&shown);
    }
    shortened(line)
}

/// The character as it is shown; `None` where it is left out.
fn visible(character: char) -> Option<char> {
    match character {
        _ if character.is_whitespace() || character.is_control() => Some(' '),
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width characters,
        // marks, embeddings and isolates of direction, annotations, tags.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        _ => Some(character),
    }
}

fn is_scheme(word: &str) -> bool {
    const SCHEMES: [&str; 6] = ["bearer", "basic", "digest", "negotiate", "ntlm", "apikey"];
    let word = trimmed(word);
    SCHEMES
        .iter()
        .any(|scheme| word.eq_ignore_ascii_case(scheme))
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a name says that its value is secret.
fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 13] = [
        "token",
        "secret",
        "passw",
        "pwd",
        "apikey",
        "accesskey",
        "privatekey",
        "authorization",
        "credential",
        "session",
        "cookie",
        "signature",
        "jwt",
    ];
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    PARTS.iter().any(|part| name.contains(part))
}

/// `password:` and `token=`, whose value is the next word.
fn ends_with_secret_name(word: &str) -> bool {
    let word = word.trim_end_matches(['"', '\'']);
    word.strip_suffix([':', '=']).is_some_and(is_secret_name)
}

fn without_secrets(word: &str) -> String {
    let word = without_user(word);
    let (before, query) = match word.find(['?', '#']) {
        // What follows is a query or a fragment only where an address stands before it.
        Some(at) if at > 0 && at + 1 < word.len() => word.split_at(at),
        _ => (word.as_str(), ""),
    };
    let mut shown = without_keys(&without_value(before));
    for part in query.split_inclusive(['?', '#', '&', ';']) {
        let (pair, end) = match part.char_indices().next_back() {
            Some((at, '?' | '#' | '&' | ';')) => part.split_at(at),
            _ => (part, ""),
        };
        match pair.split_once('=') {
            Some((name, value)) => {
                shown.push_str(&without_keys(name));
                shown.push('=');
                shown.extend((!value.is_empty()).then_some(HIDDEN));
            }
            None => shown.push_str(&without_keys(pair)),
        }
        shown.push_str(end);
    }
    shown
}

/// `https://name:password@host/` without name and password.
fn without_user(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("//") else {
        return word.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}//{HIDDEN}@{host}{path}"),
        None => word.to_owned(),
    }
}

/// `token=abc` and `"password":"abc"` without what is behind the name.
fn without_value(word: &str) -> String {
    let mut from = 0;
    while let Some(found) = word[from..].find(['=', ':']) {
        let at = from + found;
        let start = word[..at]
            .rfind([',', ';', '{'])
            .map_or(0, |start| start + 1);
        if is_secret_name(&word[start..at]) && at + 1 < word.len() {
            return format!("{}{HIDDEN}", &word[..=at]);
        }
        from = at + 1;
    }
    word.to_owned()
}

/// Long runs of letters and digits, with a digit in them, are keys.
fn without_keys(word: &str) -> String {
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
    let mut shown = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_key(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let is_key = run.len() >= KEY && run.contains(|c: char| c.is_ascii_digit());
        // The parts of a JSON Web Token all begin as the base64 of `{"` does.
        if is_key || (run.starts_with("eyJ") && run.len() > 8) {
            shown.push(HIDDEN);
        } else {
            shown.push_str(run);
        }
        let next = after.find(is_of_key).unwrap_or(after.len());
        shown.push_str(&after[..next]);
        rest = &after[next..];
    }
    shown
}

fn shortened(mut line: String) -> String {
    if let Some((at, _)) = line.char_indices().nth(LONGEST)
        && let Some((last, _)) = line[..at].char_indices().next_back()
    {
        line.truncate(last);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_clean_stays_as_it_is() {
        for said in [
            "",
            "503 Service Unavailable",
            "text/html",
            "通知中心：请重新登录",
            "invalid peer certificate: UnknownIssuer",
            "https://push.corp.example/events?",
            "what is this? a page",
        ] {
            assert_eq!(clean_line(said), said);
        }
    }

    #[test]
    fn it_is_one_line_without_control_characters() {
        assert_eq!(
            clean_line(" a\r\n\tb\u{1b}[31mc\0\u{2028}d  "),
            "a b [31mc d"
        );
    }

    #[test]
    fn nothing_in_it_turns_the_direction_or_hides() {
        assert_eq!(clean_line("a\u{202e}b\u{200b}c\u{2066}d\u{feff}"), "abcd");
    }

    #[test]
    fn it_has_at_most_120_characters() {
        let line = clean_line(&"世界 ".repeat(500));
        assert_eq!(line.chars().count(), LONGEST);
        assert!(line.ends_with('…'));
        assert_eq!(clean_line(&"世".repeat(120)), "世".repeat(120));
    }

    #[test]
    fn secrets_are_left_out() {
        for (said, shown) in [
            ("https://ann:pw@h.example/a", "https://…@h.example/a"),
            ("//ann@h.example", "//…@h.example"),
            (
                "/login?code=S3CRET&state=x#at=y",
                "/login?code=…&state=…#at=…",
            ),
            (
                "to https://h/cb#access_token=S3CRET.",
                "to https://h/cb#access_token=…",
            ),
            ("Bearer S3CRET is refused", "Bearer … is refused"),
            (
                "Authorization: Basic QWxhZGRpbg==",
                "Authorization: Basic …",
            ),
            ("bad api-key: S3CRET, sorry", "bad api-key: … sorry"),
            ("token=S3CRET", "token=…"),
            ("{\"password\":\"S3CRET\"}", "{\"password\":…"),
            ("user=a,session_id=S3CRET", "user=a,session_id=…"),
            ("no eyJhbGciOiJI.eyJzdWIiOiIx.c2ln here", "no ….….c2ln here"),
            ("key 0123456789abcdef0123456789abcdef", "key …"),
        ] {
            assert_eq!(clean_line(said), shown);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_makes_a_clean_line_that_stays_one(said in any::<String>()) {
            let line = clean_line(&said);
            prop_assert!(line.chars().count() <= LONGEST);
            prop_assert!(!line.contains(char::is_control));
            prop_assert!(line.chars().all(|c| visible(c) == Some(c)));
        }
    }
}
