//! What the fields of a to-do may hold. Each fault is the end of a sentence that begins with the
//! field's name.

use belldot_wire::Priority;
use jiff::Timestamp;
use url::Url;

/// The maximum length of a to-do's id and a user's name, in characters.
pub const MAX_NAME: usize = 256;

/// Returns what is wrong with an id or a user's name, if anything.
pub fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        Some("is empty".to_owned())
    } else if name.chars().nth(MAX_NAME).is_some() {
        Some(format!("is longer than {MAX_NAME} characters"))
    } else if name.chars().any(char::is_control) {
        Some("has a control character".to_owned())
    } else {
        None
    }
}

/// A title is one line with something to see.
pub(crate) fn title(text: String) -> Result<String, String> {
    if !text.chars().any(is_visible) {
        return Err("a to-do needs a title that can be seen".to_owned());
    }
    match text.chars().find(|character| breaks_a_line(*character)) {
        Some(character) => Err(format!(
            "is one line of text and has no U+{:04X}",
            u32::from(character)
        )),
        None => Ok(text),
    }
}

fn is_visible(character: char) -> bool {
    // Of the characters that show nothing, those of zero width are left.
    let is_zero_width = matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    !is_zero_width && !character.is_whitespace() && !character.is_control()
}

/// Control characters, separators of lines and paragraphs, and characters that turn around the
/// direction of what stands beside the title (the isolates do not).
fn breaks_a_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}')
}

/// Returns the link as a browser would write it (WHATWG URL).
pub(crate) fn link(text: &str) -> Result<String, String> {
    let wrong = |what: &str| {
        Err(format!(
            "a link starts with http:// or https:// and has no white space; {what}"
        ))
    };
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("this one has some");
    }
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let is_web = |scheme: &str| {
        ["http", "https"]
            .iter()
            .any(|web| scheme.eq_ignore_ascii_case(web))
    };
    if !scheme.is_some_and(is_web) {
        return wrong("this one starts otherwise");
    }
    Url::parse(text)
        .map(String::from)
        .map_err(|error| format!("is not a whole web address: {error}"))
}

pub(crate) fn priority(number: i64) -> Result<Priority, String> {
    u8::try_from(number)
        .ok()
        .and_then(|number| Priority::try_from(number).ok())
        .ok_or_else(|| format!("is a whole number from 1 (lowest) to 5 (highest), not {number}"))
}

/// A `date-time` of RFC 3339, section 5.6, except for leap seconds and more than nine digits of a
/// fraction.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    let wrong = || {
        "is a time as RFC 3339 writes it, such as 2027-01-31T17:00:00Z or \
         2027-01-31T17:00:00+08:00"
            .to_owned()
    };
    if !has_the_shape_of_rfc_3339(text) {
        return Err(wrong());
    }
    let time: Timestamp = text.parse().map_err(|_| wrong())?;
    // RFC 3339 has years of four digits only.
    if time.to_string().starts_with('-') {
        Err(wrong())
    } else {
        Ok(time)
    }
}

fn has_the_shape_of_rfc_3339(text: &str) -> bool {
    const DATE_TIME: &str = "dddd-dd-ddTdd:dd:dd";
    let fits = |text: &[u8], shape: &str| {
        text.len() == shape.len()
            && text
                .iter()
                .zip(shape.bytes())
                .all(|(byte, shape)| match shape {
                    b'd' => byte.is_ascii_digit(),
                    shape => byte.eq_ignore_ascii_case(&shape),
                })
    };
    let Some((date_time, rest)) = text.as_bytes().split_at_checked(DATE_TIME.len()) else {
        return false;
    };
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) => {
            let digits = fraction
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            &fraction[digits..]
        }
        None => rest,
    };
    let is_offset = fits(rest, "Z") || fits(rest, "+dd:dd") || fits(rest, "-dd:dd");
    fits(date_time, DATE_TIME) && !date_time.ends_with(b":60") && is_offset
}
