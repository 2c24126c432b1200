//! A server as a process that can be restarted, with a proxy in front of it where the case has one.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::Duration,
};

use belldot_session::{Session, wait_for, wait_until};

use super::{cases::ServerCase, site::ServerSite};

/// The longest wait for a condition. Generous: a slow machine must not fail a test.
pub const LIMIT: Duration = Duration::from_secs(240);

/// A running server. What it consists of ends with the session at the latest.
pub struct ThirdPartyServer<'a> {
    /// Its case.
    pub case: &'static ServerCase,
    session: &'a Session,
    site: ServerSite,
    application: Child,
    /// Kept to the end: it is not restarted with the application.
    _front: Option<Child>,
}

impl<'a> ThirdPartyServer<'a> {
    /// Starts it, and does not wait: several start sooner together.
    pub fn start(
        session: &'a Session,
        case: &'static ServerCase,
        [port, behind]: [u16; 2],
    ) -> Self {
        let site = ServerSite {
            // Without `..`, which PHP does not serve.
            sources: fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/servers"))
                .unwrap(),
            folder: session.folder().join("servers").join(case.name),
            port,
            application: if case.front.is_some() { behind } else { port },
        };
        fs::create_dir_all(&site.folder).unwrap();
        Self {
            application: spawn(&site, (case.application)(session, &site)),
            _front: case.front.map(|front| spawn(&site, front(session, &site))),
            case,
            session,
            site,
        }
    }

    /// The address of its stream.
    pub fn events(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.site.port, self.case.events)
    }

    /// Has it say something. Where nobody listens, most servers would forget it: they are asked
    /// again until it went to a stream, or to a database.
    pub fn publish(&self, words: &str) {
        let what = format!("somebody listens to {}", self.case.name);
        wait_until(&what, LIMIT, || {
            self.post(words).is_some_and(|listeners| listeners > 0)
        })
        .unwrap_or_else(|error| panic!("{error}\n{}", self.log()));
    }

    /// Ends the application as whoever runs it would.
    pub fn stop(&mut self) {
        let pid = self.application.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(kill.unwrap().success());
        let what = format!("{} ends", self.case.name);
        wait_for(&what, LIMIT, || self.application.try_wait().unwrap()).unwrap();
    }

    /// Starts the application again, at the same site.
    pub fn start_again(&mut self) {
        let command = (self.case.application)(self.session, &self.site);
        self.application = spawn(&self.site, command);
        self.wait_until_it_listens();
    }

    /// All that its programs have printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.site.folder.join("log")).unwrap_or_default()
    }

    /// Waits until its ports accept connections.
    pub fn wait_until_it_listens(&mut self) {
        for port in [self.site.application, self.site.port] {
            let what = format!("{} listens", self.case.name);
            wait_until(&what, LIMIT, || {
                if let Some(status) = self.application.try_wait().unwrap() {
                    panic!("{} ended, {status}:\n{}", self.case.name, self.log());
                }
                TcpStream::connect(("127.0.0.1", port)).is_ok()
            })
            .unwrap_or_else(|error| panic!("{error}\n{}", self.log()));
        }
    }

    /// How many streams it went to; nothing where the server, or what stands before it, fails.
    fn post(&self, words: &str) -> Option<u64> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.site.port)).ok()?;
        let head = format!(
            "POST {} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\
             Content-Length: {}\r\n\r\n",
            self.case.publish,
            words.len()
        );
        socket.write_all(head.as_bytes()).ok()?;
        socket.write_all(words.as_bytes()).ok()?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?;
        status.starts_with('2').then(|| body.trim().parse().ok())?
    }
}

impl Drop for ThirdPartyServer<'_> {
    fn drop(&mut self) {
        for process in [Some(&mut self.application), self._front.as_mut()] {
            let Some(process) = process else { continue };
            process.kill().ok();
            process.wait().ok();
        }
    }
}

fn spawn(site: &ServerSite, mut command: Command) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(site.folder.join("log"))
        .unwrap();
    command.stdout(log.try_clone().unwrap()).stderr(log);
    let child = command.spawn();
    child.unwrap_or_else(|error| panic!("{:?}: {error}", command.get_program()))
}

/// Two ports for each of so many servers. They are taken together: one that is free again may be
/// given out again before a server has bound it.
pub fn free_ports(servers: usize) -> Vec<[u16; 2]> {
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let listeners: Vec<_> = (0..servers).map(|_| [listen(), listen()]).collect();
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
    listeners
        .iter()
        .map(|two| two.each_ref().map(port))
        .collect()
}
