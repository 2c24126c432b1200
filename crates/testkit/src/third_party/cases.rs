//! The servers, and what is special about each.

use std::process::Command;

use belldot_session::Session;

use super::site::{ServerSite, configuration, installed, node, python};

/// A server, and what is expected of Belldot with it.
pub struct ServerCase {
    /// The test's name, and the source's.
    pub name: &'static str,
    /// Starts the application, on the port `site.application`.
    pub application: fn(&Session, &ServerSite) -> Command,
    /// Starts the proxy in front of it on the port `site.port`, if there is one.
    pub front: Option<fn(&Session, &ServerSite) -> Command>,
    /// The path of the stream.
    pub events: &'static str,
    /// The path that publishes a message.
    pub publish: &'static str,
    /// How long its streams live.
    pub streams: StreamLifetime,
}

/// How long its streams live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamLifetime {
    /// Until the server ends.
    Stay,
    /// They are cut or end by design, and this often at least within the test.
    End(usize),
    /// While nothing is said, attempts fail.
    Fail,
}

const PLAIN: ServerCase = ServerCase {
    name: "",
    application: |session, site| node(session, site, "node/server.js"),
    front: None,
    events: "/events",
    publish: "/publish",
    streams: StreamLifetime::Stay,
};

/// All servers.
pub const CASES: &[ServerCase] = &[
    ServerCase {
        name: "flask-under-gunicorn-with-threads",
        application: |session, site| gunicorn(session, site, &["--threads", "4"]),
        ..PLAIN
    },
    // A worker that is busy for 30 seconds is killed: what was silent until then is answered with
    // the status 500, and another stream is cut.
    ServerCase {
        name: "flask-under-gunicorn-with-sync-workers",
        application: |session, site| gunicorn(session, site, &["--workers", "2"]),
        streams: StreamLifetime::Fail,
        ..PLAIN
    },
    ServerCase {
        name: "tornado",
        application: |session, site| {
            let mut command = python(session, site, "python");
            command.arg("tornado/server.py");
            command
        },
        ..PLAIN
    },
    ServerCase {
        name: "sse-starlette",
        application: uvicorn,
        ..PLAIN
    },
    ServerCase {
        name: "sse-starlette-behind-nginx",
        application: uvicorn,
        front: Some(|session, site| nginx(session, site, "nginx/nginx.conf")),
        ..PLAIN
    },
    ServerCase {
        name: "nest",
        application: |session, site| {
            let mut command = session.command("node");
            command.current_dir(site.sources.join("nest"));
            command.env("PORT", site.application.to_string());
            command.args(["--import", "tsx", "main.ts"]);
            command
        },
        ..PLAIN
    },
    ServerCase {
        name: "express-sse",
        application: express_sse,
        ..PLAIN
    },
    ServerCase {
        name: "better-sse",
        application: |session, site| node(session, site, "better-sse/server.js"),
        ..PLAIN
    },
    ServerCase {
        name: "node",
        ..PLAIN
    },
    ServerCase {
        name: "go",
        application: go,
        ..PLAIN
    },
    ServerCase {
        name: "go-that-never-flushes",
        application: go,
        events: "/unflushed",
        // Each event ends the stream that brings it, and two were sent by then.
        streams: StreamLifetime::End(2),
        ..PLAIN
    },
    ServerCase {
        name: "php-behind-nginx",
        application: php_fpm,
        front: Some(|session, site| nginx(session, site, "php/nginx.conf")),
        events: "/events.php",
        publish: "/publish.php",
        streams: StreamLifetime::End(3),
    },
    ServerCase {
        name: "php-that-tells-all-each-time",
        application: php_fpm,
        front: Some(|session, site| nginx(session, site, "php/nginx.conf")),
        events: "/snapshot.php",
        publish: "/publish.php",
        streams: StreamLifetime::End(10),
    },
    ServerCase {
        name: "node-behind-haproxy",
        application: |session, site| {
            let mut command = node(session, site, "node/server.js");
            command.env("FLUSH", "1");
            command
        },
        front: Some(haproxy),
        streams: StreamLifetime::End(2),
        ..PLAIN
    },
    ServerCase {
        name: "express-sse-behind-haproxy",
        application: express_sse,
        front: Some(haproxy),
        streams: StreamLifetime::End(2),
        ..PLAIN
    },
];

fn gunicorn(session: &Session, site: &ServerSite, options: &[&str]) -> Command {
    let mut command = python(session, site, "gunicorn");
    command.args(["app:app", "--chdir", "flask", "--bind"]);
    command.arg(format!("127.0.0.1:{}", site.application));
    command.args(options);
    command
}

fn uvicorn(session: &Session, site: &ServerSite) -> Command {
    let mut command = python(session, site, "uvicorn");
    command.args(["app:app", "--app-dir", "starlette", "--port"]);
    command.arg(site.application.to_string());
    command
}

fn express_sse(session: &Session, site: &ServerSite) -> Command {
    node(session, site, "express-sse/server.js")
}

fn go(session: &Session, site: &ServerSite) -> Command {
    let mut command = session.command(installed("go-server"));
    command.env("PORT", site.application.to_string());
    command
}

fn nginx(session: &Session, site: &ServerSite, name: &str) -> Command {
    let mut command = session.command("nginx");
    command.args(["-e", "stderr", "-p"]).arg(&site.folder);
    command.arg("-c").arg(configuration(site, name));
    command
}

fn haproxy(session: &Session, site: &ServerSite) -> Command {
    let mut command = session.command("haproxy");
    command.args(["-db", "-f"]);
    command.arg(configuration(site, "haproxy/haproxy.cfg"));
    command
}

/// Debian has the version in the program's name.
fn php_fpm(session: &Session, site: &ServerSite) -> Command {
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
    command.env("NOTICES", site.folder.join("notices"));
    // Root has to be allowed to, and nobody else is changed by it.
    command.args(["-R", "-n", "-y"]);
    command.arg(configuration(site, "php/pool.conf"));
    command
}
