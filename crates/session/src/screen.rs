//! The screen, the pointer and the keyboard.

use std::path::Path;

use crate::{Session, SessionError};

/// A rectangle on the screen, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Area {
    /// The left edge.
    pub x: i32,
    /// The top edge.
    pub y: i32,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// A button of the mouse.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Button {
    /// The left one: does what an item is for.
    Left,
    /// The middle one.
    Middle,
    /// The right one: opens a menu.
    Right,
}

/// A picture in memory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Screenshot {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue for each pixel, row by row from the top.
    pub rgb: Vec<u8>,
}

impl Area {
    /// The point in its middle.
    #[must_use]
    pub fn centre(&self) -> (i32, i32) {
        let half = |length: u32| i32::try_from(length / 2).unwrap_or(0);
        (self.x + half(self.width), self.y + half(self.height))
    }

    /// As ImageMagick writes it.
    fn geometry(&self) -> String {
        format!("{}x{}{:+}{:+}", self.width, self.height, self.x, self.y)
    }
}

impl Screenshot {
    /// Red, green and blue of a pixel; black outside of the picture.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        match self.rgb.get(at..at + 3) {
            Some(&[red, green, blue]) if x < self.width => [red, green, blue],
            _ => [0; 3],
        }
    }
}

impl Session {
    /// Writes a picture of the whole screen to a PNG file.
    ///
    /// # Errors
    /// When the screen or the file cannot be had.
    pub fn screenshot(&self, path: &Path) -> Result<(), SessionError> {
        let mut import = self.command("import");
        import.args(["-silent", "-window", "root"]).arg(png(path));
        self.run(import).map(drop)
    }

    /// Writes a picture of a part of the screen to a PNG file, each pixel drawn `scale` times
    /// as large.
    ///
    /// # Errors
    /// When the screen or the file cannot be had.
    pub fn screenshot_of(&self, area: Area, scale: u32, path: &Path) -> Result<(), SessionError> {
        let mut import = self.command("import");
        import.args([
            "-silent",
            "-window",
            "root",
            "-crop",
            &area.geometry(),
            "+repage",
        ]);
        import
            .args(["-filter", "point", "-resize", &format!("{}%", scale * 100)])
            .arg(png(path));
        self.run(import).map(drop)
    }

    /// A part of the screen, as pixels.
    ///
    /// # Errors
    /// When the screen cannot be had, or the area reaches over its edge.
    pub fn picture(&self, area: Area) -> Result<Screenshot, SessionError> {
        let mut import = self.command("import");
        import.args([
            "-silent",
            "-window",
            "root",
            "-crop",
            &area.geometry(),
            "+repage",
        ]);
        import.args(["-depth", "8", "rgb:-"]);
        let rgb = self.run(import)?;
        if rgb.len() != area.width as usize * area.height as usize * 3 {
            let said = format!("{} bytes for {}", rgb.len(), area.geometry());
            return Err(SessionError::answer("import", said));
        }
        Ok(Screenshot {
            width: area.width,
            height: area.height,
            rgb,
        })
    }

    /// Moves the pointer there and clicks.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    pub fn click(&self, x: i32, y: i32, button: Button) -> Result<(), SessionError> {
        let button = match button {
            Button::Left => "1",
            Button::Middle => "2",
            Button::Right => "3",
        };
        // Without --sync, which waits for a pointer to move that is there already.
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", button])
    }

    /// Moves the pointer there.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    pub fn point_at(&self, x: i32, y: i32) -> Result<(), SessionError> {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()])
    }

    /// Presses keys, as xdotool names them: `Return`, `ctrl+w`.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn key(&self, keys: &str) -> Result<(), SessionError> {
        self.xdotool(&["key", "--clearmodifiers", keys])
    }

    /// Types a text into the window that has the keyboard.
    ///
    /// # Errors
    /// When it cannot be typed.
    pub fn type_text(&self, text: &str) -> Result<(), SessionError> {
        self.xdotool(&["type", "--clearmodifiers", "--delay", "5", "--", text])
    }

    pub(crate) fn paint_background(&self) -> Result<(), SessionError> {
        let (width, height) = self.screen();
        let mut display = self.command("display");
        display.args([
            "-window",
            "root",
            "-size",
            &format!("{width}x{height}"),
            "xc:#dfe3ec",
        ]);
        // Its exit status says nothing: it is 1 when all went well.
        self.output(&mut display).map(drop)
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<(), SessionError> {
        let mut xdotool = self.command("xdotool");
        xdotool.args(arguments);
        self.run(xdotool).map(drop)
    }
}

fn png(path: &Path) -> std::ffi::OsString {
    let mut name = std::ffi::OsString::from("png:");
    name.push(path);
    name
}
