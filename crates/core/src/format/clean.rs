//! Makes what a server sent fit to be shown: bounded, without control characters and without
//! characters that would turn the reading direction of what stands beside them.

use jiff::{Timestamp, civil, tz::TimeZone};
use url::Url;

/// The most characters of a title; the rest goes to the body.
const TITLE: usize = 500;
/// The most bytes of a body.
const BODY: usize = 64 * 1024;
/// The most tags, and characters of one.
const TAGS: usize = 32;
const TAG: usize = 64;
/// The most bytes of an id that are kept as they are.
const ID: usize = 512;
/// The most bytes of an address.
const URL: usize = 8 * 1024;

/// Plain text, lines kept; at most [`BODY`] bytes.
pub(super) fn text(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(BODY));
    let mut chars = text.trim().chars().peekable();
    while let Some(char) = chars.next() {
        let char = match char {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\n' | '\t' => char,
            char if is_unfit(char) => continue,
            char => char,
        };
        if clean.len() + char.len_utf8() > BODY {
            break;
        }
        clean.push(char);
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// One line of plain text, at most this many characters.
pub(super) fn line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut wanted = most;
    for word in text.split(|char: char| char.is_whitespace() || char == '\u{85}') {
        let mut chars = word.chars().filter(|char| !is_unfit(*char)).peekable();
        if chars.peek().is_none() {
            continue;
        }
        if !line.is_empty() {
            if wanted <= 1 {
                break;
            }
            line.push(' ');
            wanted -= 1;
        }
        let before = line.len();
        line.extend(chars.take(wanted));
        wanted -= line[before..].chars().count();
        if wanted == 0 {
            break;
        }
    }
    line
}

/// A title and a body; a title's further lines, and what is too much of it, go to the body.
/// `None` where neither has anything to show.
pub(super) fn title_and_body(title: &str, body: Option<&str>) -> Option<(String, Option<String>)> {
    let all = text(title);
    let body = body.map(text).filter(|body| !body.is_empty());
    let (first, mut rest) = match all.split_once('\n') {
        Some((first, rest)) => (first.trim_end(), rest.trim_start()),
        None => (all.as_str(), ""),
    };
    let mut head = first;
    if let Some((at, _)) = first.char_indices().nth(TITLE) {
        // Better between two words than within one.
        let cut = first[..at]
            .rfind(' ')
            .filter(|cut| *cut > at / 2)
            .unwrap_or(at);
        head = &first[..cut];
        rest = all[cut..].trim_start();
    }
    let head = line(head, TITLE);
    if head.is_empty() {
        // What has no title is called by the first line of its body.
        return body.and_then(|body| title_and_body(&body, None));
    }
    let body = match (rest.is_empty(), body) {
        (true, body) => body,
        (false, None) => Some(rest.to_owned()),
        (false, Some(body)) => Some(text(&format!("{rest}\n\n{body}"))),
    };
    Some((head, body))
}

/// An address that may be opened: `http` or `https`, as a browser would write it.
pub(super) fn url(text: &str) -> Option<String> {
    if text.len() > URL {
        return None;
    }
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.to_string())
}

/// Labels, each once.
pub(super) fn tags<'a>(tags: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut clean: Vec<String> = Vec::new();
    for tag in tags {
        if clean.len() == TAGS {
            break;
        }
        let tag = line(tag, TAG);
        if !tag.is_empty() && !clean.contains(&tag) {
            clean.push(tag);
        }
    }
    clean
}

/// An id as it is, or a shorter one that stands for it. `None` for an empty one.
pub(super) fn id(id: &str) -> Option<String> {
    if id.len() <= ID {
        return (!id.is_empty()).then(|| id.to_owned());
    }
    let start = id.floor_char_boundary(ID - 32);
    Some(format!("{}#{:016x}", &id[..start], digest([id])))
}

/// A time as servers write it: RFC 3339, a date (taken as noon UTC, the same day nearly
/// everywhere). What is no sensible time is `None`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let time = match text.parse::<Timestamp>() {
        Ok(time) => time,
        Err(_) => match text.parse::<civil::DateTime>() {
            Ok(date) if text.len() <= 10 => date
                .date()
                .at(12, 0, 0, 0)
                .to_zoned(TimeZone::UTC)
                .ok()?
                .timestamp(),
            Ok(date) => date.to_zoned(TimeZone::UTC).ok()?.timestamp(),
            Err(_) => return None,
        },
    };
    sensible(time)
}

/// A time as seconds since 1970, or as milliseconds where the number is too large for that.
pub(super) fn unix_time(number: f64) -> Option<Timestamp> {
    const LARGEST_SECOND: f64 = 1e11;
    let millis = if number.abs() >= LARGEST_SECOND {
        number
    } else {
        number * 1_000.0
    };
    // A float too large for the integer is cut to its largest, which is no time.
    sensible(Timestamp::from_millisecond(millis as i64).ok()?)
}

/// A 64-bit digest (FNV-1a) that is the same in every run.
pub(super) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// To the millisecond, as the inbox keeps it; after 1970 and before the year 9000.
fn sensible(time: Timestamp) -> Option<Timestamp> {
    const LAST: i64 = 221_845_392_000_000;
    let millis = time.as_millisecond();
    if (0..LAST).contains(&millis) {
        Timestamp::from_millisecond(millis).ok()
    } else {
        None
    }
}

/// Control characters, and those that turn or hide text around them (Unicode UAX #9, "explicit
/// directional embeddings, overrides and isolates").
fn is_unfit(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
