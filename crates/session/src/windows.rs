//! The windows on the screen, as the window manager knows them.

use std::time::Duration;

use crate::{Area, Session, SessionError, wait_for, wait_until};

const OF_THE_DESKTOP: [&str; 2] = ["xfce4-panel.Xfce4-panel", "wrapper-2.0.Wrapper-2.0"];

/// A window of a program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Window {
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
    pub fn windows(&self, title: &str) -> Result<Vec<Window>, SessionError> {
        let mut wmctrl = self.command("wmctrl");
        wmctrl.args(["-l", "-p", "-G", "-x"]);
        let output = self.output(&mut wmctrl)?;
        // It also fails when there is no window at all, so its list counts and not its status.
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(lines
            .lines()
            .filter_map(parse)
            .filter(|window| !OF_THE_DESKTOP.contains(&window.class.as_str()))
            .filter(|window| window.title.contains(title))
            .collect())
    }

    /// Waits until a window's title contains `title`, and returns that window.
    ///
    /// # Errors
    /// [`SessionError::Waited`] when none comes within `limit`.
    pub fn wait_for_window(&self, title: &str, limit: Duration) -> Result<Window, SessionError> {
        wait_for(&format!("a window {title:?} is there"), limit, || {
            self.windows(title).ok()?.into_iter().next()
        })
    }

    /// Asks a window to close, as a click on its title bar's cross does.
    ///
    /// # Errors
    /// When the window manager does not answer.
    pub fn close_window(&self, window: &Window) -> Result<(), SessionError> {
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
    pub fn focused_window(&self) -> Result<Option<Window>, SessionError> {
        let mut xdotool = self.command("xdotool");
        xdotool.arg("getactivewindow");
        let output = self.output(&mut xdotool)?;
        let id: Option<u32> = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
        Ok(self
            .windows("")?
            .into_iter()
            .find(|window| Some(window.id) == id))
    }

    pub(crate) fn is_window_manager_there(&self) -> bool {
        let mut wmctrl = self.command("wmctrl");
        wmctrl.arg("-m");
        self.output(&mut wmctrl)
            .is_ok_and(|output| output.status.success())
    }
}

/// `0x01200003  0 4242 100 120 640 480 belldot.Belldot host My to-dos`
fn parse(line: &str) -> Option<Window> {
    let mut words = Words(line);
    let id = u32::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
    let _desktop = words.next()?;
    let pid = words.next()?.parse().ok()?;
    let (x, y) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let (width, height) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let class = words.next()?.to_owned();
    let _host = words.next()?;
    let title = words.0.trim_start().to_owned();
    Some(Window {
        id,
        pid,
        class,
        title,
        area: Area {
            x,
            y,
            width,
            height,
        },
    })
}

/// The words of a line, and what is left of it.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let line = self.0.trim_start();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}
