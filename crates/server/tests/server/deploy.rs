//! The files in deploy/, each started as it is, but for paths and ports.

use std::net::{IpAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use futures_util::StreamExt;
use tokio::process::{Child, Command};

use crate::process::started;
use crate::support::{Events, http, until, within};

fn deploy(file: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    root.join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(deploy(file)).unwrap()
}

/// Whether a program is here; if not, the test is skipped where `MAY_SKIP` names it.
fn has(program: &str) -> bool {
    let found = std::process::Command::new("which").arg(program).output();
    if found.is_ok_and(|found| found.status.success()) {
        return true;
    }
    let may_skip = std::env::var("BELLDOT_MAY_SKIP").unwrap_or_default();
    assert!(
        may_skip.split(',').any(|name| name == program),
        "{program} is not installed"
    );
    // Not `println!`, which is not shown of tests that pass; this form is counted.
    let line = format!("\nSKIPPED: {program}: not installed\n");
    std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes()).unwrap();
    false
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts nginx with one of our files as its only server.
fn nginx(folder: &Path, modules: &str, conf: &str) -> Child {
    std::fs::write(folder.join("site.conf"), conf).unwrap();
    let main = format!(
        "{modules}\ndaemon off; master_process off; pid nginx.pid; error_log stderr;\n\
         events {{}}\nhttp {{\n  access_log off;\n  client_body_temp_path body; proxy_temp_path \
         proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n  include \
         site.conf;\n}}\n"
    );
    std::fs::write(folder.join("nginx.conf"), main).unwrap();
    let mut command = Command::new("nginx");
    command
        .arg("-p")
        .arg(folder)
        .arg("-c")
        .arg(folder.join("nginx.conf"));
    command.stderr(Stdio::inherit()).kill_on_drop(true);
    command.spawn().unwrap()
}

#[tokio::test]
async fn the_units_command_starts_with_its_configuration() {
    let unit = read("systemd/belldot-server.service");
    let line = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="));
    let data = tempfile::tempdir().unwrap();
    let mut words = line.unwrap().split(' ');
    assert_eq!(words.next(), Some("/usr/local/bin/belldot-server"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
    for word in words {
        match word {
            "/etc/belldot/server.toml" => command.arg(deploy("systemd/server.toml")),
            "/var/lib/belldot" => command.arg(data.path()),
            option => command.arg(option),
        };
    }
    command.args(["--listen", "127.0.0.1:0"]);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let program = started(command).await;
    let ready = http().get(program.url("/readyz")).send().await.unwrap();
    assert!(ready.status().is_success());
}

#[test]
fn the_unit_leaves_a_program_little_to_harm() {
    if !has("systemd-analyze") {
        return;
    }
    let mut analyze = std::process::Command::new("systemd-analyze");
    analyze.args(["security", "--offline=true", "--threshold=20"]);
    let scored = analyze
        .arg(deploy("systemd/belldot-server.service"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&scored.stdout).into_owned();
    assert!(scored.status.success(), "more than 2.0 of 10: {said}");
}

#[tokio::test]
async fn nginx_in_front_passes_streams_on_by_http2_and_says_for_whom() {
    if !has("nginx") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tls = crate::listening::certificate(folder.path());
    let mut command = crate::process::program(&folder.path().join("data"));
    command.args([
        "--trusted-proxy",
        "127.0.0.1/32",
        "--max-connections-per-address",
        "1",
    ]);
    let program = started(command).await;
    let port = free_port();
    let conf = read("nginx/belldot.conf")
        .replace(
            "127.0.0.1:8787",
            program.url.strip_prefix("http://").unwrap(),
        )
        .replace("127.0.0.1:8443", &format!("127.0.0.1:{port}"))
        .replace(
            "/etc/ssl/belldot/fullchain.pem",
            tls.certificate.to_str().unwrap(),
        )
        .replace("/etc/ssl/belldot/key.pem", tls.key.to_str().unwrap());
    let _nginx = nginx(folder.path(), "", &conf);
    // nginx is at 127.0.0.1.
    let client = crate::listening::trusting(&tls).local_address(IpAddr::from([127, 0, 0, 2]));
    let client = client.build().unwrap();
    let url = |path: &str| format!("https://localhost:{port}{path}");
    until("nginx", async || client.get(url("/")).send().await.is_ok()).await;

    let stream = client.get(url("/api/v1/events")).send().await.unwrap();
    assert_eq!(stream.version(), reqwest::Version::HTTP_2);
    let mut events = Events::of(stream);
    let todo = serde_json::json!({ "id": "a", "title": "t" });
    let posted = client
        .post(url("/api/v1/todos"))
        .json(&todo)
        .send()
        .await
        .unwrap();
    assert!(posted.status().is_success());
    assert_eq!(events.todo().await.1.id, "a");
    // The same address a second time, whatever the client says before.
    let again = client
        .get(url("/api/v1/events"))
        .header("x-forwarded-for", "192.0.2.1");
    let mut again = Events::of(again.send().await.unwrap());
    assert_eq!(again.next().await.data, "Too many connections");
}

#[tokio::test]
async fn nginx_with_nchan_is_a_server_of_its_own() {
    let module = Path::new("/usr/lib/nginx/modules/ngx_nchan_module.so");
    if !has("nginx") {
        return;
    }
    assert!(
        module.exists(),
        "the package libnginx-mod-nchan is not installed"
    );
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let conf = read("nginx/nchan.conf").replace("127.0.0.1:8788", &format!("127.0.0.1:{port}"));
    let load = format!("load_module {};", module.display());
    let _nginx = nginx(folder.path(), &load, &conf);
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    until("nginx", async || {
        let published = http()
            .post(url("/publish/ann"))
            .body("{\"title\":\"first\"}");
        published
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    let stream = http()
        .get(url("/events/ann"))
        .header("accept", "text/event-stream");
    let stream = stream.send().await.unwrap();
    let kind = stream.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/event-stream"), "{kind}");
    let mut bytes = stream.bytes_stream();
    let mut text = String::new();
    let mut until_it_says = async |data: &str| {
        while !text.contains(data) {
            let part = within("an event", bytes.next()).await.unwrap().unwrap();
            text += &String::from_utf8_lossy(&part);
        }
    };
    until_it_says("data: {\"title\":\"first\"}").await;
    let second = http().post(url("/publish/ann"));
    second.body("{\"title\":\"second\"}").send().await.unwrap();
    until_it_says("data: {\"title\":\"second\"}").await;
}

#[test]
fn the_boards_figures_are_the_servers() {
    let board = read("grafana/belldot-server.json");
    let board: serde_json::Value = serde_json::from_str(&board).unwrap();
    let source = include_str!("../../src/metrics.rs");
    let text = board.to_string();
    let names = text.split("belldot_").skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap();
        &rest[..end]
    });
    let mut found = 0;
    for name in names {
        let bare = ["_total", "_seconds_bucket", "_bytes"].iter();
        let bare = bare.fold(name, |name, end| name.strip_suffix(end).unwrap_or(name));
        assert!(source.contains(&format!("\"{bare}\"")), "{name}");
        found += 1;
    }
    assert!(found > 10);
}
