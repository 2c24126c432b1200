//! The windows on the screen, as the window manager knows them.

use std::time::Duration;

use crate::{Area, Session, SessionError, wait_for, wait_until};

const OF_THE_DESKTOP: [&str; 3] = [
    "xfce4-panel.Xfce4-panel",
    "wrapper-2.0.Wrapper-2.0",
    "lxqt-panel.lxqt-panel",
];

/// A window of a program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DesktopWindow {
    /// The X server's number for it.
    pub id: u32,
    /// The process that it belongs to, where it says so.
    pub pid: u32,
    /// Instance and class, for example `belldot.Belldot`.
    pub class: String,
    /// What its title bar says.
    pub title: String,
    /// Where it is, without its frame.
    pub area: Area,
}

impl Session {
    /// The windows whose title contains `title`; those of the desktop itself are left out.
    ///
    /// # Errors
    /// When the window manager does not answer.
    pub fn windows(&self, title: &str) -> Result<Vec<DesktopWindow>, SessionError> {
        let mut wmctrl = self.command("wmctrl");
        wmctrl.args(["-l", "-p", "-x"]);
        let output = self.output(&mut wmctrl)?;
        // It also fails when there is no window at all, so its list counts and not its status.
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let windows = lines.lines().filter_map(|line| self.parse(line));
        Ok(windows
            .filter(|window| !OF_THE_DESKTOP.contains(&window.class.as_str()))
            .filter(|window| window.title.contains(title))
            .collect())
    }

    /// Waits until a window's title contains `title`, and returns that window.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when none comes within `limit`.
    pub fn wait_for_window(
        &self,
        title: &str,
        limit: Duration,
    ) -> Result<DesktopWindow, SessionError> {
        wait_for(&format!("a window {title:?} is there"), limit, || {
            self.windows(title).ok()?.into_iter().next()
        })
    }

    /// Asks a window to close, as a click on its title bar's cross does.
    ///
    /// # Errors
    /// When the window manager does not answer.
    pub fn close_window(&self, window: &DesktopWindow) -> Result<(), SessionError> {
        let mut wmctrl = self.command("wmctrl");
        wmctrl.args(["-i", "-c", &window.id.to_string()]);
        self.run(wmctrl).map(drop)
    }

    /// Waits until no window's title contains `title`.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when one is still there after `limit`.
    pub fn wait_for_no_window(&self, title: &str, limit: Duration) -> Result<(), SessionError> {
        wait_until(&format!("no window {title:?} is left"), limit, || {
            self.windows(title).is_ok_and(|windows| windows.is_empty())
        })
    }

    /// The window that has the keyboard.
    ///
    /// # Errors
    /// When the X server does not answer.
    pub fn focused_window(&self) -> Result<Option<DesktopWindow>, SessionError> {
        let mut xdotool = self.command("xdotool");
        xdotool.arg("getactivewindow");
        let output = self.output(&mut xdotool)?;
        let id: Option<u32> = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
        Ok(self
            .windows("")?
            .into_iter()
            .find(|window| Some(window.id) == id))
    }

    /// The numbers and places of the visible windows of a class, those of panels and menus
    /// included.
    pub(crate) fn places_of_class(&self, class: &str) -> Result<Vec<(u32, Area)>, SessionError> {
        let mut xdotool = self.command("xdotool");
        xdotool.args(["search", "--onlyvisible", "--class", class]);
        // It fails when there is none.
        let output = self.output(&mut xdotool)?;
        let ids = String::from_utf8_lossy(&output.stdout).into_owned();
        let ids = ids.lines().filter_map(|id| id.parse().ok());
        Ok(ids.filter_map(|id| Some((id, self.area_of(id)?))).collect())
    }

    /// The places alone.
    pub(crate) fn areas_of_class(&self, class: &str) -> Result<Vec<Area>, SessionError> {
        let places = self.places_of_class(class)?;
        Ok(places.into_iter().map(|(_, area)| area).collect())
    }

    pub(crate) fn is_window_manager_there(&self) -> bool {
        let mut wmctrl = self.command("wmctrl");
        wmctrl.arg("-m");
        self.output(&mut wmctrl)
            .is_ok_and(|output| output.status.success())
    }

    /// Where a window is, or `None` when it is gone. (wmctrl and xdotool know it too, but count
    /// the frame twice.)
    fn area_of(&self, id: u32) -> Option<Area> {
        let mut xwininfo = self.command("xwininfo");
        xwininfo.args(["-id", &id.to_string()]);
        let said = String::from_utf8(self.run(xwininfo).ok()?).ok()?;
        let value = |name: &str| {
            let mut lines = said.lines();
            lines.find_map(|line| line.trim().strip_prefix(name)?.trim().parse::<i32>().ok())
        };
        Some(Area {
            x: value("Absolute upper-left X:")?,
            y: value("Absolute upper-left Y:")?,
            width: value("Width:")?.try_into().ok()?,
            height: value("Height:")?.try_into().ok()?,
        })
    }

    /// `0x01200003  0 4242   belldot.Belldot  host My to-dos`
    fn parse(&self, line: &str) -> Option<DesktopWindow> {
        let mut words = LineWords(line);
        let id = u32::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
        let _desktop = words.next()?;
        let pid = words.next()?.parse().ok()?;
        let class = words.next()?.to_owned();
        let _host = words.next()?;
        Some(DesktopWindow {
            id,
            pid,
            class,
            title: words.0.trim_start().to_owned(),
            area: self.area_of(id)?,
        })
    }
}

/// The words of a line, and what is left of it.
struct LineWords<'a>(&'a str);

impl<'a> Iterator for LineWords<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let line = self.0.trim_start();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}
