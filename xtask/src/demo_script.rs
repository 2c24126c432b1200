//! The demo on a desktop without a screen: what a person would see and do, with pictures of it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use belldot_session::{
    Area, Button, Screenshot, Session, SessionError, SessionOptions, TrayItem, wait_for,
};

use crate::shell::{TaskError, TaskResult, built, target};

/// Far more than anything here takes, even on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(60);
/// The title of the page's window.
const PAGE: &str = "My to-dos";
const SCREEN: (u16, u16) = (1280, 800);
const RED: [u8; 3] = [0xe5, 0x38, 0x3b];

impl From<SessionError> for TaskError {
    fn from(error: SessionError) -> Self {
        Self::new(format!(
            "The demo did not show all that it is to show: {error}."
        ))
    }
}

/// Plays the demo and leaves its pictures in `target/demo`.
///
/// # Errors
/// When anything of it is not to be seen.
pub(crate) fn play() -> TaskResult {
    let pictures = target().join("demo");
    fs::create_dir_all(&pictures)?;
    for name in ["bell.png", "toast.png", "page.png", "desktop.png"] {
        fs::remove_file(pictures.join(name)).ok();
    }

    let session = Session::start(SessionOptions {
        screen: SCREEN,
        ..Default::default()
    })?;
    println!("A desktop without a screen is there: a panel, a notification daemon, a pointer.");
    let mut play = DemoRun {
        belldot: start(&session, &pictures)?,
        session,
        pictures,
    };
    play.run().inspect_err(|_| play.leave_traces())
}

struct DemoRun {
    belldot: Child,
    session: Session,
    pictures: PathBuf,
}

impl DemoRun {
    fn run(&mut self) -> TaskResult {
        let item = self.see_the_bell()?;
        self.see_a_toast()?;
        self.see_the_number_grow()?;
        self.see_the_page(&item)?;
        self.quit(&item)?;
        println!(
            "\nIt all was there. The pictures are in {}.",
            self.pictures.display()
        );
        Ok(())
    }

    fn see_the_bell(&mut self) -> TaskResult<TrayItem> {
        let item = self.wait_for("the bell carries a number", |session| {
            session
                .tray_items()
                .ok()?
                .into_iter()
                .find(|item| count(&item.title) > 0)
        })?;
        println!("The bell is in the tray and says \"{}\".", item.title);

        let place = self.wait_for("the bell on the panel has its red dot", |session| {
            let place = session.tray_position(&item).ok()?;
            has_red_dot(&session.picture(place).ok()?).then_some(place)
        })?;
        let path = self.pictures.join("bell.png");
        self.picture_of_the_bell(place, &path)?;
        println!("On the panel it has its red dot ({}).", path.display());
        Ok(item)
    }

    fn see_a_toast(&mut self) -> TaskResult {
        let (toast, area) = self.wait_for("a notification is on the screen", |session| {
            let toast = session
                .notifications()
                .into_iter()
                .rev()
                .find(|toast| toast.open)?;
            Some((toast, session.notification_area().ok()??))
        })?;
        let path = self.pictures.join("toast.png");
        self.session.screenshot_of(around(area, 12), 2, &path)?;
        println!(
            "A notification is there: \"{}\" ({}).",
            toast.summary,
            path.display()
        );
        Ok(())
    }

    fn see_the_number_grow(&mut self) -> TaskResult {
        let item = self.wait_for("the bell's number has grown", |session| {
            session
                .tray_items()
                .ok()?
                .into_iter()
                .find(|item| count(&item.title) >= 3)
        })?;
        println!("More arrive: \"{}\".", item.title);
        Ok(())
    }

    fn see_the_page(&mut self, item: &TrayItem) -> TaskResult {
        self.session.click_tray(item, Button::Left)?;
        // Away from the bell, whose tooltip would be in the picture.
        self.session
            .point_at(i32::from(SCREEN.0) / 4, i32::from(SCREEN.1) - 10)?;
        let see_window = |session: &Session| {
            let windows = session.windows("").ok()?;
            windows
                .into_iter()
                .find(|window| window.title == PAGE && window.area.width > 200)
        };
        self.wait_for("a click on the bell opens the page", see_window)?;
        let mut before = None;
        let window = self.wait_for("the page shows to-dos and stands still", |session| {
            // The window manager may still be finding a place for it.
            let window = see_window(session)?;
            let now = session.picture(window.area).ok();
            let stands_still = now.is_some() && now == before;
            before = now;
            (stands_still && before.as_ref().is_some_and(has_text)).then_some(window)
        })?;
        let (page, desktop) = (
            self.pictures.join("page.png"),
            self.pictures.join("desktop.png"),
        );
        self.session.screenshot_of(window.area, 1, &page)?;
        self.session.screenshot(&desktop)?;
        println!(
            "A click on the bell opens \"{}\" with its to-dos ({}; all of it: {}).",
            window.title,
            page.display(),
            desktop.display()
        );
        Ok(())
    }

    fn quit(&mut self, item: &TrayItem) -> TaskResult {
        let menu = self.session.tray_menu(item)?;
        let last = menu
            .iter()
            .rev()
            .find(|entry| entry.visible && !entry.separator);
        let Some(last) = last else {
            return Err(TaskError::new("The bell's menu has no entries."));
        };
        self.session.choose_entry(item, last.id)?;
        let belldot = &mut self.belldot;
        let status = wait_for("Belldot has quit", LIMIT, || {
            belldot.try_wait().ok().flatten()
        })?;
        if !status.success() {
            return Err(TaskError::new(format!("Belldot quit with {status}.")));
        }
        println!("\"{}\" in its menu ends it.", last.label);
        Ok(())
    }

