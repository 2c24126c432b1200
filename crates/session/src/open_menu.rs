//! A tray item's menu as the panel draws it, found by its pixels and used with the pointer.

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::{
    Area, Button, MenuEntry, Screenshot, Session, SessionError, TrayHost, TrayItem, wait_for,
    wait_until,
};

const SHOW_LIMIT: Duration = Duration::from_secs(60);

/// An open menu does not grow when its item's does, and a click on an entry whose submenu the
/// pointer has opened a while ago closes that. What has other rows than it should for so long, or
/// has not come, is closed and begun anew.
const ANEW: Duration = Duration::from_secs(3);

/// Pixels at a menu's edges that belong to its frame.
const FRAME: u32 = 3;

/// Lines that are closer to each other belong to one row: to a letter and its dot.
const WITHIN_A_ROW: u32 = 3;

/// How far a colour is from the paper's to be ink: a separator in the dark is hardly lighter.
const INK: u8 = 3;

/// A menu that is open on the screen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OpenMenu {
    /// The X server's number for its window.
    pub id: u32,
    /// Where it is.
    pub area: Area,
    /// Its rows from the top, separators among them, without the frame: where each has ink.
    pub rows: Vec<Area>,
}

impl Session {
    /// Opens an item's menu with a right click on the panel, and returns when all of its rows
    /// are drawn.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when the panel does not show them.
    pub fn open_menu(&self, item: &TrayItem) -> Result<OpenMenu, SessionError> {
        let (menu, _) = self.begun_anew(|| self.open_with_entries(item))?;
        Ok(menu)
    }

    /// Clicks through an item's menu with the pointer: opens it, then chooses the entry that
    /// begins with each of these labels, all but the last of which have a submenu.
    ///
    /// # Errors
    /// [`SessionError::NoMenuEntry`] when there is none, [`SessionError::Waited`] when the panel
    /// does not show the menu.
    pub fn click_menu(&self, item: &TrayItem, labels: &[&str]) -> Result<(), SessionError> {
        self.begun_anew(|| self.click_through(item, labels))
    }

    /// The open menu as it is drawn now; it may have changed since it was opened.
    ///
    /// # Errors
    /// When the screen cannot be had.
    pub fn look_at_menu(&self, menu: &OpenMenu) -> Result<Option<OpenMenu>, SessionError> {
        let mut menus = self.menus_on_screen()?.into_iter();
        let now = menus.find(|(id, _)| *id == menu.id);
        now.map(|(id, area)| self.read_menu(id, area)).transpose()
    }

    /// Closes whatever menu is open, with the keyboard.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when one stays.
    pub fn close_menu(&self) -> Result<(), SessionError> {
        wait_until("no menu is open", SHOW_LIMIT, || {
            self.menus_on_screen().is_ok_and(|menus| menus.is_empty()) || {
                self.key("Escape").ok();
                false
            }
        })
    }

    /// Does something with a menu, from its opening on, until all menus of it were shown as they
    /// should be.
    fn begun_anew<T>(
        &self,
        with_menu: impl Fn() -> Result<T, SessionError>,
    ) -> Result<T, SessionError> {
        let begun = Instant::now();
        loop {
            match with_menu() {
                Err(SessionError::Waited { .. }) if begun.elapsed() < SHOW_LIMIT => {
                    self.close_menu()?;
                }
                done => return done,
            }
        }
    }

    fn click_through(&self, item: &TrayItem, labels: &[&str]) -> Result<(), SessionError> {
        let (mut menu, mut entries) = self.open_with_entries(item)?;
        for (at, label) in labels.iter().enumerate() {
            let found = entries
                .iter()
                .position(|entry| entry.label.starts_with(label));
            let Some((index, row)) = found.and_then(|at| Some((at, menu.rows.get(at)?))) else {
                return Err(SessionError::NoMenuEntry {
                    wanted: (*label).to_owned(),
                    entries: entries.into_iter().map(|entry| entry.label).collect(),
                });
            };
            let before = self.menu_numbers()?;
            let (x, y) = row.centre();
            self.click(x, y, Button::Left)?;
            if at + 1 < labels.len() {
                entries = visible(entries.swap_remove(index).entries);
                menu = self.wait_for_menu(&before, entries.len())?;
            }
        }
        Ok(())
    }

