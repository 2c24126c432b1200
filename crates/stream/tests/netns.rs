//! Faults of a real network, made between two network namespaces of the test's own: a black hole
//! in mid-stream, an interface that goes and comes, a server whose address changes. Needs root,
//! `ip` and `nft`; without them the tests fail, unless `BELLDOT_MAY_SKIP` names `netns`.
//!
//! ```sh
//! cargo test -p belldot-stream --test netns
//! ```

#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use belldot_stream::{
    Config, Network, Proxy, Silence, StreamPolicy, StreamState, Subscription, Update,
};
use belldot_testkit::skip_unless;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SERVER: &str = "10.77.0.1";
const CLIENT: &str = "10.77.0.2";
const ELSEWHERE: &str = "10.77.0.9";
/// The event by which the client has heard enough heartbeats to know the habit.
const HABIT: &str = "event 24";
const LIMIT: Duration = Duration::from_secs(40);

#[test]
fn a_black_hole_in_mid_stream_is_noticed_and_healed() {
    let Some(mut world) = World::new("hole") else {
        return;
    };
    world.client.wait_for("open");
    world.client.wait_for(HABIT);
    // Whatever comes in is dropped: nobody says a word any more.
    world.in_client("nft add table inet hole");
    world.in_client("nft add chain inet hole input { type filter hook input priority 0 ; }");
    world.in_client("nft add rule inet hole input drop");
    world.client.wait_for("waiting silent");
    world.client.wait_for("waiting timeout");
    world.in_client("nft delete table inet hole");
    world.client.wait_for("open");
    world.client.goes_on_without_a_gap();
}

#[test]
fn an_interface_that_goes_and_comes_is_survived() {
    let Some(mut world) = World::new("down") else {
        return;
    };
    world.client.wait_for("open");
    world.client.wait_for(HABIT);
    world.in_client("ip link set eth down");
    world.client.wait_for("waiting silent");
    world.client.wait_for("waiting broken");
    world.in_client("ip link set eth up");
    world.client.wait_for("open");
    world.client.goes_on_without_a_gap();
}

#[test]
fn a_server_whose_address_changes_is_found_again() {
    let Some(mut world) = World::new("move") else {
        return;
    };
    world.client.wait_for("open");
    world.client.wait_for(HABIT);
    world.in_server(&format!("ip address delete {SERVER}/24 dev eth"));
    world.in_server(&format!("ip address add {ELSEWHERE}/24 dev eth"));
    world.client.wait_for("waiting");
    world.name_server(ELSEWHERE);
    world.client.wait_for("open");
    world.client.goes_on_without_a_gap();
}

#[test]
fn an_address_family_that_leads_nowhere_does_not_hold_up_the_other() {
    let hosts = format!("2001:db8:77::99 server.test\n{SERVER} server.test\n");
    let Some(mut world) = World::with("eyes", &hosts, 30) else {
        return;
    };
    world.client.wait_for("connecting");
    let start = Instant::now();
    world.client.wait_for("open");
    // Connecting may take 30 s here; the other family is tried after a fraction of one.
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
}

/// A client and a server, each in a namespace of its own.
struct World {
    client: Running,
    _server: Running,
    spaces: Spaces,
}

struct Spaces {
    client: String,
    server: String,
}

impl World {
    fn new(name: &str) -> Option<Self> {
        Self::with(name, &format!("{SERVER} server.test\n"), 2)
    }

    /// `patience` is how long the client waits for a connection, in seconds.
    fn with(name: &str, hosts: &str, patience: u64) -> Option<Self> {
        let name = format!("belldot-{name}-{}", std::process::id());
        let spaces = Spaces {
            client: format!("{name}-c"),
            server: format!("{name}-s"),
        };
        let Spaces { client, server } = &spaces;
        let permitted = run(&format!("ip netns add {client}"))
            && run(&format!("ip netns exec {client} nft list tables"));
        if skip_unless(
            permitted,
            "netns",
            "network namespaces need root, `ip` and `nft`",
        ) {
            return None;
        }
        for command in [
            format!("ip netns add {server}"),
            format!("ip -n {client} link add eth type veth peer name eth netns {server}"),
            format!("ip -n {client} address add {CLIENT}/24 dev eth"),
            format!("ip -n {client} address add 2001:db8:77::2/64 dev eth nodad"),
            format!("ip -n {server} address add {SERVER}/24 dev eth"),
            format!("ip -n {client} link set lo up"),
            format!("ip -n {client} link set eth up"),
            format!("ip -n {server} link set eth up"),
        ] {
            assert!(run(&command), "{command}");
        }
        // Whoever is at 2001:db8:77::99 answers nothing, not even that nobody is there.
        for command in [
            "nft add table ip6 void",
            "nft add chain ip6 void output { type filter hook output priority 0 ; }",
            "nft add rule ip6 void output ip6 daddr 2001:db8:77::99 drop",
        ] {
            assert!(
                run(&format!("ip netns exec {client} {command}")),
                "{command}"
            );
        }
        spaces.name_hosts(hosts);
        let server = Running::start(&spaces.server, "server", patience);
        let client = Running::start(&spaces.client, "client", patience);
        Some(Self {
            client,
            _server: server,
            spaces,
        })
    }

