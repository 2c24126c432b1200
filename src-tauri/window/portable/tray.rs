//! Tauri's own tray: Windows and macOS, and Linux with the `portable` feature.

use std::sync::Arc;

use belldot_core::{
    Command,
    bell::{Bell, MenuItem, badge},
    controller::Inputs,
    input::DesktopEvent,
};
use parking_lot::Mutex;
use tauri::{
    AppHandle, Wry,
    image::Image,
    menu::{IsMenuItem, Menu, MenuEvent, MenuItem as NativeItem, PredefinedMenuItem, Submenu},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};

use belldot_bell::tray::{
    Tray,
    drawing::{Look, Panel, draw},
};

/// The size that both Windows and macOS scale down well.
const SIZE: u32 = 32;

/// The bell in the tray.
pub struct TauriTray {
    app: AppHandle,
    icon: Option<TrayIcon>,
    /// What the system shows: a menu that is put in the place of an open one closes it.
    shown: Option<Bell>,
    /// What the menu's entries do, by the position in their id.
    commands: Arc<Mutex<Vec<Command>>>,
}

impl TauriTray {
    /// Puts a bell in the tray.
    pub fn start(app: &AppHandle, inputs: Inputs) -> Self {
        let commands = Arc::new(Mutex::new(Vec::new()));
        let (clicks, chosen, known) = (inputs.clone(), inputs.clone(), commands.clone());
        let icon = TrayIconBuilder::with_id("bell")
            .show_menu_on_left_click(false)
            .on_tray_icon_event(move |_, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                {
                    clicks.tell(Command::OpenPage);
                }
            })
            .on_menu_event(move |_, event: MenuEvent| {
                let known = known.lock();
                let command = event
                    .id()
                    .0
                    .parse()
                    .ok()
                    .and_then(|at: usize| known.get(at).cloned());
                if let Some(command) = command {
                    chosen.tell(command);
                }
            })
            .build(app);
        if let Err(error) = &icon {
            tracing::warn!(%error, "no tray");
            inputs.tell(DesktopEvent::TrayHost(false));
        }
        Self {
            app: app.clone(),
            icon: icon.ok(),
            shown: None,
            commands,
        }
    }

    /// Changes what is not as it was.
    fn try_show(&self, bell: &Bell, shown: Option<&Bell>) -> tauri::Result<()> {
        let Some(icon) = &self.icon else {
            return Ok(());
        };
        if shown.is_none_or(|shown| (shown.unread, shown.mark) != (bell.unread, bell.mark)) {
            draw_on(icon, bell)?;
            #[cfg(windows)]
            self.overlay(bell)?;
        }
        icon.set_tooltip(Some(&bell.tooltip))?;
        if shown.is_some_and(|shown| shown.menu == bell.menu) {
            return Ok(());
        }
        let mut commands = Vec::new();
        let menu = Menu::new(&self.app)?;
        for item in &bell.menu {
            menu.append(native(&self.app, item, &mut commands)?.as_ref())?;
        }
        *self.commands.lock() = commands;
        icon.set_menu(Some(menu))
    }
}

impl Tray for TauriTray {
    fn show(&mut self, bell: &Bell) {
        match self.try_show(bell, self.shown.as_ref()) {
            Ok(()) => self.shown = Some(bell.clone()),
            Err(error) => tracing::warn!(%error, "the tray did not take the bell"),
        }
    }
}

/// The number on the buttons of the taskbar.
#[cfg(windows)]
impl TauriTray {
    fn overlay(&self, bell: &Bell) -> tauri::Result<()> {
        for window in tauri::Manager::webview_windows(&self.app).values() {
            let picture = draw(&look(bell), SIZE);
            let overlay = Image::new_owned(picture.rgba, picture.size, picture.size);
            window.set_overlay_icon((bell.unread > 0).then_some(overlay))?;
        }
        Ok(())
    }
}

fn draw_on(icon: &TrayIcon, bell: &Bell) -> tauri::Result<()> {
    let picture = draw(&look(bell), SIZE);
    let image = Image::new_owned(picture.rgba, picture.size, picture.size);
    #[cfg(target_os = "macos")]
    // A template icon is monochrome: only a bell without red may be one.
    icon.set_icon_with_as_template(Some(image), bell.unread == 0)?;
    #[cfg(not(target_os = "macos"))]
    icon.set_icon(Some(image))?;
    icon.set_title(badge(bell.unread))
}

fn look(bell: &Bell) -> Look {
    Look {
        unread: bell.unread,
        mark: bell.mark,
        panel: Panel::Dark,
    }
}

fn native(
    app: &AppHandle,
    item: &MenuItem,
    commands: &mut Vec<Command>,
) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match item {
        MenuItem::Action { label, command } => {
            let id = commands.len().to_string();
            commands.push(command.clone());
            Box::new(NativeItem::with_id(
                app,
                id,
                escape_mnemonic(label),
                true,
                None::<&str>,
            )?)
        }
        MenuItem::Line(label) => Box::new(NativeItem::new(
            app,
            escape_mnemonic(label),
            false,
            None::<&str>,
        )?),
        MenuItem::Submenu { label, items } => {
            let submenu = Submenu::new(app, escape_mnemonic(label), true)?;
            for item in items {
                submenu.append(native(app, item, commands)?.as_ref())?;
            }
            Box::new(submenu)
        }
        MenuItem::Separator => Box::new(PredefinedMenuItem::separator(app)?),
    })
}

/// In a menu's label one ampersand marks the access key.
fn escape_mnemonic(label: &str) -> String {
    label.replace('&', "&&")
}