    /// Waits for something to be seen, as long as Belldot runs.
    fn wait_for<T>(
        &mut self,
        what: &str,
        mut see: impl FnMut(&Session) -> Option<T>,
    ) -> TaskResult<T> {
        let (belldot, session) = (&mut self.belldot, &self.session);
        let seen = wait_for(what, LIMIT, || match belldot.try_wait() {
            Ok(None) => see(session).map(Some),
            _ => Some(None),
        })?;
        seen.ok_or_else(|| TaskError::new(format!("Belldot ended before {what}.")))
    }

    /// The bell, enlarged, above the panel's end that it is on.
    fn picture_of_the_bell(&self, place: Area, path: &Path) -> TaskResult {
        let (bell, panel) = (self.file("bell.png"), self.file("panel.png"));
        let width = 320;
        let left = i32::from(SCREEN.0) - 320;
        self.session.screenshot_of(place, 10, &bell)?;
        self.session.screenshot_of(
            Area {
                x: left,
                y: 0,
                width,
                height: 33,
            },
            2,
            &panel,
        )?;
        let mut join = self.session.command("convert");
        join.args(["-background", "#dfe3ec", "-gravity", "center"])
            .args([&bell, &panel]);
        join.args(["-append", "+repage"]).arg(path);
        crate::shell::run(&mut join)
    }

    /// What helps to find out what went wrong.
    fn leave_traces(&self) {
        let desktop = self.pictures.join("desktop.png");
        if self.session.screenshot(&desktop).is_ok() {
            println!("What the desktop looks like now: {}", desktop.display());
        }
        let log = fs::read_to_string(log(&self.pictures)).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        println!("The end of Belldot's own words:");
        for line in &lines[lines.len().saturating_sub(20)..] {
            println!("  {line}");
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.session.folder().join(name)
    }
}

fn start(session: &Session, pictures: &Path) -> TaskResult<Child> {
    let log = File::create(log(pictures))?;
    let folder = session.folder().join("belldot");
    let mut belldot = session.command(built("belldot"));
    belldot
        .arg("demo")
        .arg("--config-dir")
        .arg(&folder)
        .arg("--data-dir")
        .arg(&folder);
    belldot
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(belldot.spawn()?)
}

fn log(pictures: &Path) -> PathBuf {
    pictures.join("belldot.log")
}

/// The number in a text, 0 where there is none.
fn count(text: &str) -> u64 {
    let digits = text
        .chars()
        .skip_while(|character| !character.is_ascii_digit());
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

fn around(area: Area, margin: u16) -> Area {
    let left = (area.x - i32::from(margin)).max(0);
    let top = (area.y - i32::from(margin)).max(0);
    let beyond = |start: i32, length: u32, end: u16| {
        let reach = start + i32::try_from(length).unwrap_or(0) + i32::from(margin);
        reach.min(i32::from(end))
    };
    let right = beyond(area.x, area.width, SCREEN.0);
    let bottom = beyond(area.y, area.height, SCREEN.1);
    let length = |from: i32, to: i32| u32::try_from(to - from).unwrap_or(0);
    Area {
        x: left,
        y: top,
        width: length(left, right),
        height: length(top, bottom),
    }
}

fn pixels(picture: &Screenshot) -> impl Iterator<Item = [u8; 3]> {
    picture
        .rgb
        .chunks_exact(3)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
}

/// Whether there is as much of the dot's red as the smallest dot has.
fn has_red_dot(bell: &Screenshot) -> bool {
    let is_red = |pixel: &[u8; 3]| {
        pixel
            .iter()
            .zip(RED)
            .all(|(&is, red)| is.abs_diff(red) < 12)
    };
    pixels(bell).filter(is_red).count() >= 12
}

/// Whether there is something to read: dark ink on the light page, and not all of it.
fn has_text(page: &Screenshot) -> bool {
    let is_ink = |pixel: &[u8; 3]| pixel.iter().all(|&channel| channel < 0x70);
    let (ink, all) = (pixels(page).filter(is_ink).count(), pixels(page).count());
    ink * 250 > all && ink * 2 < all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(pixel: impl Fn(u32, u32) -> [u8; 3]) -> Screenshot {
        let (width, height) = (100, 50);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Screenshot {
            width,
            height,
            rgb: places.flat_map(|(x, y)| pixel(x, y)).collect(),
        }
    }

    #[test]
    fn the_number_in_a_title_is_found() {
        assert_eq!(count("3 unread to-dos"), 3);
        assert_eq!(count("12 条未读待办"), 12);
        assert_eq!(count("No unread to-dos"), 0);
    }

    #[test]
    fn a_dot_is_red_and_not_just_a_pixel() {
        assert!(has_red_dot(&picture(|x, y| if x < 4 && y < 4 {
            RED
        } else {
            [0xff; 3]
        })));
        assert!(!has_red_dot(&picture(|x, y| if x + y < 2 {
            RED
        } else {
            [0xff; 3]
        })));
        assert!(!has_red_dot(&picture(|_, _| [0x32, 0x57, 0xe6])));
    }

    #[test]
    fn an_empty_or_a_black_page_has_no_text() {
        assert!(has_text(&picture(|x, y| if x % 7 == 0 && y % 3 == 0 {
            [0; 3]
        } else {
            [0xfb; 3]
        })));
        assert!(!has_text(&picture(|_, _| [0xfb; 3])));
        assert!(!has_text(&picture(|_, _| [0; 3])));
    }

    #[test]
    fn a_margin_ends_at_the_edge_of_the_screen() {
        let area = Area {
            x: 5,
            y: 700,
            width: 1270,
            height: 95,
        };
        assert_eq!(
            around(area, 12),
            Area {
                x: 0,
                y: 688,
                width: 1280,
                height: 112
            }
        );
    }
}
