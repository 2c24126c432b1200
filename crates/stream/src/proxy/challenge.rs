//! The authentication schemes that a proxy asks for: `Proxy-Authenticate` (RFC 9110, 11.7.1).

/// The most schemes that are read, and the longest name of one, in bytes.
const SCHEMES_MOST: usize = 6;
const NAME_MOST: usize = 24;

/// The schemes that these headers name, each once, in their order.
pub(crate) fn schemes<'a>(headers: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for header in headers {
        let header = String::from_utf8_lossy(header);
        for part in outside_quotes(&header) {
            if let Some(scheme) = scheme(part)
                && !found
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(&scheme))
                && found.len() < SCHEMES_MOST
            {
                found.push(scheme);
            }
        }
    }
    found
}

/// The scheme that begins a challenge; `None` if the part is a parameter of the one before.
fn scheme(part: &str) -> Option<String> {
    let part = part.trim();
    let end = part
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(part.len());
    let (name, rest) = part.split_at(end);
    let is_parameter = rest.trim_start().starts_with('=');
    let is_name = !name.is_empty() && name.len() <= NAME_MOST && !name.starts_with('-');
    let ends_well = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (is_name && ends_well && !is_parameter).then(|| canonical(name))
}

/// The usual spelling of a scheme.
fn canonical(name: &str) -> String {
    const NAMES: [&str; 5] = ["Basic", "Digest", "NTLM", "Negotiate", "Kerberos"];
    let known = NAMES.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map_or_else(|| name.to_owned(), |known| (*known).to_owned())
}

fn outside_quotes(header: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&header[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&header[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(headers: &[&str]) -> Vec<String> {
        schemes(headers.iter().map(|header| header.as_bytes()))
    }

    #[test]
    fn every_scheme_is_named_once_in_its_order() {
        for (headers, expected) in [
            (&["Basic realm=\"corp\""][..], &["Basic"][..]),
            (&["Negotiate", "NTLM"], &["Negotiate", "NTLM"]),
            (&["negotiate, ntlm, NTLM"], &["Negotiate", "NTLM"]),
            (&["Negotiate oRkwF6ADCgEBohAEDqADAgEA=="], &["Negotiate"]),
            (
                &[
                    "Digest realm=\"a, Basic b\", nonce=\"x\\\",NTLM\", qop = \"auth\", Basic realm=y",
                ],
                &["Digest", "Basic"],
            ),
            (&["", "=", "\u{1}", "-x", "<b>"], &[]),
        ] {
            assert_eq!(named(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_proxy_cannot_flood_a_sentence() {
        let many: Vec<String> = (0..99).map(|number| format!("Scheme{number}")).collect();
        assert_eq!(named(&[&many.join(",")]).len(), SCHEMES_MOST);
        assert!(named(&[&"x".repeat(200)]).is_empty());
    }
}
