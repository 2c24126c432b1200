//! The tray on Linux: a StatusNotifierItem with its menu, by ksni.

use std::sync::atomic::{AtomicUsize, Ordering};

use belldot_core::{
    Command, Input,
    bell::{Bell, MenuItem},
    input::DesktopHint,
};
use ksni::{
    OfflineReason, ToolTip,
    blocking::{Handle, TrayMethods as _},
    menu::{StandardItem, SubMenu},
};

use super::{
    drawing::{Look, Panel, SIZES, draw},
    launcher::Launcher,
    panel,
};
use crate::windows::Activation;

/// The bell on the panel; it comes back by itself when the panel does.
pub struct Tray {
    handle: Option<Handle<Item>>,
    launcher: Launcher,
}

impl Tray {
    /// Puts a bell on the panel. Whether there is a panel is told as [`DesktopHint::TrayHost`].
    /// Call on the main thread.
    pub fn start(
        _app: &tauri::AppHandle,
        inputs: flume::Sender<Input>,
        activation: Activation,
    ) -> Self {
        let item = Item {
            panel: panel::guess(),
            bell: None,
            icons: Vec::new(),
            reads: AtomicUsize::new(0),
            inputs: inputs.clone(),
            activation,
        };
        let handle = item.assume_sni_available(true).spawn();
        if let Err(error) = &handle {
            tracing::warn!(%error, "no tray");
            let _ = inputs.try_send(Input::Desktop(DesktopHint::TrayHost(false)));
        }
        let handle = handle.ok();
        if let Some(handle) = handle.clone() {
            panel::watch(move |panel| {
                handle.update(|item| item.repaint(panel));
            });
        }
        Self {
            handle,
            launcher: Launcher::start(),
        }
    }

    /// Shows this bell.
    pub fn show(&mut self, bell: &Bell) {
        self.launcher.show(bell.unread);
        if let Some(handle) = &self.handle {
            let mut untold = handle.update(|item| item.show(bell.clone()));
            for _ in 0..TELLINGS {
                if untold != Some(true) {
                    break;
                }
                untold = handle.update(Item::tell_again);
            }
        }
    }
}

/// How often at most hosts are told of an icon that somebody read too early.
const TELLINGS: usize = 3;

struct Item {
    panel: Panel,
    bell: Option<Bell>,
    icons: Vec<ksni::Icon>,
    /// How often the icons were read since they were drawn.
    reads: AtomicUsize,
    inputs: flume::Sender<Input>,
    activation: Activation,
}

impl Item {
    /// Shows this bell; whether it looks different.
    fn show(&mut self, bell: Bell) -> bool {
        let before = self.look();
        self.bell = Some(bell);
        let different = self.look() != before;
        if different {
            self.draw();
        }
        different
    }

    /// Has the hosts told of the icon once more, if somebody read it before they were; whether so.
    ///
    /// ksni tells of an icon that differs from the one that was read last, by whomever: of two
    /// hosts the one that asks just then would keep it from the other. The sizes in another order
    /// make it differ.
    fn tell_again(&mut self) -> bool {
        let early = self.reads.swap(0, Ordering::AcqRel) > 1;
        if early {
            self.icons.rotate_left(1);
        }
        early
    }

    fn repaint(&mut self, panel: Panel) {
        if self.panel != panel {
            self.panel = panel;
            self.draw();
        }
    }

    fn draw(&mut self) {
        if let Some(look) = self.look() {
            self.icons = SIZES.iter().map(|&size| icon(&look, size)).collect();
            self.reads.store(0, Ordering::Release);
        }
    }

    fn look(&self) -> Option<Look> {
        let bell = self.bell.as_ref()?;
        Some(Look {
            unread: bell.unread,
            mark: bell.mark,
            panel: self.panel,
        })
    }

    /// Runs with the tray's lock held, so it must never wait.
    fn send(&self, command: Command) {
        if let Some(token) = ksni::current_xdg_activation_token() {
            self.activation.keep(token);
        }
        if self.inputs.try_send(Input::Command(command)).is_err() {
            tracing::warn!("too busy for a click");
        }
    }

    fn hint(&self, there: bool) {
        let _ = self
            .inputs
            .try_send(Input::Desktop(DesktopHint::TrayHost(there)));
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "belldot".to_owned()
    }

    fn title(&self) -> String {
        self.bell
            .as_ref()
            .map(|bell| bell.title.clone())
            .unwrap_or_default()
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.reads.fetch_add(1, Ordering::AcqRel);
        self.icons.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        let Some(bell) = &self.bell else {
            return ToolTip::default();
        };
        ToolTip {
            title: bell.title.clone(),
            // Hosts read it as markup, and show the title above it.
            description: escape_markup(
                bell.tooltip
                    .strip_prefix(&bell.title)
                    .unwrap_or(&bell.tooltip)
                    .trim_start(),
            ),
            ..ToolTip::default()
        }
    }

    fn menu(&self) -> Vec<ksni::MenuItem<Self>> {
        self.bell
            .iter()
            .flat_map(|bell| &bell.menu)
            .map(menu_item)
            .collect()
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.send(Command::OpenPage);
    }

    fn secondary_activate(&mut self, _x: i32, _y: i32) {
        self.send(Command::OpenPage);
    }

    fn watcher_online(&self) {
        self.hint(true);
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::info!(?reason, "no tray host");
        self.hint(false);
        true
    }
}

fn menu_item(item: &MenuItem) -> ksni::MenuItem<Item> {
    match item {
        MenuItem::Action { label, command } => {
            let command = command.clone();
            StandardItem {
                label: escape_mnemonic(label),
                activate: Box::new(move |item: &mut Item| item.send(command.clone())),
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
            submenu: items.iter().map(menu_item).collect(),
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

fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn icon(look: &Look, size: u32) -> ksni::Icon {
    let picture = draw(look, size);
    let side = i32::try_from(picture.size).unwrap_or_default();
    ksni::Icon {
        width: side,
        height: side,
        data: picture.argb(),
    }
}

#[cfg(test)]
mod tests {
    use ksni::Tray as _;

    use super::*;

    fn shown() -> Item {
        let (inputs, _) = flume::unbounded();
        let mut item = Item {
            panel: Panel::Light,
            bell: None,
            icons: Vec::new(),
            reads: AtomicUsize::new(0),
            inputs,
            activation: Activation::default(),
        };
        let bell = Bell {
            unread: 1,
            mark: None,
            title: "1 unread to-do".to_owned(),
            tooltip: "1 unread to-do".to_owned(),
            menu: Vec::new(),
        };
        assert!(item.show(bell.clone()));
        assert!(!item.show(bell));
        item
    }

    /// Reads the icons, as hosts do.
    fn read(item: &Item) -> Vec<i32> {
        let icons = item.icon_pixmap();
        icons.iter().map(|icon| icon.width).collect()
    }

    #[test]
    fn an_icon_that_a_host_read_early_differs_so_that_the_others_hear_of_it() {
        let mut item = shown();
        let first = read(&item);
        assert_eq!(read(&item), first);
        assert!(item.tell_again());
        assert_ne!(read(&item), first);
        assert!(!item.tell_again());
    }

    #[test]
    fn an_icon_that_only_the_comparison_read_stays_as_it_is() {
        let mut item = shown();
        let first = read(&item);
        assert!(!item.tell_again());
        assert_eq!(read(&item), first);
    }
}
