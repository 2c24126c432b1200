//! A company's web server, which tells what it was asked for.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread,
};

use belldot_session::wait_for;
use belldot_testkit::LIMIT;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method, target and version.
    pub line: String,
    headers: Vec<String>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Whether it is for this path.
    pub fn is_for(&self, path: &str) -> bool {
        self.line
            .split(' ')
            .nth(1)
            .is_some_and(|target| target.split('?').next() == Some(path))
    }
}

/// The head and the body of an answer.
pub struct Answer(String);

impl Answer {
    /// A page.
    pub fn page(body: &str) -> Self {
        Self::with("200 OK", &[("content-type", "text/html")], body)
    }

    pub fn redirect(to: &str) -> Self {
        Self::with("302 Found", &[("location", to)], "")
    }

    pub fn with(status: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        Self(format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        ))
    }
}

/// A running web server.
pub struct Site {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Site {
    pub fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), None, answer)
    }

    pub fn with_tls(
        config: ServerConfig,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), Some(config), answer)
    }

    /// One at this address.
    pub fn at(
        address: SocketAddr,
        tls: Option<ServerConfig>,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let site = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
        };
        let (tls, answer, requests) = (tls.map(Arc::new), Arc::new(answer), site.requests.clone());
        // An engine opens more connections than it uses, so each has a thread.
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let (tls, answer, requests) = (tls.clone(), answer.clone(), requests.clone());
                thread::spawn(move || match tls {
                    None => serve(socket, &*answer, &requests),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).unwrap();
                        serve(StreamOwned::new(connection, socket), &*answer, &requests);
                    }
                });
            }
        });
        site
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        let requests = self.requests();
        requests.iter().filter(|known| known.is_for(path)).count()
    }

    /// Waits until a path is asked for, and returns the last request for it.
    pub fn wait_for(&self, path: &str) -> Request {
        let found = wait_for(&format!("{path} is asked for"), LIMIT, || {
            let mut requests = self.requests().into_iter();
            requests.rfind(|known| known.is_for(path))
        });
        found.unwrap_or_else(|error| panic!("{error}: {:#?}", self.requests()))
    }
}

/// An address where nobody listens yet.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn serve(
    mut stream: impl Read + Write,
    answer: &(impl Fn(&Request) -> Answer + ?Sized),
    requests: &Mutex<Vec<Request>>,
) {
    let mut reader = BufReader::new(&mut stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(2..) if !line.trim_end().is_empty() => head.push(line.trim_end().to_owned()),
            _ => break,
        }
    }
    if head.is_empty() {
        return;
    }
    let request = Request {
        line: head.remove(0),
        headers: head,
    };
    let length = request.header("content-length");
    let length: u64 = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let _ = std::io::copy(&mut reader.take(length), &mut std::io::sink());
    let Answer(answer) = answer(&request);
    requests.lock().unwrap().push(request);
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.flush();
}