    fn open_with_entries(
        &self,
        item: &TrayItem,
    ) -> Result<(OpenMenu, Vec<MenuEntry>), SessionError> {
        let entries = visible(self.tray_menu(item)?);
        let before = self.menu_numbers()?;
        self.click_tray(item, Button::Right)?;
        let menu = self.wait_for_menu(&before, entries.len())?;
        Ok((menu, entries))
    }

    fn wait_for_menu(&self, before: &[u32], rows: usize) -> Result<OpenMenu, SessionError> {
        let mut last = None;
        let what = format!("the panel shows a menu of {rows} rows");
        wait_for(&what, ANEW, || {
            let mut menus = self.menus_on_screen().ok()?.into_iter();
            let (id, area) = menus.find(|(id, _)| !before.contains(id))?;
            let menu = self.read_menu(id, area).ok()?;
            // It may still be moving into its place.
            let stands = last.replace(menu.clone()).as_ref() == Some(&menu);
            (stands && menu.rows.len() == rows).then_some(menu)
        })
    }

    /// What the panel has drawn below itself, by number and place. A tooltip goes when a menu
    /// comes.
    fn menus_on_screen(&self) -> Result<Vec<(u32, Area)>, SessionError> {
        let class = match self.tray_host() {
            TrayHost::Xfce => "Wrapper-2.0",
            TrayHost::Lxqt => "lxqt-panel",
        };
        let mut menus = self.places_of_class(class)?;
        menus.retain(|(_, area)| area.y > 0);
        Ok(menus)
    }

    /// The numbers alone. A place would not do: the whole menu may move.
    fn menu_numbers(&self) -> Result<Vec<u32>, SessionError> {
        let menus = self.menus_on_screen()?;
        Ok(menus.into_iter().map(|(id, _)| id).collect())
    }

    fn read_menu(&self, id: u32, area: Area) -> Result<OpenMenu, SessionError> {
        let picture = self.picture(area)?;
        let row = |lines: Range<u32>| Area {
            y: area.y + i32::try_from(lines.start).unwrap_or(0),
            height: lines.end - lines.start,
            ..area
        };
        let rows = bands(&picture).into_iter().map(row).collect();
        Ok(OpenMenu { id, area, rows })
    }
}

fn visible(mut entries: Vec<MenuEntry>) -> Vec<MenuEntry> {
    entries.retain(|entry| entry.visible);
    entries
}

/// The bands of lines that have ink.
fn bands(picture: &Screenshot) -> Vec<Range<u32>> {
    let paper = picture.pixel(FRAME, FRAME);
    let is_ink = |x: u32, y: u32| {
        let pixel = picture.pixel(x, y);
        (0..3).any(|channel| pixel[channel].abs_diff(paper[channel]) > INK)
    };
    let inside = |length: u32| FRAME..length.saturating_sub(FRAME);
    let mut bands: Vec<Range<u32>> = Vec::new();
    for y in inside(picture.height) {
        if !inside(picture.width).any(|x| is_ink(x, y)) {
            continue;
        }
        match bands.last_mut() {
            Some(last) if y - last.end < WITHIN_A_ROW => last.end = y + 1,
            _ => bands.push(y..y + 1),
        }
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_its_dot_are_one_row_and_a_separator_is_another() {
        let ink = [6, 8, 9, 10, 16, 22, 23];
        let rgb = (0..30_u32).flat_map(|y| {
            (0..12_u32).flat_map(move |x| [if x == 5 && ink.contains(&y) { 0 } else { 255 }; 3])
        });
        let picture = Screenshot {
            width: 12,
            height: 30,
            rgb: rgb.collect(),
        };
        assert_eq!(bands(&picture), [6..11, 16..17, 22..24]);
    }
}
