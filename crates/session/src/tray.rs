//! The tray as its host sees it: StatusNotifierItem objects on the session bus.

use std::collections::HashMap;
use std::time::Duration;

use zbus::zvariant::{OwnedValue, Structure, Value};

use crate::{Area, Button, Screenshot, Session, SessionError, TrayHost, wait_for};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";

const SHOW_LIMIT: Duration = Duration::from_secs(60);

/// The mean difference up to which what the panel shows is taken for an icon. Icons that are
/// alike but for a digit differ less than this from each other: the likest counts.
const ALIKE: u64 = 24;

/// A program's item in the tray.
#[derive(Clone, Debug)]
pub struct TrayItem {
    /// The name on the bus of the program that it belongs to.
    pub owner: String,
    /// The path of its object.
    pub path: String,
    /// What the program calls itself.
    pub id: String,
    /// The title, for people.
    pub title: String,
    /// `Passive`, `Active` or `NeedsAttention`.
    pub status: String,
    /// The tooltip: its title and its text.
    pub tooltip: (String, String),
    /// The name or file of its icon; empty where it gives pixels.
    pub icon_name: String,
    /// The folder in which to look for the icon by name.
    pub icon_theme_path: String,
    /// The icon in the sizes that the program offers.
    pub icon: Vec<Pixmap>,
    /// Whether a left click is meant to open the menu.
    pub item_is_menu: bool,
    /// The path of the menu's object; empty when it has none.
    pub menu: String,
}

/// An icon as it goes over the bus.
#[derive(Clone, Eq, PartialEq)]
pub struct Pixmap {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Alpha, red, green, blue for each pixel, row by row from the top.
    pub argb: Vec<u8>,
}

impl std::fmt::Debug for Pixmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pixmap({}×{})", self.width, self.height)
    }
}

impl TrayItem {
    fn address(&self) -> String {
        format!("{}{}", self.owner, self.path)
    }
}

impl Session {
    /// The items that are registered in the tray, in the order of their registration.
    ///
    /// # Errors
    /// When there is no tray host, or an item does not answer.
    pub fn tray_items(&self) -> Result<Vec<TrayItem>, SessionError> {
        let watcher = self
            .bus()
            .object(WATCHER, "/StatusNotifierWatcher", WATCHER)?;
        let addresses: Vec<String> = watcher.get_property("RegisteredStatusNotifierItems")?;
        let items = addresses.iter().map(|address| self.tray_item(address));
        items.filter_map(Result::transpose).collect()
    }

    /// Waits until the tray has an item of which `is_it` holds, and returns it.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when there is none within `limit`.
    pub fn wait_for_tray_item(
        &self,
        what: &str,
        limit: Duration,
        mut is_it: impl FnMut(&TrayItem) -> bool,
    ) -> Result<TrayItem, SessionError> {
        wait_for(&format!("the tray has an item {what}"), limit, || {
            self.tray_items().ok()?.into_iter().find(|item| is_it(item))
        })
    }

    /// Where an item is on the panel. Where that does not go without saying, the item is known by
    /// its present pixels.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when the panel does not show it within a minute.
    pub fn tray_position(&self, item: &TrayItem) -> Result<Area, SessionError> {
        wait_for(
            &format!("the panel shows the tray item {:?}", item.id),
            SHOW_LIMIT,
            || {
                let now = self.tray_item(&item.address()).ok()??;
                match self.tray_host() {
                    TrayHost::Xfce => match self.tray_places().ok()?.as_slice() {
                        [only] => Some(*only),
                        several => self.place_that_shows(&now, several),
                    },
                    TrayHost::Lxqt => self.place_on_the_panel(&now),
                }
            },
        )
    }

    /// Clicks on an item where it is on the panel.
    ///
    /// # Errors
    /// When the panel does not show it.
    pub fn click_tray(&self, item: &TrayItem, button: Button) -> Result<(), SessionError> {
        let (x, y) = self.tray_position(item)?.centre();
        self.click(x, y, button)
    }

    /// The places that the panel's tray has for items, from left to right. Each is a square.
    fn tray_places(&self) -> Result<Vec<Area>, SessionError> {
        let windows = self.areas_of_class("Wrapper-2.0")?;
        // Menus and tooltips of the tray are below the panel.
        let tray = windows
            .into_iter()
            .find(|area| area.y == 0 && area.width >= area.height);
        let Some(tray) = tray else {
            return Ok(Vec::new());
        };
        let count = tray.width / tray.height;
        let right = tray.x + i32::try_from(tray.width).unwrap_or(0);
        let side = i32::try_from(tray.height).unwrap_or(0);
        let place = |from_right: u32| Area {
            x: right - side * (i32::try_from(from_right).unwrap_or(0) + 1),
            width: tray.height,
            ..tray
        };
        Ok((0..count).rev().map(place).collect())
    }

