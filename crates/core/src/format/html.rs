//! Converts HTML to plain text. Office systems send the bodies of their editors as they are.

use std::borrow::Cow;

/// Text that is HTML as plain text; any other text as it is. It is HTML where an element of HTML
/// ends in it or a line breaks, or where a character is written by its name: `a < b`, `<3` and
/// `List<String>` are none.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    let is_marked = has_markup(text);
    if !is_marked && !has_reference(text) {
        return Cow::Borrowed(text);
    }
    if !is_marked {
        return Cow::Owned(with_references(text));
    }
    Cow::Owned(tidied(&without_markup(text)))
}

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 35] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
    "title",
];
/// Elements within a line.
const INLINE: [&str; 34] = [
    "a", "abbr", "b", "big", "br", "button", "cite", "code", "del", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "o:p", "q", "s", "small", "span", "strike", "strong", "style",
    "script", "sub", "sup", "tbody", "td", "th", "thead", "tt", "u",
];
/// Elements whose content is no text.
const SILENT: [&str; 2] = ["script", "style"];

/// The most characters of a tag.
const LONGEST_TAG: usize = 4096;

fn is_element(name: &str) -> bool {
    BLOCKS.contains(&name) || INLINE.contains(&name)
}

/// A tag: its name in lower case, whether it ends an element, and what is left after it.
struct Tag<'a> {
    name: String,
    ends: bool,
    inside: &'a str,
    rest: &'a str,
}

/// Returns the tag of HTML at the beginning of this text.
fn tag(text: &str) -> Option<Tag<'_>> {
    let body = text.strip_prefix('<')?;
    if let Some(comment) = body.strip_prefix("!--") {
        return Some(Tag {
            name: String::new(),
            ends: false,
            inside: "",
            rest: comment.find("-->").map_or("", |end| &comment[end + 3..]),
        });
    }
    let (ends, body) = match body.strip_prefix('/') {
        Some(body) => (true, body),
        None => (false, body),
    };
    let length = body
        .bytes()
        .take(16)
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b':')
        .count();
    let (name, after) = body.split_at(length);
    let name = name.to_ascii_lowercase();
    let next = after.chars().next()?;
    if !is_element(&name) || !(next.is_whitespace() || next == '/' || next == '>') {
        return None;
    }
    let mut quote = None;
    for (at, char) in after.char_indices().take(LONGEST_TAG) {
        match (quote, char) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => (),
            (None, '"' | '\'') if at > 0 => quote = Some(char),
            (None, '<') => return None,
            (None, '>') => {
                return Some(Tag {
                    name,
                    ends,
                    inside: &after[..at],
                    rest: &after[at + 1..],
                });
            }
            _ => (),
        }
    }
    None
}

fn has_markup(text: &str) -> bool {
    has_tag(text, |tag| {
        tag.ends || matches!(&*tag.name, "br" | "hr" | "img")
    })
}

fn has_tag(text: &str, wanted: impl Fn(&Tag<'_>) -> bool) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let is_comment = text[at..].starts_with("<!--");
        !is_comment && tag(&text[at..]).is_some_and(|tag| wanted(&tag))
    })
}

fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    // White space of the source means one space, but in text that is only now and then marked
    // up the lines are meant.
    let keeps_lines = !has_tag(text, |tag| tag.name == "br" || BLOCKS.contains(&&*tag.name));
    while let Some(char) = rest.chars().next() {
        if char == '<'
            && let Some(tag) = tag(rest)
        {
            rest = tag.rest;
            if SILENT.contains(&&*tag.name) && !tag.ends {
                rest = from_end_tag(rest, &tag.name);
            } else if tag.name == "br" || BLOCKS.contains(&&*tag.name) {
                if tag.name == "br" {
                    plain.push('\n');
                } else {
                    break_line(&mut plain);
                }
                if tag.name == "li" && !tag.ends {
                    plain.push_str("• ");
                }
            } else if matches!(&*tag.name, "td" | "th") && tag.ends {
                plain.push(' ');
            } else if tag.name == "img" {
                plain.push_str(&alternative(tag.inside));
            }
            continue;
        }
        if char == '&'
            && let Some((said, after)) = reference(rest)
        {
            plain.push(if said == '\u{a0}' { ' ' } else { said });
            rest = after;
            continue;
        }
        let is_break = matches!(char, '\n' | '\r' | '\t');
        plain.push(if is_break && !keeps_lines { ' ' } else { char });
        rest = &rest[char.len_utf8()..];
    }
    plain
}

