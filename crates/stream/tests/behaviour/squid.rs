//! squid, a proxy that nobody here wrote, with a sign-in: plain requests and tunnels, refused and
//! let through. Needs squid as Debian packages it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use belldot_stream::{Cause, Network, Proxy, ProxyFault, ProxyServer, StreamState, Subscription};
use reqwest::StatusCode;
use tempfile::TempDir;

use crate::authority::{Authority, TlsServer};
use crate::fault::{FaultServer, HEAD, LIMIT, Peer, config, next_event, next_rest};

/// `right`, as `htpasswd -m` keeps it.
const PASSWORD: &str = "ann:$apr1$YnqaHh1N$aPCsKOphIGo/8D5MfXw/Q0\n";

struct Squid {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Squid {
    /// Lets `ann` through, but not to this port. It knows that `server.test` is this machine.
    async fn start(forbidden: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Started by root, it is somebody else soon.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let port = free_port();
        let at = folder.path().display();
        fs::write(folder.path().join("passwords"), PASSWORD).unwrap();
        fs::write(folder.path().join("hosts"), "127.0.0.1 server.test\n").unwrap();
        let helpers = ["/usr/lib/squid", "/usr/lib64/squid"];
        let helper = helpers.map(|folder| format!("{folder}/basic_ncsa_auth"));
        let helper = helper.iter().find(|helper| Path::new(helper).exists());
        let helper = helper.expect("squid, which `cargo xtask setup` installs");
        let settings = format!(
            "http_port 127.0.0.1:{port}\n\
             hosts_file {at}/hosts\n\
             pid_filename none\n\
             access_log stdio:{at}/access.log\n\
             cache_log {at}/cache.log\n\
             coredump_dir {at}\n\
             cache deny all\n\
             pinger_enable off\n\
             shutdown_lifetime 0 seconds\n\
             auth_param basic program {helper} {at}/passwords\n\
             auth_param basic realm corp\n\
             acl known proxy_auth REQUIRED\n\
             acl forbidden port {forbidden}\n\
             http_access deny !known\n\
             http_access deny forbidden\n\
             http_access allow all\n"
        );
        let file = folder.path().join("squid.conf");
        fs::write(&file, settings).unwrap();
        let process = Command::new("squid")
            .arg("-N")
            .arg("-f")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("squid, which `cargo xtask setup` installs");
        let squid = Self {
            process,
            port,
            folder,
        };
        let deadline = tokio::time::Instant::now() + LIMIT;
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            assert!(
                tokio::time::Instant::now() < deadline,
                "{}",
                squid.log("cache.log")
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        squid
    }

    fn network(&self, authority: &Authority, signs_in: bool) -> Network {
        Network {
            proxy: Proxy::Through(ProxyServer {
                url: format!("http://127.0.0.1:{}", self.port),
                user: signs_in.then(|| "ann".to_owned()),
                except: String::new(),
            }),
            extra_ca: vec![authority.file()],
            ..Network::default()
        }
    }

    fn log(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

impl Drop for Squid {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn subscribe(url: &str, network: Network, password: Option<&str>) -> Subscription {
    let mut config = config(url);
    config.transport = None;
    config.proxy_access.password = password.map(str::to_owned);
    config.network = network;
    Subscription::start(config)
}

async fn stops(url: &str, network: Network, password: Option<&str>) -> Cause {
    let mut stream = subscribe(url, network, password);
    loop {
        match next_rest(&mut stream).await {
            StreamState::Stopped { cause } => return cause,
            StreamState::Waiting { .. } => {}
            state => panic!("{state:?}"),
        }
    }
}

#[tokio::test]
async fn squid_is_signed_in_to_for_plain_requests_and_for_tunnels() {
    let authority = Authority::new();
    let plain = FaultServer::start(|mut peer: Peer| async move {
        peer.stream("data: hello\n\n").await;
        peer.closed().await;
    })
    .await;
    let hello = format!("{HEAD}data: hello\n\n");
    let tls = TlsServer::start(authority.server("server.test", |_| {}), hello).await;
    let forbidden = free_port();
    let squid = Squid::start(forbidden).await;
    let urls = [
        format!("http://server.test:{}/", plain.addr.port()),
        format!("https://server.test:{}/", tls.addr.port()),
    ];
    for url in &urls {
        let wants = Cause::ProxySignIn(vec!["Basic".to_owned()]);
        for password in [None, Some("old")] {
            let network = squid.network(&authority, password.is_some());
            assert_eq!(
                stops(url, network, password).await,
                wants,
                "{url} {password:?}"
            );
        }
        let mut stream = subscribe(url, squid.network(&authority, true), Some("right"));
        assert_eq!(next_event(&mut stream).await.data, "hello", "{url}");
    }
    let url = format!("https://server.test:{forbidden}/");
    let mut stream = subscribe(&url, squid.network(&authority, true), Some("right"));
    match next_rest(&mut stream).await {
        StreamState::Waiting { cause, .. } => assert_eq!(
            cause,
            Cause::Proxy(ProxyFault::Refused(StatusCode::FORBIDDEN))
        ),
        state => panic!("{state:?}"),
    }
    // The old password was tried twice for each; the name stands in the log where it was given.
    let log = squid.log("access.log");
    let refused = log
        .lines()
        .filter(|line| line.contains("/407 ") && line.contains(" ann "));
    assert_eq!(refused.count(), 4, "{log}");
}
