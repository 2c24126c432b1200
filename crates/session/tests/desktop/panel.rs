use belldot_session::{Area, Session, wait_until};

use crate::{LIMIT, Program, RED, desktop, item};

#[test]
fn an_open_menu_is_known_again_where_the_panel_has_moved_it() {
    let session = desktop();
    let _program = Program::start(&session, "bell", RED);
    let item = item(&session, "bell");
    let menu = session.open_menu(&item).unwrap();

    let place = session.tray_position(&item).unwrap();
    set_clock(&session, "digital-time-format", "a wider clock");
    wait_until("the tray makes room", LIMIT, || {
        session.tray_position(&item).unwrap() != place
    })
    .unwrap();
    let (x, y) = menu.rows[0].centre();
    session.point_at(x, y).unwrap();

    wait_until("the menu goes where the tray is", LIMIT, || {
        let now = session.look_at_menu(&menu).unwrap();
        now.is_some_and(|now| now.area.x < menu.area.x)
    })
    .unwrap();
}

#[test]
fn the_tray_stands_still_while_the_time_goes_on() {
    let session = desktop();
    let _program = Program::start(&session, "bell", RED);
    let item = item(&session, "bell");
    let place = session.tray_position(&item).unwrap();
    // It is the tray's neighbour, and wider than an item.
    let clock = Area {
        x: place.x + place.width.cast_signed(),
        ..place
    };
    for west in 1..12 {
        let before = session.picture(clock).unwrap();
        set_clock(&session, "timezone", &format!("Etc/GMT+{west}"));
        wait_until("the clock shows another time", LIMIT, || {
            session.picture(clock).unwrap() != before
        })
        .unwrap();
        assert_eq!(session.tray_position(&item).unwrap(), place, "{west}");
    }
}

fn set_clock(session: &Session, property: &str, value: &str) {
    let mut set = session.command("xfconf-query");
    let property = format!("/plugins/plugin-4/{property}");
    set.args(["-c", "xfce4-panel", "-p", &property]);
    set.args(["-n", "-t", "string", "-s", value]);
    assert!(set.status().unwrap().success());
}
