//! The tray on Linux: a StatusNotifierItem with its menu, by ksni.

use std::{
    mem,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use belldot_core::{Command, bell::Bell, controller::Inputs, input::DesktopEvent};
use ksni::{
    OfflineReason, ToolTip,
    blocking::{self, TrayMethods as _},
};
use tokio::runtime::Handle;

use super::{
    drawing::{Look, Panel, SIZES, draw},
    launcher::Launcher,
    menu::Menu,
    panel,
    port::Tray,
};
use crate::windows::Activation;

/// The bell on the panel; it comes back by itself when the panel does. A thread of its own draws
/// it and talks to the bus, so that whoever says what to show never waits.
pub struct StatusNotifier {
    bells: Option<flume::Sender<Bell>>,
    launcher: Launcher,
}

impl StatusNotifier {
    /// Puts a bell on the panel. Whether there is a panel is told as [`DesktopEvent::TrayHost`].
    /// Call outside of the runtime.
    pub fn start(runtime: &Handle, inputs: Inputs, activation: Activation) -> Self {
        let reads = IconReads::default();
        let item = Item {
            panel: panel::guess(runtime),
            bell: None,
            menu: Menu::default(),
            icons: Vec::new(),
            reads: reads.clone(),
            inputs: inputs.clone(),
            activation,
        };
        let handle = item.assume_sni_available(true).spawn();
        if let Err(error) = &handle {
            tracing::warn!(%error, "no tray");
            inputs.tell(DesktopEvent::TrayHost(false));
        }
        let hung = handle.ok().map(|handle| TrayHandle { handle, reads });
        if let Some(hung) = hung.clone() {
            panel::watch(runtime, move |panel| {
                hung.change(|item| item.repaint(panel))
            });
        }
        Self {
            bells: hung.and_then(show_on_thread),
            launcher: Launcher::start(runtime),
        }
    }
}

impl Tray for StatusNotifier {
    fn show(&mut self, bell: &Bell) {
        self.launcher.show(bell.unread);
        if let Some(bells) = &self.bells {
            let _ = bells.send(bell.clone());
        }
    }
}

/// Shows each bell that is sent, of several the last; until nobody sends any longer.
fn show_on_thread(hung: TrayHandle) -> Option<flume::Sender<Bell>> {
    let (bells, waiting) = flume::unbounded::<Bell>();
    let spawned = thread::Builder::new()
        .name("tray".to_owned())
        .spawn(move || {
            while let Ok(bell) = waiting.recv() {
                let bell = waiting.drain().last().unwrap_or(bell);
                hung.change(|item| item.show(bell));
            }
        });
    if let Err(error) = spawned {
        tracing::error!(%error, "the bell stands still");
        return None;
    }
    Some(bells)
}

/// How often at most hosts are told of an icon that somebody read too early.
const TELLINGS: usize = 3;

/// The item on the panel.
#[derive(Clone)]
struct TrayHandle {
    handle: blocking::Handle<Item>,
    reads: IconReads,
}

/// How often the icons were read since they were drawn.
#[derive(Clone, Debug, Default)]
struct IconReads(Arc<AtomicUsize>);

impl IconReads {
    fn begin(&self) {
        self.0.store(0, Ordering::Release);
    }

    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether by anybody but ksni itself, which reads them once.
    fn by_others(&self) -> bool {
        self.0.load(Ordering::Acquire) > 1
    }
}

impl TrayHandle {
    /// Makes a change that says whether the item looks different, and sees to it that every host
    /// hears of that.
    ///
    /// ksni tells of an icon that differs from the one that was read last, by whomever: of two
    /// hosts the one that asks just then would keep it from the other.
    fn change(&self, change: impl FnOnce(&mut Item) -> bool) {
        if self.handle.update(change) != Some(true) {
            return;
        }
        for _ in 0..TELLINGS {
            if !self.reads.by_others() {
                return;
            }
            self.handle.update(Item::reorder);
        }
    }
}

struct Item {
    panel: Panel,
    /// Without its menu, which is in `menu`.
    bell: Option<Bell>,
    menu: Menu,
    icons: Vec<ksni::Icon>,
    reads: IconReads,
    inputs: Inputs,
    activation: Activation,
}

impl Item {
    /// Shows this bell; whether it looks different.
    fn show(&mut self, mut bell: Bell) -> bool {
        let before = self.look();
        self.menu.set(mem::take(&mut bell.menu));
        self.bell = Some(bell);
        let different = self.look() != before;
        if different {
            self.draw();
        }
        different
    }

    /// Puts the sizes in another order, so that the icon differs and looks the same.
    fn reorder(&mut self) {
        self.icons.rotate_left(1);
        self.reads.begin();
    }

    /// Shows the bell on such a panel; whether it looks different.
    fn repaint(&mut self, panel: Panel) -> bool {
        let different = self.panel != panel;
        if different {
            self.panel = panel;
            self.draw();
        }
        different
    }

    fn draw(&mut self) {
        if let Some(look) = self.look() {
            self.icons = SIZES.iter().map(|&size| icon(&look, size)).collect();
            self.reads.begin();
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
        self.inputs.tell(command);
    }

    fn hint(&self, there: bool) {
        self.inputs.tell(DesktopEvent::TrayHost(there));
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
        self.reads.one_more();
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
        self.menu.items(Self::send)
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
        let (inputs, _) = belldot_core::controller::lanes(1);
        let mut item = Item {
            panel: Panel::Light,
            bell: None,
            menu: Menu::default(),
            icons: Vec::new(),
            reads: IconReads::default(),
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
        assert!(item.reads.by_others());
        item.reorder();
        assert_ne!(read(&item), first);
        assert!(!item.reads.by_others());
    }

    #[test]
    fn an_icon_that_only_the_comparison_read_stays_as_it_is() {
        let item = shown();
        let first = read(&item);
        assert!(!item.reads.by_others());
        assert_eq!(read(&item), first);
    }

    #[test]
    fn a_panel_of_the_same_brightness_changes_nothing() {
        let mut item = shown();
        assert!(!item.repaint(Panel::Light));
        assert!(item.repaint(Panel::Dark));
    }
}