    fn in_client(&self, command: &str) {
        assert!(
            run(&format!("ip netns exec {} {command}", self.spaces.client)),
            "{command}"
        );
    }

    fn in_server(&self, command: &str) {
        assert!(
            run(&format!("ip netns exec {} {command}", self.spaces.server)),
            "{command}"
        );
    }

    fn name_server(&self, address: &str) {
        self.spaces.name_hosts(&format!("{address} server.test\n"));
    }
}

impl Spaces {
    /// `ip netns exec` puts these files over those in `/etc`.
    fn files(&self) -> PathBuf {
        PathBuf::from("/etc/netns").join(&self.client)
    }

    fn name_hosts(&self, hosts: &str) {
        fs::create_dir_all(self.files()).unwrap();
        fs::write(self.files().join("hosts"), hosts).unwrap();
    }
}

impl Drop for Spaces {
    fn drop(&mut self) {
        run(&format!("ip netns delete {}", self.client));
        run(&format!("ip netns delete {}", self.server));
        let _ = fs::remove_dir_all(self.files());
        let _ = fs::remove_dir("/etc/netns");
    }
}

fn run(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let status = Command::new(words.next().unwrap())
        .args(words)
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// One of the ignored tests below, run in a namespace, and what it says.
struct Running {
    child: Child,
    said: Receiver<String>,
    events: Vec<u64>,
}

impl Running {
    fn start(space: &str, test: &str, patience: u64) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut child = Command::new("ip")
            .args(["netns", "exec", space])
            .arg(program)
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env("PATIENCE", patience.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, said) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            child,
            said,
            events: Vec::new(),
        }
    }

    fn wait_for(&mut self, what: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self
                .said
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("no {what:?}"));
            if let Some(number) = line.strip_prefix("event ") {
                self.events.push(number.parse().unwrap());
            }
            if line.starts_with(what) {
                return;
            }
        }
    }

    /// Nothing was lost and nothing came twice, and more comes.
    fn goes_on_without_a_gap(&mut self) {
        let before = self.events.len();
        while self.events.len() < before + 10 {
            self.wait_for("event ");
        }
        let expected: Vec<u64> = (1..=self.events.len() as u64).collect();
        assert_eq!(self.events, expected);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
#[ignore = "run by the others, in a namespace"]
async fn client() {
    let patience = std::env::var("PATIENCE").unwrap().parse().unwrap();
    let mut config = Config::new("http://server.test:8080/".parse().unwrap());
    config.network = Network {
        proxy: Proxy::Direct,
        ..Network::default()
    };
    config.policy = StreamPolicy {
        base: Duration::from_millis(300),
        ceiling: Duration::from_secs(1),
        connect_timeout: Duration::from_secs(patience),
        silence: Silence {
            least: Duration::from_secs(3),
            ..Silence::default()
        },
        ..StreamPolicy::default()
    };
    let mut stream = Subscription::start(config);
    while let Some(update) = stream.next().await {
        match update {
            Update::Event(event) => println!("event {}", event.id),
            Update::State(StreamState::Connecting { .. }) => println!("connecting"),
            Update::State(StreamState::Open { .. }) => println!("open"),
            Update::State(StreamState::Waiting { cause, .. }) => {
                println!("waiting {}", cause.code())
            }
            _ => {}
        }
    }
}

/// Numbers events by the clock, four a second, and replays what a client has missed.
#[tokio::test]
#[ignore = "run by the others, in a namespace"]
async fn server() {
    let listener = TcpListener::bind("0.0.0.0:8080").await.unwrap();
    let start = Instant::now();
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(serve(socket, start));
    }
}

async fn serve(mut socket: TcpStream, start: Instant) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let id = head
        .lines()
        .find_map(|line| line.strip_prefix("last-event-id:"));
    let mut sent: u128 = id.map_or(0, |id| id.trim().parse().unwrap());
    socket
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        .await?;
    for turn in 1_u64.. {
        while sent < start.elapsed().as_millis() / 250 {
            sent += 1;
            socket
                .write_all(format!("id: {sent}\ndata: {sent}\n\n").as_bytes())
                .await?;
        }
        tokio::time::sleep(Duration::from_millis(125)).await;
        if turn % 9 == 0 {
            socket.write_all(b": heartbeat\n\n").await?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}