    fn place_that_shows(&self, item: &TrayItem, places: &[Area]) -> Option<Area> {
        let likeness = |place: &Area| {
            let picture = self.picture(*place).ok()?;
            let differences = item
                .icon
                .iter()
                .filter_map(|icon| difference(icon, &picture));
            Some((differences.min()?, *place))
        };
        let likest = places
            .iter()
            .filter_map(likeness)
            .min_by_key(|(difference, _)| *difference)?;
        (likest.0 <= ALIKE).then_some(likest.1)
    }

    /// Where on LXQt's panel, which is a single window, an item is drawn.
    fn place_on_the_panel(&self, item: &TrayItem) -> Option<Area> {
        let panels = self.areas_of_class("lxqt-panel").ok()?;
        let panel = panels.into_iter().find(|area| area.y == 0)?;
        let picture = self.picture(panel).ok()?;
        let places = item.icon.iter().filter_map(|icon| {
            let top = picture.height.checked_sub(icon.height)? / 2;
            let last = picture.width.checked_sub(icon.width)?;
            let places = (0..=last).map(|left| (difference_at(icon, &picture, left, top), left));
            let (difference, left) = places.min()?;
            let place = Area {
                x: panel.x + i32::try_from(left).ok()?,
                y: panel.y + i32::try_from(top).ok()?,
                width: icon.width,
                height: icon.height,
            };
            Some((difference, place))
        });
        let likest = places.min_by_key(|(difference, _)| *difference)?;
        (likest.0 <= ALIKE).then_some(likest.1)
    }

    /// `None` when the program ends just now: then its item is not in the tray any more.
    fn tray_item(&self, address: &str) -> Result<Option<TrayItem>, SessionError> {
        let (owner, path) = match address.find('/') {
            Some(at) => address.split_at(at),
            None => (address, "/StatusNotifierItem"),
        };
        let item = self
            .bus()
            .object(owner, path, "org.freedesktop.DBus.Properties")?;
        let properties = match item.call("GetAll", &(ITEM,)) {
            Ok(properties) => ItemProperties(properties),
            Err(_) if !self.bus().is_owned(owner) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(TrayItem {
            owner: owner.to_owned(),
            path: path.to_owned(),
            id: properties.text("Id"),
            title: properties.text("Title"),
            status: properties.text("Status"),
            tooltip: properties.tooltip(),
            icon_name: properties.text("IconName"),
            icon_theme_path: properties.text("IconThemePath"),
            icon: properties.pixmaps("IconPixmap"),
            item_is_menu: properties.get("ItemIsMenu").unwrap_or(false),
            menu: properties.text("Menu"),
        }))
    }
}

/// How much an icon differs from what is in the middle of a picture. `None` when the icon is
/// larger than the picture: the panel scaled it.
fn difference(icon: &Pixmap, picture: &Screenshot) -> Option<u64> {
    let left = picture.width.checked_sub(icon.width)? / 2;
    let top = picture.height.checked_sub(icon.height)? / 2;
    Some(difference_at(icon, picture, left, top))
}

/// How much an icon differs from what is in a picture at a place: the mean over its pixels and
/// channels, 0 to 255.
fn difference_at(icon: &Pixmap, picture: &Screenshot, left: u32, top: u32) -> u64 {
    let background = picture.pixel(0, 0);
    let mut sum = 0;
    for (at, argb) in (0_u32..).zip(icon.argb.chunks_exact(4)) {
        let (x, y) = (at % icon.width.max(1), at / icon.width.max(1));
        let shown = picture.pixel(left + x, top + y);
        let opacity = u64::from(argb[0]);
        for channel in 0..3 {
            let (over, under) = (u64::from(argb[channel + 1]), u64::from(background[channel]));
            let expected = (over * opacity + under * (255 - opacity)) / 255;
            sum += expected.abs_diff(u64::from(shown[channel]));
        }
    }
    let values = u64::from(icon.width) * u64::from(icon.height) * 3;
    sum.checked_div(values).unwrap_or(u64::MAX)
}

/// The properties of an item; all of them may be missing.
struct ItemProperties(HashMap<String, OwnedValue>);

impl ItemProperties {
    fn get<T: TryFrom<OwnedValue>>(&self, name: &str) -> Option<T> {
        self.0.get(name)?.try_clone().ok()?.try_into().ok()
    }

    fn text(&self, name: &str) -> String {
        match self.0.get(name).map(|value| &**value) {
            Some(Value::Str(text)) => text.to_string(),
            Some(Value::ObjectPath(path)) => path.to_string(),
            _ => String::new(),
        }
    }

    /// The icon's name, its pixels, the title, the text.
    fn tooltip(&self) -> (String, String) {
        let Some(tooltip) = self.get::<Structure<'_>>("ToolTip") else {
            return Default::default();
        };
        let text = |at: usize| match tooltip.fields().get(at) {
            Some(Value::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        (text(2), text(3))
    }

    fn pixmaps(&self, name: &str) -> Vec<Pixmap> {
        let pixmaps: Vec<(i32, i32, Vec<u8>)> = self.get(name).unwrap_or_default();
        let size = |length| u32::try_from(length).unwrap_or(0);
        pixmaps
            .into_iter()
            .map(|(width, height, argb)| Pixmap {
                width: size(width),
                height: size(height),
                argb,
            })
            .collect()
    }
}
