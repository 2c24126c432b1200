//! nginx with the module nchan: a real server that nobody here wrote.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::header::CONNECTION;
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::http_client::direct_client;
use crate::{LIMIT, skip_unless};

const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// nchan numbers messages within a second (`time:number`) and starts again where it has lost a
/// channel: messages of the same second would have IDs that were used before. The one place in
/// which tests wait for a clock: nginx's.
const NEXT_SECOND: Duration = Duration::from_millis(1_100);

/// An nginx of the test's own, with a folder and a port of its own.
///
/// A channel is the parameter `id` of an address. Locations: `publish`; `listen`, with a comment
/// as heartbeat each second; `limited` to one subscriber.
pub struct NchanServer {
    process: Child,
    folder: TempDir,
    port: u16,
    http: Client,
}

impl NchanServer {
    /// Starts it. `None` if nginx or its module is not installed and `nchan` may be skipped.
    ///
    /// # Panics
    /// If it does not start, or is missing and must not be skipped.
    pub async fn start() -> Option<Self> {
        let nginx = Command::new("nginx")
            .arg("-v")
            .stderr(Stdio::null())
            .status();
        let installed = nginx.is_ok_and(|status| status.success()) && Path::new(MODULE).exists();
        let missing = "nginx with nchan is not installed (libnginx-mod-nchan)";
        if skip_unless(installed, "nchan", missing) {
            return None;
        }
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let path = folder.path().display();
        let configuration = format!(
            "load_module {MODULE};
             user root; worker_processes 1; daemon off; pid {path}/pid; error_log {path}/error.log;
             events {{}}
             http {{
               access_log off;
               client_body_temp_path {path}/body; proxy_temp_path {path}/proxy;
               fastcgi_temp_path {path}/fastcgi; uwsgi_temp_path {path}/uwsgi;
               scgi_temp_path {path}/scgi;
               nchan_message_buffer_length 1000; nchan_message_timeout 10m;
               server {{
                 listen 127.0.0.1:{port};
                 location = /publish {{ nchan_publisher; nchan_channel_id $arg_id; }}
                 location = /listen {{
                   nchan_subscriber eventsource; nchan_channel_id $arg_id;
                   nchan_eventsource_ping_interval 1; nchan_eventsource_ping_comment ping;
                 }}
                 location = /limited {{
                   nchan_subscriber eventsource; nchan_channel_id $arg_id;
                   nchan_max_channel_subscribers 1;
                 }}
               }}
             }}"
        );
        fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        let server = Self {
            process: spawn(folder.path()),
            folder,
            port,
            http: direct_client(),
        };
        server.wait_until_ready().await;
        Some(server)
    }

    /// The address of a location with a channel.
    pub fn url(&self, location: &str, channel: &str) -> String {
        format!("http://127.0.0.1:{}/{location}?id={channel}", self.port)
    }

    /// Publishes a message with an event type.
    ///
    /// # Panics
    /// If nginx refuses.
    pub async fn publish(&self, channel: &str, kind: &str, message: &str) {
        let request = self.request(Method::POST, channel);
        let request = request
            .header("X-EventSource-Event", kind)
            .body(message.to_owned());
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "{status}");
    }

    /// Deletes a channel, which ends its streams.
    ///
    /// # Panics
    /// If nginx refuses.
    pub async fn delete(&self, channel: &str) {
        let request = self.request(Method::DELETE, channel);
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "{status}");
    }

    /// Kills its worker; the master process starts another.
    ///
    /// # Panics
    /// If there is none.
    pub fn kill_worker(&self) {
        let parent = self.process.id().to_string();
        let found = Command::new("pgrep")
            .args(["-P", &parent])
            .output()
            .unwrap();
        let workers = String::from_utf8(found.stdout).unwrap();
        assert!(!workers.trim().is_empty());
        for worker in workers.split_whitespace() {
            let killed = Command::new("kill").args(["-KILL", worker]).status();
            assert!(killed.unwrap().success());
        }
    }

    /// Stops it, which loses its messages, and starts it again in another second.
    pub async fn restart(&mut self) {
        self.stop();
        self.next_second().await;
        self.process = spawn(self.folder.path());
        self.wait_until_ready().await;
    }

    /// Waits until new messages get IDs that were not used before.
    pub async fn next_second(&self) {
        sleep(NEXT_SECOND).await;
    }

    /// Waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub async fn wait_until_ready(&self) {
        let ready = async {
            while self.request(Method::GET, "none").send().await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let log = self.folder.path().join("error.log");
        if timeout(LIMIT, ready).await.is_err() {
            panic!("nginx does not start: {:?}", fs::read_to_string(log));
        }
    }

    /// A request of its own connection: one that is kept may be a killed worker's.
    fn request(&self, method: Method, channel: &str) -> RequestBuilder {
        let request = self.http.request(method, self.url("publish", channel));
        request.header(CONNECTION, "close")
    }

    fn stop(&mut self) {
        let process = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &process]).status().ok();
        self.process.wait().ok();
    }
}

impl Drop for NchanServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawn(folder: &Path) -> Child {
    Command::new("nginx")
        .arg("-p")
        .arg(folder)
        .args(["-c", "nginx.conf", "-e", "error.log"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
