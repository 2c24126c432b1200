//! A full disk: a small one of the test's own.

use std::{
    any::type_name_of_val,
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _, skip_unless};
use serde_json::json;
use tempfile::TempDir;

use crate::sender::Sender;

const FULL: &str = "The disk is full";
const ROOM: &str = "There is room on the disk again";

#[test]
fn a_full_disk_is_said_once_and_with_room_again_nothing_is_missing() {
    where_disks_can_be_mounted(|| {
        let disk = Disk::of("2m");
        let server = BelldotServer::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events()).with_data(disk.path());
        let inbox = home.inbox();
        let _belldot = Belldot::start(&session, &home, &["--hidden"]);
        server.wait_for_connections(1);

        const TODOS: usize = 300;
        send(&server, TODOS, 16 << 10);
        session.wait_for_toast(FULL);
        assert!(inbox.count() < TODOS, "2 MiB do not hold 5");
        assert!(session.toasts(ROOM).is_empty());

        disk.grow("256m");
        session.wait_for_toast(ROOM);
        wait_until("everything is there and told", LIMIT, || {
            inbox.count() >= TODOS && inbox.unannounced() == 0
        })
        .unwrap();
        session.wait_for_title(&format!("{TODOS} unread to-dos"));
        assert_eq!(inbox.titles(), titles(TODOS), "each of them, once");
        assert_eq!(session.toasts(FULL).len(), 1, "said once");
    });
}

#[test]
fn on_a_full_disk_belldot_reads_no_further_until_there_is_room() {
    where_disks_can_be_mounted(|| {
        let disk = Disk::of("2m");
        let server = BelldotServer::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events()).with_data(disk.path());
        let inbox = home.inbox();
        let _belldot = Belldot::start(&session, &home, &["--hidden"]);
        server.wait_for_connections(1);

        // More than Belldot and the sockets between may hold.
        const TODOS: usize = 5_000;
        send(&server, TODOS, 8 << 10);
        session.wait_for_toast(FULL);
        let mut before = 0;
        let mut still = 0;
        wait_until("what arrives is left in the socket", LIMIT, || {
            let unread = unread_bytes(&server);
            let stands_still = unread > 64 << 10 && unread == before;
            still = if stands_still { still + 1 } else { 0 };
            before = unread;
            still == 50
        })
        .unwrap();
        assert!(inbox.count() < TODOS);

        disk.grow("1g");
        wait_until("everything is there", LIMIT, || inbox.count() >= TODOS).unwrap();
        session.wait_for_title(&format!("{TODOS} unread to-dos"));
        assert_eq!(inbox.titles(), titles(TODOS), "each of them, once");
    });
}

#[test]
fn on_a_full_disk_belldot_opens_a_window_and_quits_when_asked() {
    where_disks_can_be_mounted(|| {
        with_a_full_disk(|session, home, _| {
            let mut open = Belldot::start(session, home, &["open"]);
            assert!(open.wait_for_end().success(), "it answers");
            session.wait_for_window("My to-dos", LIMIT).unwrap();
            let mut quit = Belldot::start(session, home, &["quit"]);
            assert!(quit.wait_for_end().success(), "it has ended in time");
        });
    });
}

#[test]
fn on_a_full_disk_belldot_ends_when_the_system_wants_it_to() {
    where_disks_can_be_mounted(|| {
        with_a_full_disk(|_, _, belldot| {
            let pid = belldot.pid().to_string();
            let sent = Command::new("kill").args(["-TERM", &pid]).status();
            assert!(sent.unwrap().success());
        });
    });
}

/// Has a Belldot that cannot take what its server goes on sending, and sees it end well.
fn with_a_full_disk(end: impl FnOnce(&Session, &Home, &Belldot)) {
    let disk = Disk::of("2m");
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events()).with_data(disk.path());
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    server.wait_for_connections(1);
    send(&server, 5_000, 8 << 10);
    session.wait_for_toast(FULL);
    wait_until("what arrives is left in the socket", LIMIT, || {
        unread_bytes(&server) > 64 << 10
    })
    .unwrap();
    end(&session, &home, &belldot);
    assert!(belldot.wait_for_end().success());
    server.wait_for_connections(0);
}

