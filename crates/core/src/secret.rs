//! Secrets as people have them: copied with a line end, a `Bearer `, quotes.

use crate::{invisible::without_invisible, source::SignIn};

/// Why a text cannot be sent as a secret. It never holds the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing is left of it.
    #[error("there is no secret in it")]
    Empty,
    /// No header can carry this character.
    #[error("character {at} cannot be sent in a header")]
    Character {
        /// Which one, counted from 1, of what was left to send.
        at: usize,
    },
}

/// Returns the secret that was meant, ready to be sent by this sign-in.
///
/// A token loses what is around it when it is copied: white space, line ends, invisible characters,
/// quotes, and one `Bearer ` or `Authorization: Bearer `. The value of a header loses the same but
/// `Bearer `, which may belong to it. A password keeps everything but line ends around it.
///
/// # Errors
/// If nothing is left, or something that HTTP does not carry.
pub fn clean(how: &SignIn, text: &str) -> Result<String, SecretError> {
    let secret = match how {
        SignIn::Token => token(text),
        SignIn::Header { name } => value(text, name),
        SignIn::Basic { .. } => text.trim_matches(['\r', '\n']).to_owned(),
    };
    if secret.is_empty() {
        return Err(SecretError::Empty);
    }
    let wrong = |c: char| match how {
        // It travels in Base64.
        SignIn::Basic { .. } => c.is_control(),
        _ => c != '\t' && !(' '..='~').contains(&c),
    };
    match secret.chars().position(wrong) {
        Some(at) => Err(SecretError::Character { at: at + 1 }),
        None => Ok(secret),
    }
}

fn token(text: &str) -> String {
    let text = without_invisible(text);
    let text = unquoted(&text);
    let text = without_prefix(text, "authorization:");
    let text = match text.get(..6) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer") => {
            let rest = &text[6..];
            // A token that begins like that is one.
            match rest.chars().next() {
                Some(c) if c.is_whitespace() || c == ':' => &rest[c.len_utf8()..],
                None => "",
                Some(_) => text,
            }
        }
        _ => text,
    };
    unquoted(text).to_owned()
}

fn value(text: &str, name: &str) -> String {
    let text = without_invisible(text);
    let text = unquoted(&text);
    unquoted(without_prefix(text, &format!("{name}:"))).to_owned()
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> &'a str {
    match text.get(..prefix.len()) {
        Some(begin) if begin.eq_ignore_ascii_case(prefix) => unquoted(&text[prefix.len()..]),
        _ => text,
    }
}

/// Returns the text without white space and quotes around it.
fn unquoted(text: &str) -> &str {
    const QUOTES: [(char, char); 9] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('“', '”'),
        ('„', '“'),
        ('‘', '’'),
        ('«', '»'),
        ('「', '」'),
        ('＂', '＂'),
    ];
    let mut text = text.trim();
    while let Some(inner) = QUOTES.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        Some(inner.trim())
    }) {
        text = inner;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_was_meant_however_it_was_copied() {
        for copied in [
            "tk-7f3a",
            "tk-7f3a\n",
            "tk-7f3a\r\n",
            "\t tk-7f3a ",
            "\u{a0}tk-7f3a\u{3000}",
            "\u{200b}tk-7f3a",
            "tk-\u{ad}7f3a\u{feff}",
            "Bearer tk-7f3a",
            "bearer  tk-7f3a\r\n",
            "BEARER\ttk-7f3a",
            "Bearer\u{a0}tk-7f3a",
            "Bearer: tk-7f3a",
            "Authorization: Bearer tk-7f3a",
            "authorization:tk-7f3a",
            "\"tk-7f3a\"",
            "'tk-7f3a'",
            "“tk-7f3a”",
            "‘tk-7f3a’",
            "「tk-7f3a」",
            "\"Bearer tk-7f3a\"",
            "Bearer \"tk-7f3a\"",
            "'Authorization: Bearer tk-7f3a'",
        ] {
            let clean = clean(&SignIn::Token, copied);
            assert_eq!(clean.as_deref(), Ok("tk-7f3a"), "{copied:?}");
        }
        // One `Bearer ` only, and none that is a part of the token.
        for (copied, meant) in [
            ("Bearer Bearer x", "Bearer x"),
            ("bearerx", "bearerx"),
            ("a\"b\"", "a\"b\""),
            ("ä-bearer", ""),
        ] {
            let found = clean(&SignIn::Token, copied).unwrap_or_default();
            assert_eq!(found, meant, "{copied:?}");
        }
    }

    #[test]
    fn a_header_keeps_the_scheme_that_belongs_to_it() {
        let how = SignIn::Header {
            name: "X-Api-Key".to_owned(),
        };
        for (copied, meant) in [
            ("k1\r\n", "k1"),
            ("\"k1\"", "k1"),
            ("X-API-Key: k1", "k1"),
            ("Bearer k1", "Bearer k1"),
            ("a b", "a b"),
        ] {
            assert_eq!(clean(&how, copied).as_deref(), Ok(meant), "{copied:?}");
        }
    }

    #[test]
    fn a_password_keeps_all_but_the_line_end_around_it() {
        let how = SignIn::Basic {
            user: "ann".to_owned(),
        };
        for (copied, meant) in [
            ("open sesame\r\n", "open sesame"),
            (" \"Bearer ü\" ", " \"Bearer ü\" "),
        ] {
            assert_eq!(clean(&how, copied).as_deref(), Ok(meant), "{copied:?}");
        }
    }

    #[test]
    fn what_no_header_carries_is_refused_and_not_repeated() {
        let header = SignIn::Header {
            name: "X-Api-Key".to_owned(),
        };
        let basic = SignIn::Basic {
            user: "ann".to_owned(),
        };
        let at = |at| Err(SecretError::Character { at });
        assert_eq!(clean(&SignIn::Token, "a\nb"), at(2));
        assert_eq!(clean(&SignIn::Token, "Bearer abé"), at(3));
        assert_eq!(clean(&header, "密钥"), at(1));
        assert_eq!(clean(&basic, "a\0b"), at(2));
        for nothing in ["", " \r\n", "\"\"", "Bearer ", "Bearer", "\u{200b}"] {
            assert_eq!(clean(&SignIn::Token, nothing), Err(SecretError::Empty));
        }
    }
}
