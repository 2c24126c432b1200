//! A tray item's menu (`com.canonical.dbusmenu`), read and used as its host does.

use std::collections::HashMap;

use zbus::zvariant::{OwnedValue, Value};

use crate::{Session, SessionError, TrayItem};

const MENU: &str = "com.canonical.dbusmenu";
const ROOT: i32 = 0;

/// An entry of a menu.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MenuEntry {
    /// The number by which the program knows it.
    pub id: i32,
    /// The label, without the marks of access keys. Empty for a separator.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// Whether it is shown.
    pub visible: bool,
    /// Whether it only separates.
    pub separator: bool,
    /// Whether it is checked, for an entry that can be.
    pub checked: Option<bool>,
    /// The entries of its submenu.
    pub entries: Vec<MenuEntry>,
}

impl Session {
    /// The menu of a tray item as its host would show it.
    ///
    /// # Errors
    /// When the program does not answer, or answers something that is no menu.
    pub fn tray_menu(&self, item: &TrayItem) -> Result<Vec<MenuEntry>, SessionError> {
        let menu = self
            .bus()
            .object(&item.owner, &item.path_of_menu()?, MENU)?;
        // The answer only says whether the layout changed; it is read anew anyway.
        menu.call::<_, _, bool>("AboutToShow", &(ROOT,)).ok();
        let everything: &[&str] = &[];
        let answer = menu.call_method("GetLayout", &(ROOT, -1, everything))?;
        let body = answer.body();
        let (_revision, root): (u32, MenuLayout) = body.deserialize()?;
        Ok(entry(root).entries)
    }

    /// Chooses the entry with this label from a tray item's menu, submenus included.
    /// Where none is equal to `label`, the one that begins with it is taken.
    ///
    /// # Errors
    /// [`SessionError::NoMenuEntry`] when there is none, or the program does not answer.
    pub fn choose(&self, item: &TrayItem, label: &str) -> Result<(), SessionError> {
        let entries = flat(self.tray_menu(item)?);
        let chosen = entries
            .iter()
            .find(|entry| entry.label == label)
            .or_else(|| entries.iter().find(|entry| entry.label.starts_with(label)));
        let Some(chosen) = chosen else {
            return Err(SessionError::NoMenuEntry {
                wanted: label.to_owned(),
                entries: entries.into_iter().map(|entry| entry.label).collect(),
            });
        };
        self.choose_entry(item, chosen.id)
    }

    /// Chooses the entry with this number from a tray item's menu. The program may end by it.
    ///
    /// # Errors
    /// When the program is there and does not answer.
    pub fn choose_entry(&self, item: &TrayItem, id: i32) -> Result<(), SessionError> {
        let menu = self
            .bus()
            .object(&item.owner, &item.path_of_menu()?, MENU)?;
        let no_data = Value::from(0);
        let no_time = 0_u32;
        match menu.call("Event", &(id, "clicked", no_data, no_time)) {
            Err(error) if self.bus().is_owned(&item.owner) => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl TrayItem {
    fn path_of_menu(&self) -> Result<String, SessionError> {
        if self.menu.is_empty() {
            return Err(SessionError::answer(&self.id, "its tray item has no menu"));
        }
        Ok(self.menu.clone())
    }
}

/// An entry's number, its properties and the entries below it.
type MenuLayout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

fn entry((id, properties, below): MenuLayout) -> MenuEntry {
    let property = |name| properties.get(name).map(|value| &**value);
    let text = |name| match property(name) {
        Some(Value::Str(text)) => text.to_string(),
        _ => String::new(),
    };
    let is = |name| !matches!(property(name), Some(Value::Bool(false)));
    let checked = matches!(property("toggle-state"), Some(Value::I32(1)));
    MenuEntry {
        id,
        label: without_access_key(&text("label")),
        enabled: is("enabled"),
        visible: is("visible"),
        separator: text("type") == "separator",
        checked: (!text("toggle-type").is_empty()).then_some(checked),
        entries: below
            .into_iter()
            .filter_map(|layout| Some(entry(layout.try_into().ok()?)))
            .collect(),
    }
}

/// `_` marks the next character as the access key, `__` stands for `_`.
fn without_access_key(label: &str) -> String {
    let mut plain = String::with_capacity(label.len());
    let mut characters = label.chars();
    while let Some(character) = characters.next() {
        match character {
            '_' => plain.extend(characters.next()),
            other => plain.push(other),
        }
    }
    plain
}

fn flat(entries: Vec<MenuEntry>) -> Vec<MenuEntry> {
    let each = entries.into_iter().flat_map(|mut entry| {
        let below = std::mem::take(&mut entry.entries);
        std::iter::once(entry).chain(flat(below))
    });
    each.filter(|entry| !entry.separator && entry.visible)
        .collect()
}