/// Returns the text from the end of this element on.
fn from_end_tag<'a>(text: &'a str, name: &str) -> &'a str {
    let ends_here = |at: usize| {
        let said = text.as_bytes().get(at + 2..at + 2 + name.len());
        said.is_some_and(|said| said.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    ends.find(|at| ends_here(*at)).map_or("", |at| &text[at..])
}

/// Begins a new line unless one has just begun.
fn break_line(plain: &mut String) {
    plain.truncate(plain.trim_end_matches(' ').len());
    if !plain.is_empty() && !plain.ends_with('\n') {
        plain.push('\n');
    }
}

/// Returns what stands for an image.
fn alternative(inside: &str) -> String {
    let said = inside.split_once("alt=").map(|(_, value)| value);
    let said = said.and_then(|value| {
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    });
    said.map(with_references).unwrap_or_default()
}

/// Each line without the white space around it, and at most one empty line in a row.
fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = line.trim();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty > 1 || line == "•" {
            continue;
        }
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy.trim().to_owned()
}

fn has_reference(text: &str) -> bool {
    text.match_indices('&')
        .any(|(at, _)| reference(&text[at..]).is_some())
}

fn with_references(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((said, after)) => {
                plain.push(if said == '\u{a0}' { ' ' } else { said });
                rest = after;
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Returns the character that is written by its name or number here, and the text after it.
fn reference(text: &str) -> Option<(char, &str)> {
    const NAMES: [(&str, char); 28] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("ensp", ' '),
        ("emsp", ' '),
        ("thinsp", ' '),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("hellip", '…'),
        ("mdash", '—'),
        ("ndash", '–'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bull", '•'),
        ("middot", '·'),
        ("times", '×'),
        ("euro", '€'),
        ("pound", '£'),
        ("yen", '¥'),
        ("deg", '°'),
        ("laquo", '«'),
        ("raquo", '»'),
    ];
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(10).position(|byte| byte == b';')?;
    let (name, after) = (&body[..end], &body[end + 1..]);
    let said = match name.strip_prefix('#') {
        Some(number) => {
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
        None => NAMES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((said, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_the_text_it_means() {
        for (html, plain) in [
            (
                "<p>Please sign</p><p>by Friday</p>",
                "Please sign\nby Friday",
            ),
            ("<p>一&nbsp;二</p><br/>三&amp;四", "一 二\n\n三&四"),
            ("Ring <b>twice</b>", "Ring twice"),
            (
                "<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>",
                "• one\n• two",
            ),
            (
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                "a b\nc",
            ),
            (
                "<style>p{color:red}</style><div style=\"x>y\">Hi</div>",
                "Hi",
            ),
            ("<a href='https://a.example/?x=1'>Open</a> it", "Open it"),
            ("Q&amp;A", "Q&A"),
            ("&#20320;&#x597d;", "你好"),
            (
                "<img src=x alt=\"a chart\"><!-- no --> below<br>",
                "a chart below",
            ),
            ("<SPAN CLASS=a>Loud</SPAN>", "Loud"),
        ] {
            assert_eq!(text(html), plain, "{html}");
        }
    }

    #[test]
    fn what_only_looks_like_markup_stays() {
        for plain in [
            "a < b && c > d",
            "<3",
            "I <3 you",
            "List<String> and Map<K, V>",
            "use the <b> tag",
            "if a<p and p>q",
            "AT&T; R&D",
            "<unknown>x</unknown>",
            "fish & chips",
            "a <- b -> c",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(html in "([<>/&;# a-z\"'=!-]|<p>|</p>|<br>|<script>|&nbsp;|字){0,40}") {
            let plain = text(&html);
            prop_assert!(plain.len() <= html.len() * 3 + 8);
        }

        #[test]
        fn text_without_angle_or_ampersand_stays(plain in "[^<&]{0,60}") {
            prop_assert_eq!(&*text(&plain), &*plain);
        }
    }
}
