//! The servers, and what is special about each.

use std::process::Command;

use belldot_session::Session;

use super::server::{Place, configuration, installed, node, python};

/// A server, and what is expected of Belldot with it.
pub struct Case {
    /// The test's name, and the source's.
    pub name: &'static str,
    /// Starts the application, on the port `place.application`.
    pub application: fn(&Session, &Place) -> Command,
    /// Starts what stands before it on the port `place.port`, where something does.
    pub front: Option<fn(&Session, &Place) -> Command>,
    pub events: &'static str,
    pub publish: &'static str,
    pub streams: Streams,
}

/// How long its streams live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streams {
    /// Until the server ends.
    Stay,
    /// They are cut or end by design, and this often at least within the test.
    End(usize),
    /// While nothing is said, attempts fail.
    Fail,
}

const PLAIN: Case = Case {
    name: "",
    application: |session, place| node(session, place, "node/server.js"),
    front: None,
    events: "/events",
    publish: "/publish",
    streams: Streams::Stay,
};

pub const CASES: &[Case] = &[
    Case {
        name: "flask-under-gunicorn-with-threads",
        application: |session, place| gunicorn(session, place, &["--threads", "4"]),
        ..PLAIN
    },
    // A worker that is busy for 30 seconds is killed: what was silent until then is answered with
    // the status 500, and another stream is cut.
    Case {
        name: "flask-under-gunicorn-with-sync-workers",
        application: |session, place| gunicorn(session, place, &["--workers", "2"]),
        streams: Streams::Fail,
        ..PLAIN
    },
    Case {
        name: "tornado",
        application: |session, place| {
            let mut command = python(session, place, "python");
            command.arg("tornado/server.py");
            command
        },
        ..PLAIN
    },
    Case {
        name: "sse-starlette",
        application: uvicorn,
        ..PLAIN
    },
    Case {
        name: "sse-starlette-behind-nginx",
        application: uvicorn,
        front: Some(|session, place| nginx(session, place, "nginx/nginx.conf")),
        ..PLAIN
    },
    Case {
        name: "nest",
        application: |session, place| {
            let mut command = session.command("node");
            command.current_dir(place.sources.join("nest"));
            command.env("PORT", place.application.to_string());
            command.args(["--import", "tsx", "main.ts"]);
            command
        },
        ..PLAIN
    },
    Case {
        name: "express-sse",
        application: express_sse,
        ..PLAIN
    },
    Case {
        name: "better-sse",
        application: |session, place| node(session, place, "better-sse/server.js"),
        ..PLAIN
    },
    Case {
        name: "node",
        ..PLAIN
    },
    Case {
        name: "go",
        application: go,
        ..PLAIN
    },
    Case {
        name: "go-that-never-flushes",
        application: go,
        events: "/unflushed",
        // Each event ends the stream that brings it, and two were sent by then.
        streams: Streams::End(2),
        ..PLAIN
    },
    Case {
        name: "php-behind-nginx",
        application: php_fpm,
        front: Some(|session, place| nginx(session, place, "php/nginx.conf")),
        events: "/events.php",
        publish: "/publish.php",
        streams: Streams::End(3),
    },
    Case {
        name: "php-that-tells-all-each-time",
        application: php_fpm,
        front: Some(|session, place| nginx(session, place, "php/nginx.conf")),
        events: "/snapshot.php",
        publish: "/publish.php",
        streams: Streams::End(10),
    },
    Case {
        name: "node-behind-haproxy",
        application: |session, place| {
            let mut command = node(session, place, "node/server.js");
            command.env("FLUSH", "1");
            command
        },
        front: Some(haproxy),
        streams: Streams::End(2),
        ..PLAIN
    },
    Case {
        name: "express-sse-behind-haproxy",
        application: express_sse,
        front: Some(haproxy),
        streams: Streams::End(2),
        ..PLAIN
    },
];

fn gunicorn(session: &Session, place: &Place, options: &[&str]) -> Command {
    let mut command = python(session, place, "gunicorn");
    command.args(["app:app", "--chdir", "flask", "--bind"]);
    command.arg(format!("127.0.0.1:{}", place.application));
    command.args(options);
    command
}

fn uvicorn(session: &Session, place: &Place) -> Command {
    let mut command = python(session, place, "uvicorn");
    command.args(["app:app", "--app-dir", "starlette", "--port"]);
    command.arg(place.application.to_string());
    command
}

fn express_sse(session: &Session, place: &Place) -> Command {
    node(session, place, "express-sse/server.js")
}

fn go(session: &Session, place: &Place) -> Command {
    let mut command = session.command(installed("go-server"));
    command.env("PORT", place.application.to_string());
    command
}

fn nginx(session: &Session, place: &Place, name: &str) -> Command {
    let mut command = session.command("nginx");
    command.args(["-e", "stderr", "-p"]).arg(&place.folder);
    command.arg("-c").arg(configuration(place, name));
    command
}

fn haproxy(session: &Session, place: &Place) -> Command {
    let mut command = session.command("haproxy");
    command.args(["-db", "-f"]);
    command.arg(configuration(place, "haproxy/haproxy.cfg"));
    command
}

/// Debian has the version in the program's name.
fn php_fpm(session: &Session, place: &Place) -> Command {
    let folders = ["/usr/sbin", "/usr/bin"].into_iter().map(std::fs::read_dir);
    let programs = folders.flatten().flatten().flatten();
    let mut found = programs.map(|program| program.path()).filter(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("php-fpm"))
    });
    let program = found
        .next()
        .expect("PHP-FPM, which `cargo xtask setup` installs");
    let mut command = session.command(program);
    command.env("NOTICES", place.folder.join("notices"));
    // Root has to be allowed to, and nobody else is changed by it.
    command.args(["-R", "-n", "-y"]);
    command.arg(configuration(place, "php/pool.conf"));
    command
}
