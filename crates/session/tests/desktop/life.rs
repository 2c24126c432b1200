use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use belldot_session::{Session, SessionOptions, wait_until};

use crate::{LIMIT, Program, desktop, example};

/// The processes that carry a session's mark, whoever started them.
fn left_of(folder: &Path) -> Vec<String> {
    let mark = format!("BELLDOT_SESSION={}", folder.display());
    let folders = std::fs::read_dir("/proc").unwrap().flatten();
    folders
        .filter(|process| {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == mark.as_bytes())
        })
        .map(|process| std::fs::read_to_string(process.path().join("comm")).unwrap_or_default())
        .collect()
}

#[test]
fn nothing_is_left_when_it_is_dropped() {
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    let folder = session.folder().to_owned();
    let mut program = Program::start(&session, "bell", "e5383b");
    // One that leaves the process group, as daemons do.
    let mut daemon = session
        .command("setsid")
        .args(["sleep", "1000"])
        .spawn()
        .unwrap();
    wait_until("all of it runs", LIMIT, || {
        let names: Vec<_> = session
            .processes()
            .into_iter()
            .map(|process| process.name)
            .collect();
        [
            "Xvfb",
            "dbus-daemon",
            "dunst",
            "gnome-keyring-daemon",
            "openbox",
            "sleep",
            "xfce4-panel",
        ]
        .iter()
        .all(|program| names.iter().any(|name| name == program))
    })
    .unwrap();

    drop(session);

    assert_eq!(left_of(&folder), Vec::<String>::new());
    assert!(!folder.exists());
    program.process.wait().unwrap();
    daemon.wait().unwrap();
}

#[test]
fn nothing_is_left_when_its_owner_is_killed() {
    let mut owner = Command::new(example("desktop"));
    let mut owner = owner
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let lines: Vec<_> = lines
        .take_while(|line| !line.starts_with("# Ready"))
        .collect();
    let folder = lines
        .iter()
        .find_map(|line| line.strip_prefix("export BELLDOT_SESSION="));
    let folder = Path::new(folder.unwrap().trim_matches('\'')).to_owned();
    assert!(left_of(&folder).len() >= 7, "all of it runs");

    owner.kill().unwrap();
    owner.wait().unwrap();

    wait_until("all of it is gone", LIMIT, || {
        left_of(&folder).is_empty() && !folder.exists()
    })
    .unwrap();
}

#[test]
fn sessions_do_not_see_each_other() {
    let (one, other) = (desktop(), desktop());
    let _program = Program::start(&one, "bell", "e5383b");
    crate::item(&one, "bell");

    one.command("notify-send").arg("hello").status().unwrap();

    wait_until("it arrives", LIMIT, || one.notifications().len() == 1).unwrap();
    assert_eq!(other.notifications(), []);
    assert!(other.tray_items().unwrap().is_empty());
    assert_ne!(one.bus_address(), other.bus_address());
}

#[test]
fn without_a_panel_there_is_no_tray_until_one_starts() {
    let session = Session::start(SessionOptions::default().without_panel()).unwrap();
    assert!(!session.owns_name("org.kde.StatusNotifierWatcher"));

    session.start_panel().unwrap();

    assert!(session.owns_name("org.kde.StatusNotifierWatcher"));
    assert!(session.tray_items().unwrap().is_empty());
}

#[test]
fn without_a_notifier_nobody_takes_notifications_until_one_starts() {
    let session = Session::start(SessionOptions::default().without_notifier()).unwrap();
    assert!(
        !session
            .command("notify-send")
            .arg("lost")
            .status()
            .unwrap()
            .success()
    );

    session.start_notifier().unwrap();

    assert!(
        session
            .command("notify-send")
            .arg("taken")
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn the_keyring_is_unlocked() {
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    let mut default = session.command("dbus-send");
    default.args([
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.secrets",
    ]);
    default.args([
        "/org/freedesktop/secrets/aliases/default",
        "org.freedesktop.DBus.Properties.Get",
    ]);
    default.args(["string:org.freedesktop.Secret.Collection", "string:Locked"]);

    let answer = String::from_utf8(default.output().unwrap().stdout).unwrap();

    assert!(answer.contains("boolean false"), "it answers {answer}");
}

#[test]
fn programs_see_a_private_home_and_no_other_desktop() {
    let session = desktop();
    let environment = session.command("env").output().unwrap().stdout;
    let environment = String::from_utf8(environment).unwrap();

    let folder = session.folder().display();
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
    ] {
        assert!(
            environment.contains(&format!("{name}={folder}/")),
            "{name} in {environment}"
        );
    }
    assert!(!environment.contains("WAYLAND_DISPLAY"));
}

#[test]
fn the_keyring_can_be_locked_and_unlocked() {
    let session = Session::start(SessionOptions::default().with_keyring()).unwrap();
    session.lock_keyring().unwrap();
    assert!(session.is_keyring_locked());
    session.unlock_keyring().unwrap();
    assert!(!session.is_keyring_locked());
}
