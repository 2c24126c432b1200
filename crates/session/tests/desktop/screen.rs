use std::process::{Command, Stdio};

use belldot_session::{Area, Session, SessionOptions, wait_until};

use crate::{LIMIT, desktop};

/// A program with a window, from the distribution.
fn window(session: &Session, title: &str) -> Command {
    let mut display = session.command("display");
    display
        .args(["-title", title, "-size", "300x200", "xc:#3257e6"])
        .stdin(Stdio::null());
    display
}

#[test]
fn a_window_is_found_by_its_title_and_closed() {
    let session = desktop();
    let mut program = window(&session, "My to-dos 我的待办").spawn().unwrap();

    let found = session.wait_for_window("我的待办", LIMIT).unwrap();
    assert_eq!(found.title, "My to-dos 我的待办");
    wait_until("it has its size", LIMIT, || {
        let area = session.wait_for_window("我的待办", LIMIT).unwrap().area;
        (area.width, area.height) == (300, 200)
    })
    .unwrap();
    session.close_window(&found).unwrap();

    session.wait_for_no_window("我的待办", LIMIT).unwrap();
    program.wait().unwrap();
}

#[test]
fn a_window_is_where_it_is_seen() {
    let session = desktop();
    let mut program = window(&session, "My to-dos").spawn().unwrap();

    // Blue from corner to corner, and nothing of the frame.
    wait_until("the window fills its place", LIMIT, || {
        let area = session.wait_for_window("My to-dos", LIMIT).unwrap().area;
        let picture = session.picture(area).unwrap();
        (area.width, area.height) == (300, 200)
            && picture
                .rgb
                .chunks(3)
                .all(|pixel| pixel == [0x32, 0x57, 0xe6])
    })
    .unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
}

#[test]
fn the_window_with_the_keyboard_is_known() {
    let session = desktop();
    assert_eq!(session.focused_window().unwrap(), None);
    let mut program = window(&session, "My to-dos").spawn().unwrap();

    let found = session.wait_for_window("My to-dos", LIMIT).unwrap();
    wait_until("the window has the keyboard", LIMIT, || {
        session
            .focused_window()
            .unwrap()
            .is_some_and(|window| window.id == found.id)
    })
    .unwrap();
    session.key("q").unwrap();

    program.wait().unwrap();
}

#[test]
fn the_panel_is_no_window() {
    assert_eq!(desktop().windows("").unwrap(), []);
}

#[test]
fn a_picture_shows_what_is_on_the_screen() {
    let options = SessionOptions {
        screen: (640, 480),
        ..SessionOptions::default()
    };
    let session = Session::start(options).unwrap();
    let place = Area {
        x: 100,
        y: 200,
        width: 7,
        height: 5,
    };

    let picture = session.picture(place).unwrap();
    assert_eq!((picture.width, picture.height), (7, 5));
    assert_eq!(picture.pixel(3, 2), [0xdf, 0xe3, 0xec]);

    let beyond = session.picture(Area { x: 639, ..place });
    assert!(beyond.is_err(), "not {beyond:?}");
}

#[test]
fn screenshots_are_written_whole_and_enlarged() {
    let session = desktop();
    let (whole, part) = (
        session.folder().join("whole.png"),
        session.folder().join("part.png"),
    );

    session.screenshot(&whole).unwrap();
    session
        .screenshot_of(
            Area {
                x: 0,
                y: 0,
                width: 40,
                height: 30,
            },
            3,
            &part,
        )
        .unwrap();

    for (path, expected) in [(whole, "1280x800"), (part, "120x90")] {
        let mut identify = session.command("identify");
        let size = identify
            .args(["-format", "%wx%h"])
            .arg(path)
            .output()
            .unwrap()
            .stdout;
        assert_eq!(String::from_utf8(size).unwrap(), expected);
    }
}

#[test]
fn a_dark_panel_is_dark() {
    let session = Session::start(SessionOptions::default().with_dark_panel()).unwrap();

    wait_until("the panel is dark", LIMIT, || {
        let panel = session
            .picture(Area {
                x: 600,
                y: 10,
                width: 1,
                height: 1,
            })
            .unwrap();
        panel.rgb.iter().all(|channel| *channel < 0x60)
    })
    .unwrap();
}
