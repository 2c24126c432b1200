//! The charset that a server names for its event stream, which is UTF-8 whatever it says.

/// The charset that a content type names, fit to be shown, where it is not UTF-8.
pub fn other_than_utf8(content_type: &str) -> Option<String> {
    named(content_type).filter(|name| name != "utf-8")
}

fn named(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let name = parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'))?;
    let name = name.to_ascii_lowercase();
    let name = if name == "utf8" { "utf-8" } else { &name };
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    Some(name.chars().filter(plain).take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charset_is_named_as_it_stands_there_and_fit_to_be_shown() {
        for (content_type, charset) in [
            ("text/event-stream", None),
            ("text/event-stream; charset=UTF-8", Some("utf-8")),
            ("text/event-stream;charset=\"utf8\"", Some("utf-8")),
            ("text/event-stream; x=y; Charset=GB18030", Some("gb18030")),
            ("text/event-stream; charset=\u{1b}[31mx", Some("31mx")),
        ] {
            assert_eq!(named(content_type).as_deref(), charset, "{content_type}");
            let other = charset.filter(|name| *name != "utf-8");
            assert_eq!(other_than_utf8(content_type).as_deref(), other);
        }
    }
}
