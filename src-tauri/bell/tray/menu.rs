//! The bell's menu as hosts of a StatusNotifierItem get it (`com.canonical.dbusmenu`).

use belldot_core::{Command, bell::MenuItem};
use ksni::menu::{StandardItem, SubMenu};

/// The entries, told to hosts in a way that they draw rightly.
///
/// Where a menu has as many rows as before, ksni tells only what has changed of each. Hosts cannot
/// make an entry of a separator by that, nor the other way round: they draw an empty row, and a
/// label on the line. Such a menu is given another length, by an entry that is not shown.
#[derive(Debug, Default)]
pub struct Menu {
    entries: Vec<MenuItem>,
    filled: bool,
}

impl Menu {
    /// Has these entries from now on.
    pub fn set(&mut self, entries: Vec<MenuItem>) {
        let as_long = entries.len() == self.entries.len();
        if as_long
            && !entries
                .iter()
                .map(is_line)
                .eq(self.entries.iter().map(is_line))
        {
            self.filled = !self.filled;
        }
        self.entries = entries;
    }

    /// For ksni; `send` is given the command of an entry that is chosen.
    pub fn items<T: 'static>(&self, send: fn(&T, Command)) -> Vec<ksni::MenuItem<T>> {
        let filler = self.filled.then(|| {
            let hidden = StandardItem {
                visible: false,
                ..Default::default()
            };
            hidden.into()
        });
        let shown = self.entries.iter().map(|entry| item(entry, send));
        shown.chain(filler).collect()
    }
}

fn is_line(entry: &MenuItem) -> bool {
    matches!(entry, MenuItem::Separator)
}

fn item<T: 'static>(entry: &MenuItem, send: fn(&T, Command)) -> ksni::MenuItem<T> {
    match entry {
        MenuItem::Action { label, command } => {
            let command = command.clone();
            StandardItem {
                label: escape_mnemonic(label),
                activate: Box::new(move |tray: &mut T| send(tray, command.clone())),
                ..Default::default()
            }
            .into()
        }
        MenuItem::Line(label) => StandardItem {
            label: escape_mnemonic(label),
            enabled: false,
            ..Default::default()
        }
        .into(),
        MenuItem::Submenu { label, items } => SubMenu {
            label: escape_mnemonic(label),
            submenu: items.iter().map(|entry| item(entry, send)).collect(),
            ..Default::default()
        }
        .into(),
        MenuItem::Separator => ksni::MenuItem::Separator,
    }
}

/// In a menu's label one underscore marks the access key.
fn escape_mnemonic(label: &str) -> String {
    label.replace('_', "__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(label: &str) -> MenuItem {
        MenuItem::Line(label.to_owned())
    }

    /// How many entries hosts get, and how many of them they show.
    fn told(menu: &Menu) -> (usize, usize) {
        let items = menu.items::<()>(|(), _| {});
        let is_hidden =
            |item: &&ksni::MenuItem<()>| matches!(item, ksni::MenuItem::Standard(i) if !i.visible);
        let hidden = items.iter().filter(is_hidden).count();
        (items.len(), items.len() - hidden)
    }

    #[test]
    fn an_entry_in_the_place_of_a_separator_comes_with_another_length() {
        let mut menu = Menu::default();
        menu.set(vec![MenuItem::Separator, line("work"), line("home")]);
        assert_eq!(told(&menu), (3, 3));
        menu.set(vec![line("a to-do"), MenuItem::Separator, line("work")]);
        assert_eq!(told(&menu), (4, 3));
        menu.set(vec![MenuItem::Separator, line("work"), line("home")]);
        assert_eq!(told(&menu), (3, 3));
    }

    #[test]
    fn entries_with_other_words_stay_as_many() {
        let mut menu = Menu::default();
        menu.set(vec![line("connecting"), MenuItem::Separator]);
        menu.set(vec![line("connected"), MenuItem::Separator]);
        assert_eq!(told(&menu), (2, 2));
    }

    #[test]
    fn an_underscore_in_a_title_is_no_access_key() {
        let mut menu = Menu::default();
        menu.set(vec![line("snake_case")]);
        let items = menu.items::<()>(|(), _| {});
        assert!(
            matches!(&items[..], [ksni::MenuItem::Standard(item)] if item.label == "snake__case")
        );
    }
}