#[test]
fn killed_on_a_full_disk_it_goes_on_where_it_was() {
    where_disks_can_be_mounted(|| {
        let disk = Disk::of("2m");
        let server = BelldotServer::start(&[]);
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, &server.events()).with_data(disk.path());
        let inbox = home.inbox();
        let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
        server.wait_for_connections(1);
        const TODOS: usize = 300;
        send(&server, TODOS, 16 << 10);
        session.wait_for_toast(FULL);
        belldot.kill();

        disk.grow("256m");
        let _belldot = Belldot::start(&session, &home, &["--hidden"]);
        wait_until("everything is there and told", LIMIT, || {
            inbox.count() >= TODOS && inbox.unannounced() == 0
        })
        .unwrap();
        assert_eq!(inbox.titles(), titles(TODOS), "each of them, once");
    });
}

#[test]
fn without_any_room_belldot_says_so_and_does_not_start() {
    where_disks_can_be_mounted(|| {
        let disk = Disk::of("1m");
        disk.fill();
        let session = Session::start(SessionOptions::default()).unwrap();
        let home = Home::with_source(&session, "http://127.0.0.1:9/nobody").with_data(disk.path());
        let said = Belldot::refuses_to_start(&session, &home);
        assert!(said.contains("The disk is full. Make room"), "{said}");
        session.wait_for_toast(FULL);
    });
}

fn send(server: &BelldotServer, count: usize, size: usize) {
    let body = "words ".repeat(size / 6);
    let sender = Sender::start(
        server,
        count,
        move |number| json!({ "id": format!("n-{number}"), "title": title(number), "body": body }),
    );
    sender.release(count);
    sender.finish();
}

fn title(number: usize) -> String {
    format!("Number {number:05}")
}

fn titles(count: usize) -> Vec<String> {
    (0..count).map(title).collect()
}

/// How many bytes wait in the sockets that are connected to this server (`proc_net_tcp(5)`).
fn unread_bytes(server: &BelldotServer) -> u64 {
    let remote = format!(":{:04X}", server.address().port());
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    table
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            let (_, received) = fields[4].split_once(':').unwrap();
            let is_ours = fields[2].ends_with(&remote);
            let bytes = u64::from_str_radix(received, 16).unwrap();
            if is_ours { bytes } else { 0 }
        })
        .sum()
}

/// A disk in memory. It ends with the process that mounted it.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn of(size: &str) -> Self {
        let disk = Self {
            folder: TempDir::new().unwrap(),
        };
        disk.mount(&format!("size={size}"));
        disk
    }

    fn grow(&self, size: &str) {
        self.mount(&format!("remount,size={size}"));
    }

    fn mount(&self, options: &str) {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(self.path())
            .status();
        assert!(mounted.unwrap().success());
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let mut ballast = fs::File::create(self.path().join("ballast")).unwrap();
        while ballast.write_all(&[0; 4_096]).is_ok() {}
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// Runs a test where mounting is permitted: in a process with mounts of its own, of which nothing
/// is left however it ends.
fn where_disks_can_be_mounted(test: impl FnOnce()) {
    const INSIDE: &str = "BELLDOT_TEST_HAS_OWN_MOUNTS";
    if env::var_os(INSIDE).is_some() {
        return test();
    }
    let unshare = unshare();
    if skip_unless(
        unshare.is_some(),
        "mount",
        "mounting needs root, or user namespaces",
    ) {
        return;
    }
    let name = type_name_of_val(&test).trim_end_matches("::{{closure}}");
    let (_, name) = name.split_once("::").unwrap();
    let output = Command::new("unshare")
        .args(unshare.unwrap())
        .arg(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "yes")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// The options of `unshare` with which this user can mount something.
fn unshare() -> Option<&'static [&'static str]> {
    const WAYS: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    WAYS.into_iter().find(|way| {
        let mount = Command::new("unshare")
            .args(*way)
            .args(["mount", "-t", "tmpfs", "tmpfs", "/tmp"])
            .stderr(Stdio::null())
            .status();
        mount.is_ok_and(|status| status.success())
    })
}
