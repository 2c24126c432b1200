//! The tray on Linux: a StatusNotifierItem with its menu, by ksni.

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
            handle.update(|item| item.show(bell.clone()));
        }
    }
}

struct Item {
    panel: Panel,
    bell: Option<Bell>,
    icons: Vec<ksni::Icon>,
    inputs: flume::Sender<Input>,
    activation: Activation,
}

impl Item {
    fn show(&mut self, bell: Bell) {
        let before = self.look();
        self.bell = Some(bell);
        if self.look() != before {
            self.draw();
        }
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
