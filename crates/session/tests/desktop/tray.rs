use belldot_session::{Button, Session, SessionError, SessionOptions, wait_until};

use crate::{LIMIT, Program, RED, desktop, item};

const BLUE: &str = "3257e6";

#[test]
fn an_item_is_read_as_its_host_sees_it() {
    let session = desktop();
    let _program = Program::start(&session, "bell", RED);

    let item = item(&session, "bell");

    assert_eq!(item.title, "bell title");
    assert_eq!(
        item.tooltip,
        ("bell tooltip".to_owned(), "in more words".to_owned())
    );
    assert_eq!(item.status, "Active");
    assert!(!item.item_is_menu);
    let [icon] = item.icon.as_slice() else {
        panic!("one icon, not {:?}", item.icon)
    };
    assert_eq!((icon.width, icon.height), (22, 22));
    assert_eq!(icon.argb[..4], [0xff, 0xe5, 0x38, 0x3b]);
}

#[test]
fn a_real_click_reaches_the_item() {
    let session = desktop();
    let program = Program::start(&session, "bell", RED);
    let item = item(&session, "bell");

    session.click_tray(&item, Button::Left).unwrap();
    wait_until("the left click arrives", LIMIT, || {
        program.happened() == ["left click"]
    })
    .unwrap();
    session.click_tray(&item, Button::Middle).unwrap();
    wait_until("the middle click arrives", LIMIT, || {
        program.happened() == ["left click", "middle click"]
    })
    .unwrap();
}

#[test]
fn items_side_by_side_are_told_apart() {
    let session = desktop();
    let red = Program::start(&session, "red", RED);
    let red_item = item(&session, "red");
    let blue = Program::start(&session, "blue", BLUE);
    let blue_item = item(&session, "blue");

    for (program, item) in [(&red, &red_item), (&blue, &blue_item)] {
        session.click_tray(item, Button::Left).unwrap();
        wait_until("the click arrives", LIMIT, || {
            program.happened() == ["left click"]
        })
        .unwrap();
    }
    assert_ne!(
        session.tray_position(&red_item).unwrap(),
        session.tray_position(&blue_item).unwrap()
    );
}

#[test]
fn the_panel_shows_the_pixels_of_the_item() {
    let session = desktop();
    let _program = Program::start(&session, "bell", RED);
    let item = item(&session, "bell");

    wait_until("the red square is on the panel", LIMIT, || {
        let place = session.tray_position(&item).unwrap();
        let picture = session.picture(place).unwrap();
        picture.pixel(picture.width / 2, picture.height / 2) == [0xe5, 0x38, 0x3b]
    })
    .unwrap();
}

#[test]
fn the_menu_is_read_with_its_submenus() {
    let session = desktop();
    let _program = Program::start(&session, "bell", RED);

    let menu = session.tray_menu(&item(&session, "bell")).unwrap();

    let labels: Vec<_> = menu.iter().map(|entry| entry.label.as_str()).collect();
    assert_eq!(labels, ["Greet", "", "More", "Quit"]);
    assert!(menu[1].separator);
    assert_eq!(menu[2].entries[0].label, "Snake_case");
    assert_eq!(menu[2].entries[0].checked, Some(false));
    assert!(menu.iter().all(|entry| entry.enabled && entry.visible));
}

#[test]
fn an_entry_is_chosen_by_its_label() {
    let session = desktop();
    let mut program = Program::start(&session, "bell", RED);
    let item = item(&session, "bell");

    session.choose(&item, "Greet").unwrap();
    session.choose(&item, "Snake").unwrap();
    wait_until("both arrive", LIMIT, || {
        program.happened() == ["greeted", "checked"]
    })
    .unwrap();
    assert_eq!(
        session.tray_menu(&item).unwrap()[2].entries[0].checked,
        Some(true)
    );

    session.choose(&item, "Quit").unwrap();
    assert!(program.process.wait().unwrap().success());
    wait_until("the item is gone", LIMIT, || {
        session.tray_items().unwrap().is_empty()
    })
    .unwrap();
}

#[test]
fn an_entry_that_is_not_there_is_named_with_those_that_are() {
    let session = desktop();
    let _program = Program::start(&session, "bell", RED);

    let chosen = session.choose(&item(&session, "bell"), "Explode");

    let Err(SessionError::NoMenuEntry { wanted, entries }) = chosen else {
        panic!("not {chosen:?}")
    };
    assert_eq!(wanted, "Explode");
    assert_eq!(entries, ["Greet", "More", "Snake_case", "Quit"]);
}

#[test]
fn the_menu_of_the_panel_opens_on_a_right_click_and_takes_keys() {
    let session = desktop();
    let program = Program::start(&session, "bell", RED);
    let item = item(&session, "bell");
    let shows_menu = || {
        let place = session.tray_position(&item).unwrap();
        let below = belldot_session::Area {
            y: place.y + 40,
            height: 60,
            ..place
        };
        let picture = session.picture(below).unwrap();
        picture.pixel(picture.width / 2, picture.height / 2) != [0xdf, 0xe3, 0xec]
    };

    assert!(!shows_menu());
    session.click_tray(&item, Button::Right).unwrap();
    wait_until("the menu is on the screen", LIMIT, shows_menu).unwrap();
    session.key("Down").unwrap();
    session.key("Return").unwrap();

    wait_until("the first entry is chosen", LIMIT, || {
        program.happened() == ["greeted"]
    })
    .unwrap();
}

#[test]
fn an_item_outlives_the_panel() {
    let session = desktop();
    let program = Program::start(&session, "bell", RED);
    item(&session, "bell");

    session.kill_panel().unwrap();
    assert!(session.tray_items().is_err());
    session.start_panel().unwrap();

    session
        .click_tray(&item(&session, "bell"), Button::Left)
        .unwrap();
    wait_until("the click arrives", LIMIT, || {
        program.happened() == ["left click"]
    })
    .unwrap();
}

#[test]
fn the_menu_on_the_screen_is_used_with_the_pointer() {
    for options in hosts() {
        let session = Session::start(options).unwrap();
        let program = Program::start(&session, "bell", RED);
        let item = item(&session, "bell");

        let menu = session.open_menu(&item).unwrap();
        assert_eq!(menu.rows.len(), 4);
        session.close_menu().unwrap();
        session.click_menu(&item, &["Greet"]).unwrap();
        wait_until("the first entry is chosen", LIMIT, || {
            program.happened() == ["greeted"]
        })
        .unwrap();
        session.click_menu(&item, &["More", "Snake"]).unwrap();
        wait_until("the one in the submenu too", LIMIT, || {
            program.happened() == ["greeted", "checked"]
        })
        .unwrap();
    }
}

#[test]
fn each_panel_shows_an_item_and_hands_it_a_click() {
    for options in hosts() {
        let session = Session::start(options).unwrap();
        let program = Program::start(&session, "bell", RED);
        let item = item(&session, "bell");

        let place = session.tray_position(&item).unwrap();
        wait_until("the red square is there", LIMIT, || {
            let picture = session.picture(place).unwrap();
            picture.pixel(picture.width / 2, picture.height / 2) == [0xe5, 0x38, 0x3b]
        })
        .unwrap();
        session.click_tray(&item, Button::Left).unwrap();
        wait_until("the click arrives", LIMIT, || {
            program.happened() == ["left click"]
        })
        .unwrap();
    }
}

fn hosts() -> [SessionOptions; 2] {
    [
        SessionOptions::default(),
        SessionOptions::default().with_lxqt_panel(),
    ]
}
