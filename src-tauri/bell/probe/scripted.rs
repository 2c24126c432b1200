//! A server that does exactly what a test says.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
};
use url::Url;

/// The head of a stream.
pub const STREAM: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// A request as it came.
#[derive(Clone, Debug)]
pub struct ScriptedRequest {
    /// Its head.
    pub head: String,
}

impl ScriptedRequest {
    /// The path, with the query.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What to do with a request; then the connection is closed.
#[derive(Clone, Debug, Default)]
pub struct Script(Vec<ScriptPart>);

#[derive(Clone, Debug)]
enum ScriptPart {
    Bytes(Vec<u8>),
    Wait(Duration),
    ForEver(String),
    Silence,
}

impl Script {
    pub fn says(bytes: impl AsRef<[u8]>) -> Self {
        Self::default().then(bytes)
    }

    pub fn then(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push(ScriptPart::Bytes(bytes.as_ref().to_vec()));
        self
    }

    pub fn waits(mut self, millis: u64) -> Self {
        self.0.push(ScriptPart::Wait(Duration::from_millis(millis)));
        self
    }

    pub fn then_for_ever(mut self, bytes: String) -> Self {
        self.0.push(ScriptPart::ForEver(bytes));
        self
    }

    pub fn then_silence(mut self) -> Self {
        self.0.push(ScriptPart::Silence);
        self
    }

    /// Does all of it; whoever reads may go away.
    pub async fn play(self, socket: &mut (impl AsyncWrite + AsyncRead + Unpin)) -> Option<()> {
        for part in self.0 {
            match part {
                ScriptPart::Bytes(bytes) => {
                    socket.write_all(&bytes).await.ok()?;
                    socket.flush().await.ok()?;
                }
                ScriptPart::Wait(time) => tokio::time::sleep(time).await,
                ScriptPart::ForEver(bytes) => loop {
                    socket.write_all(bytes.as_bytes()).await.ok()?;
                },
                ScriptPart::Silence => while socket.read(&mut [0; 64]).await.ok()? > 0 {},
            }
        }
        socket.shutdown().await.ok()
    }
}

/// A server on this computer; it goes with the test's runtime.
pub struct ScriptedServer {
    port: u16,
    asked: Arc<Mutex<Vec<ScriptedRequest>>>,
}

impl ScriptedServer {
    pub async fn start(
        script: impl Fn(&ScriptedRequest) -> Script + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<ScriptedRequest>>>::default();
        let (requests, script) = (asked.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (requests, script) = (requests.clone(), script.clone());
                tokio::spawn(async move {
                    let request = read_head(&mut socket).await?;
                    let script = script(&request);
                    requests.lock().push(request);
                    script.play(&mut socket).await
                });
            }
        });
        Self { port, asked }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<ScriptedRequest> {
        self.asked.lock().clone()
    }
}

async fn read_head(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<ScriptedRequest> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
        if !head[0].is_ascii_alphabetic() {
            // TLS, to which a server of plain http answers as it can.
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return None;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    Some(ScriptedRequest { head })
}
