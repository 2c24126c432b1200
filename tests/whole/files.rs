//! Belldot's files: whole after the end, and the user's only.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, InboxFile, LIMIT, SessionExt as _};

#[test]
fn after_quit_and_after_sigterm_a_copy_of_the_inbox_file_alone_is_whole() {
    for by_signal in [false, true] {
        let server = BelldotServer::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events());
        let inbox = home.inbox();
        let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
        server.wait_for_connections(1);
        for number in 0..20 {
            server.post(&format!("To-do {number}"));
        }
        session.wait_for_title("20 unread to-dos");
        wait_until("they are on the disk", LIMIT, || inbox.count() == 20).unwrap();
        if by_signal {
            let pid = belldot.pid().to_string();
            assert!(Command::new("kill").arg(pid).status().unwrap().success());
            assert!(belldot.wait_for_end().success());
        } else {
            belldot.quit(&session);
        }
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("inbox.db");
        fs::copy(inbox.path(), &copy).unwrap();
        assert_eq!(InboxFile::at(copy).count(), 20, "by signal: {by_signal}");
    }
}

#[test]
fn nobody_else_can_read_a_file_of_belldots_also_one_that_was_open_to_all() {
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, "http://127.0.0.1:9/nobody");
    let logs = home.data().join("logs");
    fs::create_dir_all(&logs).unwrap();
    for (path, mode) in [(home.data(), 0o755), (&*logs, 0o755)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_title("Belldot");
    for path in [home.data(), &*logs] {
        assert_eq!(mode(path), 0o700, "{}", path.display());
        for file in fs::read_dir(path).unwrap() {
            let path = file.unwrap().path();
            let private = mode(&path) & 0o077 == 0;
            assert!(private, "{}", path.display());
        }
    }
    belldot.quit(&session);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
