//! A server as a process, or two with what stands before it, that can be restarted.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
};

use belldot_session::{Session, wait_for, wait_until};

use super::{LIMIT, cases::Case};

/// Where a server keeps its files and listens.
pub struct Place {
    /// Its programs, as the project has them.
    pub sources: PathBuf,
    /// Its own folder.
    pub folder: PathBuf,
    /// Where the world connects to.
    pub port: u16,
    /// Where the application listens: the same, if nothing stands before it.
    pub application: u16,
}

/// A running server. What it consists of ends with the session at the latest.
pub struct Server<'a> {
    pub case: &'static Case,
    session: &'a Session,
    place: Place,
    application: Child,
    /// Kept to the end: it is not restarted with the application.
    _front: Option<Child>,
}

impl<'a> Server<'a> {
    /// Starts it, and does not wait: several start sooner together.
    pub fn start(session: &'a Session, case: &'static Case, [port, behind]: [u16; 2]) -> Self {
        let place = Place {
            sources: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers"),
            folder: session.folder().join("servers").join(case.name),
            port,
            application: if case.front.is_some() { behind } else { port },
        };
        fs::create_dir_all(&place.folder).unwrap();
        Self {
            application: spawn(&place, (case.application)(session, &place)),
            _front: case
                .front
                .map(|front| spawn(&place, front(session, &place))),
            case,
            session,
            place,
        }
    }

    /// The address of its stream.
    pub fn events(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.place.port, self.case.events)
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

    /// Starts the application again, at the same place.
    pub fn start_again(&mut self) {
        let command = (self.case.application)(self.session, &self.place);
        self.application = spawn(&self.place, command);
        self.wait_until_it_listens();
    }

    /// All that its programs have printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.place.folder.join("log")).unwrap_or_default()
    }

    pub fn wait_until_it_listens(&mut self) {
        for port in [self.place.application, self.place.port] {
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
        let mut socket = TcpStream::connect(("127.0.0.1", self.place.port)).ok()?;
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

impl Drop for Server<'_> {
    fn drop(&mut self) {
        for process in [Some(&mut self.application), self._front.as_mut()] {
            let Some(process) = process else { continue };
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Node.js with one of the scripts.
pub fn node(session: &Session, place: &Place, script: &str) -> Command {
    let mut command = session.command("node");
    command.current_dir(&place.sources).arg(script);
    command.env("PORT", place.application.to_string());
    command
}

/// A program of the Python environment that `cargo xtask setup` made.
pub fn python(session: &Session, place: &Place, program: &str) -> Command {
    let mut command = session.command(installed("python/bin").join(program));
    command.current_dir(&place.sources);
    command.env("PORT", place.application.to_string());
    command.env("NOTICES", place.folder.join("notices"));
    // The sources stay as they are.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// What `cargo xtask setup` has installed for the tests alone.
pub fn installed(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let path = target.join("servers").join(name);
    assert!(
        path.exists(),
        "{} is not there; `cargo xtask setup` installs it",
        path.display()
    );
    path
}

/// A configuration of the project, with what is between `@` filled in.
pub fn configuration(place: &Place, name: &str) -> PathBuf {
    let text = fs::read_to_string(place.sources.join(name)).unwrap();
    let text = text
        .replace("@FOLDER@", &place.folder.display().to_string())
        .replace("@SOURCES@", &place.sources.display().to_string())
        .replace("@PORT@", &place.port.to_string())
        .replace("@APPLICATION@", &place.application.to_string());
    let path = place.folder.join(Path::new(name).file_name().unwrap());
    fs::write(&path, text).unwrap();
    path
}

fn spawn(place: &Place, mut command: Command) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(place.folder.join("log"))
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
