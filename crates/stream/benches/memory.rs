//! Memory: a 256 MiB line, and 5,000 subscriptions in one process, for Belldot and for
//! `eventsource-client`. The server is this process; each measurement is a process of its own.
//!
//! ```sh
//! cargo bench -p belldot-stream --bench memory
//! ```

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use belldot_stream::{Client, Config, Network, Proxy, ProxyAccess, Subscription, Update};
use eventsource_client::{Client as _, ClientBuilder, ReconnectOptions, SSE};
use futures_util::StreamExt;
use launchdarkly_sdk_transport::HyperTransport;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::sleep;

const LINE: usize = 256;
const LINE_TARGET: i64 = 8 * 1024;
const STREAMS: i64 = 5_000;
const STREAM_TARGET: f64 = 24.0;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "line", client, url] => line(client, url).await,
        [_, "streams", client, url] => streams(client, url).await,
        _ if !cfg!(target_os = "linux") => println!("skipped: reads Linux's /proc"),
        _ => bench().await,
    }
}

async fn bench() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(socket));
        }
    });
    let measure = |what: &'static str, client: &'static str| {
        let url = format!("{base}/{what}");
        async move { measure(what, client, &url).await }
    };
    let (ours, theirs) = (
        measure("line", "belldot").await,
        measure("line", "baseline").await,
    );
    println!("a line of {LINE} MiB, growth of resident memory at its peak:");
    println!("  belldot-stream       {:9.2} MiB", ours as f64 / 1024.0);
    println!("  eventsource-client   {:9.2} MiB", theirs as f64 / 1024.0);
    println!(
        "  ratio                {:9.0} ×",
        theirs as f64 / ours.max(1) as f64
    );
    println!(
        "  target: under 8 MiB, and the next event arrives: {}",
        verdict(ours < LINE_TARGET)
    );
    let (ours, theirs) = (
        measure("streams", "belldot").await,
        measure("streams", "baseline").await,
    );
    let each = |kibibytes: i64| kibibytes as f64 / STREAMS as f64;
    println!("{STREAMS} subscriptions in one process, resident memory each:");
    println!("  belldot-stream       {:9.1} KiB", each(ours));
    println!("  eventsource-client   {:9.1} KiB", each(theirs));
    println!(
        "  target: at most 24 KiB: {}",
        verdict(each(ours) <= STREAM_TARGET)
    );
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

/// Runs this program to measure, and reads the number of KiB that it prints.
async fn measure(what: &'static str, client: &'static str, url: &str) -> i64 {
    let url = url.to_owned();
    let run = move || {
        let program = std::env::current_exe().unwrap();
        Command::new(program)
            .args([what, client, &url])
            .output()
            .unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    said.trim()
        .parse()
        .unwrap_or_else(|_| panic!("{what} {client}: {said:?} {:?}", output.status))
}

async fn serve(mut socket: TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    socket
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        .await?;
    socket.write_all(b"id: 1\ndata: before\n\n").await?;
    if head.starts_with(b"GET /line") {
        sleep(Duration::from_secs(1)).await;
        socket.write_all(b"data: ").await?;
        let mebibyte = vec![b'x'; 1 << 20];
        for _ in 0..LINE {
            socket.write_all(&mebibyte).await?;
        }
        socket.write_all(b"\n\ndata: after\n\n").await?;
    }
    // Until the client has gone.
    while socket.read(&mut [0; 64]).await? > 0 {}
    Ok(())
}

async fn line(client: &str, url: &str) {
    let (sender, mut events) = mpsc::channel(1);
    start(client, url, &Shared::new(sender));
    assert_eq!(events.recv().await.unwrap(), "before".len());
    let before = status("VmRSS");
    fs::write("/proc/self/clear_refs", "5").unwrap();
    while events.recv().await.unwrap() != "after".len() {}
    println!("{}", status("VmHWM") - before);
}

async fn streams(client: &str, url: &str) {
    let (sender, mut events) = mpsc::channel(1);
    let shared = Shared::new(sender);
    start(client, url, &shared);
    events.recv().await.unwrap();
    let before = status("VmRSS");
    for _ in 0..STREAMS {
        start(client, url, &shared);
        events.recv().await.unwrap();
    }
    sleep(Duration::from_secs(2)).await;
    println!("{}", status("VmRSS") - before);
}

/// What many subscriptions share.
struct Shared {
    ours: Arc<Client>,
    theirs: HyperTransport,
    events: mpsc::Sender<usize>,
}

impl Shared {
    fn new(events: mpsc::Sender<usize>) -> Self {
        let network = Network {
            proxy: Proxy::Direct,
            ..Network::default()
        };
        let ours = Arc::new(
            Client::new(&network, &ProxyAccess::default(), Duration::from_secs(15)).unwrap(),
        );
        let theirs = HyperTransport::builder()
            .disable_proxy()
            .build_http()
            .unwrap();
        Self {
            ours,
            theirs,
            events,
        }
    }
}

/// Subscribes, and tells the length of each event's data.
fn start(client: &str, url: &str, shared: &Shared) {
    let sender = shared.events.clone();
    if client == "belldot" {
        let mut config = Config::new(url.parse().unwrap());
        config.transport = Some(shared.ours.clone());
        let mut stream = Subscription::start(config);
        tokio::spawn(async move {
            while let Some(update) = stream.next().await {
                if let Update::Event(event) = update {
                    let _ = sender.send(event.data.len()).await;
                }
            }
        });
    } else {
        let builder = ClientBuilder::for_url(url).unwrap();
        let builder = builder.reconnect(ReconnectOptions::reconnect(true).build());
        let mut stream = builder.build_with_transport(shared.theirs.clone()).stream();
        tokio::spawn(async move {
            while let Some(update) = stream.next().await {
                if let Ok(SSE::Event(event)) = update {
                    let _ = sender.send(event.data.len()).await;
                }
            }
        });
    }
}

/// A field of this process's status, in KiB.
fn status(field: &str) -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .unwrap()
}
