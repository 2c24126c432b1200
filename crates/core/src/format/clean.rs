//! Makes text from a server safe to show: bounded, without control characters and without
//! characters that would change the reading direction of the text beside it.

use url::Url;

use crate::format::html;

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

/// Returns one line of plain text, at most this many characters; empty where nothing of it is seen.
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
    if is_invisible(&line) {
        line.clear();
    }
    line
}

/// Returns a title and a body as [`as_they_are`], where they are HTML as the text it means.
pub(super) fn title_and_body(title: &str, body: Option<&str>) -> Option<(String, Option<String>)> {
    let body = body.map(|body| html::text(bounded(body)));
    as_they_are(&html::text(bounded(title)), body.as_deref())
}

/// More than any title or body keeps, so that no one waits for the rest.
fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(4 * BODY)]
}

/// A title and a body; a title's further lines, and what is too much of it, go to the body.
/// `None` where neither has anything to show.
pub(super) fn as_they_are(title: &str, body: Option<&str>) -> Option<(String, Option<String>)> {
    let all = text(title);
    let empty = all
        .split_inclusive('\n')
        .take_while(|line| is_invisible(line));
    let all = &all[empty.map(str::len).sum()..];
    let body = body.map(text).filter(|body| !is_invisible(body));
    let (first, mut rest) = match all.split_once('\n') {
        Some((first, rest)) => (first.trim_end(), rest.trim_start()),
        None => (all, ""),
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
        return body.and_then(|body| as_they_are(&body, None));
    }
    let body = match (rest.is_empty(), body) {
        (true, body) => body,
        (false, None) => Some(rest.to_owned()),
        (false, Some(body)) => Some(text(&format!("{rest}\n\n{body}"))),
    };
    Some((head, body))
}

/// Returns an address that may be opened: `http` or `https`, as a browser would write it.
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

/// Returns an id as it is, or a shorter one that stands for it. `None` for an empty one.
pub(super) fn id(id: &str) -> Option<String> {
    if id.len() <= ID {
        return (!id.is_empty()).then(|| id.to_owned());
    }
    let start = id.floor_char_boundary(ID - 32);
    Some(format!("{}#{:016x}", &id[..start], digest([id])))
}

/// Returns a 64-bit digest (FNV-1a) that is the same in every run.
pub(super) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// Control characters, and those that turn or hide text around them (Unicode UAX #9, "explicit
/// directional embeddings, overrides and isolates").
fn is_unfit(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns whether nothing of it is seen: spaces without width, fillers, marks without a letter.
fn is_invisible(text: &str) -> bool {
    text.chars().all(|char| {
        char.is_whitespace()
            || matches!(char,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}'
                | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}'
                | '\u{180f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}')
    })
}
