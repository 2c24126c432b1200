//! The theme's name, where the X server has it: the XSETTINGS of the desktop
//! (<https://specifications.freedesktop.org/xsettings-spec/>).

use x11rb::{
    connection::Connection as _,
    protocol::xproto::{AtomEnum, ConnectionExt as _},
};

/// The most that is read of the settings; in units of four bytes.
const MOST: u32 = 64 << 10;

/// The name of the GTK theme; nothing without an X server, or where nobody tells.
pub fn theme() -> Option<String> {
    let (server, screen) = x11rb::connect(None).ok()?;
    let selection = format!("_XSETTINGS_S{screen}");
    let atom = |name: &str| {
        Some(
            server
                .intern_atom(false, name.as_bytes())
                .ok()?
                .reply()
                .ok()?
                .atom,
        )
    };
    let (selection, property) = (atom(&selection)?, atom("_XSETTINGS_SETTINGS")?);
    let owner = server
        .get_selection_owner(selection)
        .ok()?
        .reply()
        .ok()?
        .owner;
    if owner == x11rb::NONE {
        return None;
    }
    let settings = server
        .get_property(false, owner, property, AtomEnum::ANY, 0, MOST)
        .ok()?
        .reply()
        .ok()?
        .value;
    drop(server.flush());
    string(&settings, "Net/ThemeName")
}

/// The text of a setting, in the form of the specification.
fn string(settings: &[u8], wanted: &str) -> Option<String> {
    let mut reader = XsettingsReader {
        bytes: settings,
        at: 0,
        is_big: *settings.first()? == 1,
    };
    // The byte order, padding and a serial number.
    reader.skip(8)?;
    let count = reader.number()?;
    for _ in 0..count {
        let kind = *reader.take(1)?.first()?;
        reader.skip(1)?;
        let length = reader.short()?;
        let name = reader.padded(length.into())?;
        let is_wanted = name == wanted.as_bytes();
        // When it changed last.
        reader.skip(4)?;
        match kind {
            // A number.
            0 => reader.skip(4)?,
            1 => {
                let length = reader.number()?;
                let text = reader.padded(length.try_into().ok()?)?;
                if is_wanted {
                    return String::from_utf8(text.to_vec()).ok();
                }
            }
            // A colour.
            2 => reader.skip(8)?,
            _ => return None,
        }
    }
    None
}

struct XsettingsReader<'a> {
    bytes: &'a [u8],
    at: usize,
    is_big: bool,
}

impl<'a> XsettingsReader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.take(length).map(|_| ())
    }

    /// What is filled up to a multiple of four.
    fn padded(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.take(length)?;
        self.skip(length.checked_next_multiple_of(4)? - length)?;
        Some(taken)
    }

    fn short(&mut self) -> Option<u16> {
        let bytes = self.take(2)?.try_into().ok()?;
        Some(match self.is_big {
            true => u16::from_be_bytes(bytes),
            false => u16::from_le_bytes(bytes),
        })
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(match self.is_big {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Vec<u8> {
        let mut bytes = vec![0, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0];
        // A number, a colour, and the theme.
        bytes.extend(b"\x00\x00\x03\x00Dpi\x00\x01\x00\x00\x00\x60\x00\x00\x00");
        bytes.extend(
            b"\x02\x00\x01\x00C\x00\x00\x00\x01\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08",
        );
        bytes.extend(b"\x01\x00\x0d\x00Net/ThemeName\x00\x00\x00\x01\x00\x00\x00");
        bytes.extend(b"\x0c\x00\x00\x00Adwaita-dark");
        bytes
    }

    #[test]
    fn the_theme_is_found_among_other_settings() {
        assert_eq!(
            string(&settings(), "Net/ThemeName").as_deref(),
            Some("Adwaita-dark")
        );
        assert_eq!(string(&settings(), "Net/IconThemeName"), None);
    }

    #[test]
    fn settings_that_are_cut_off_tell_nothing() {
        let whole = settings();
        for length in 0..whole.len() {
            assert_eq!(string(&whole[..length], "Net/ThemeName"), None, "{length}");
        }
    }
}
