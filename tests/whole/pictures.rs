//! Pictures to look at, in `target/pictures`: what a person sees of Belldot on its desktop.

use std::{
    fs,
    path::{Path, PathBuf},
};

use belldot_session::{Area, Session, SessionOptions, TrayItem, wait_for, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};
use serde_json::json;

/// The ink of the bell on a light panel, and on a dark one.
const DARK_INK: [u8; 3] = [0x2b, 0x2e, 0x38];
const LIGHT_INK: [u8; 3] = [0xe9, 0xeb, 0xf2];

#[test]
fn on_a_light_panel_the_bell_is_dark() {
    let desk = Desk::start(SessionOptions::default(), "light");
    desk.is_seen(DARK_INK);
}

#[test]
fn on_a_dark_panel_the_bell_is_light() {
    let desk = Desk::start(SessionOptions::default().with_dark_panel(), "dark");
    desk.is_seen(LIGHT_INK);
}

#[test]
fn in_chinese_the_menu_and_the_toast_are_chinese() {
    let options = SessionOptions::default().in_language("zh_CN.UTF-8");
    let desk = Desk::start(options, "zh-CN");
    let bell = desk.session.wait_for_title("1 条未读待办");
    desk.take_the_toast();
    desk.take_the_menu(&bell);
    let labels: Vec<_> = desk.session.tray_menu(&bell).unwrap();
    assert!(labels[0].label.contains("我的待办"), "{:?}", labels[0]);
}

struct Desk {
    server: BelldotServer,
    session: Session,
    _belldot: Belldot,
    name: &'static str,
}

impl Desk {
    /// With one to-do.
    fn start(options: SessionOptions, name: &'static str) -> Self {
        let server = BelldotServer::start(&[]);
        let session = Session::start(options).unwrap();
        let home = Home::with_source(&session, &server.events());
        let belldot = Belldot::start(&session, &home, &["--hidden"]);
        server.wait_for_connections(1);
        server.post_todo(&json!({
            "title": "Approve travel expenses 审批差旅报销",
            "body": "Lisbon, 3 days. The receipts are attached.",
            "sender": "Chen Jing",
            "priority": 5,
        }));
        Self {
            server,
            session,
            _belldot: belldot,
            name,
        }
    }

    fn is_seen(&self, ink: [u8; 3]) {
        let bell = self.session.wait_for_title("1 unread to-do");
        self.take_the_toast();
        self.take_the_panel(&bell, ink, "1");
        self.take_the_menu(&bell);

        for number in 1..=11 {
            self.server.post(&format!("To-do {number}"));
        }
        let bell = self.session.wait_for_title("12 unread to-dos");
        self.take_the_panel(&bell, ink, "12");
        wait_until("the digest has all of them", LIMIT, || {
            // The first to-do may have come just before.
            let digests = self.session.toasts("new to-dos");
            let whole = ["11 new to-dos", "12 new to-dos"];
            digests.iter().any(|toast| whole.contains(&&*toast.summary))
        })
        .unwrap();
        self.take_the_toasts("digest");
    }

    /// The right end of the panel, enlarged, with the bell in this ink.
    fn take_the_panel(&self, bell: &TrayItem, ink: [u8; 3], count: &str) {
        let place = self.session.tray_position(bell).unwrap();
        wait_until("the bell has the ink of its panel", LIMIT, || {
            let picture = self.session.picture(place).unwrap();
            picture.rgb.chunks_exact(3).any(|pixel| pixel == ink)
        })
        .unwrap();
        let panel = Area {
            x: 1080,
            y: 0,
            width: 200,
            height: 40,
        };
        self.save(panel, 4, &format!("panel-{}-{count}", self.name));
    }

    fn take_the_menu(&self, bell: &TrayItem) {
        let menu = self.session.open_menu(bell).unwrap();
        // Away from the bell, whose tooltip would be in the picture.
        self.session.point_at(10, 700).unwrap();
        self.save(menu.area, 2, &format!("menu-{}", self.name));
        self.session.close_menu().unwrap();
    }

    fn take_the_toast(&self) {
        self.session.wait_for_toast("Approve travel expenses");
        self.take_the_toasts("toast");
    }

    /// All that are on the screen, once they stand still.
    fn take_the_toasts(&self, what: &str) {
        let mut last = None;
        let area = wait_for("the toasts are on the screen", LIMIT, || {
            let area = self.session.notification_area().unwrap()?;
            let now = self.session.picture(area).ok();
            let stands = now.is_some() && now == last;
            last = now;
            stands.then_some(area)
        })
        .unwrap();
        self.save(area, 2, &format!("{what}-{}", self.name));
    }

    fn save(&self, area: Area, scale: u32, name: &str) {
        let path = pictures().join(format!("{name}.png"));
        self.session.screenshot_of(area, scale, &path).unwrap();
    }
}

fn pictures() -> PathBuf {
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("pictures");
    fs::create_dir_all(&pictures).unwrap();
    pictures
}
