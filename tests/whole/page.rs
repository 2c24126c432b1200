//! The page in Belldot's own webview, read and used through WebKit's driver.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Stdio},
    sync::mpsc,
    thread,
};

use belldot_session::{Session, wait_until};
use belldot_testkit::{Home, LIMIT, program};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::{runtime::Runtime, time::timeout};

/// A driver that has started Belldot and waits for its first window.
pub struct Driver {
    process: Child,
    attached: mpsc::Receiver<(Runtime, Client)>,
}

/// The first window's page.
pub struct Page {
    process: Child,
    runtime: Runtime,
    client: Client,
}

impl Driver {
    /// Starts Belldot under the driver; the first window it opens is the one that can be driven.
    pub fn start(session: &Session, home: &Home, arguments: &[&str]) -> Self {
        Self::start_with(session, home, arguments, &[])
    }

    /// The same with further variables in the environment.
    pub fn start_with(
        session: &Session,
        home: &Home,
        arguments: &[&str],
        variables: &[(&str, &Path)],
    ) -> Self {
        let port = free_port();
        let process = session
            .command("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .envs(variables.iter().copied())
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let arguments: Vec<_> = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .chain(home.arguments())
            .collect();
        let (done, attached) = mpsc::channel();
        thread::spawn(move || {
            let runtime = Runtime::new().unwrap();
            let client = runtime.block_on(attach(port, &arguments));
            let _ = done.send((runtime, client));
        });
        Self { process, attached }
    }

    /// The page, once a window is open.
    pub fn page(self) -> Page {
        let (runtime, client) = self
            .attached
            .recv_timeout(LIMIT)
            .expect("a window to drive");
        Page {
            process: self.process,
            runtime,
            client,
        }
    }
}

impl Page {
    /// Waits until an element's text is as it should be.
    pub fn wait_for_text(&self, css: &str, is_it: impl Fn(&str) -> bool) {
        let mut last = None;
        let waited = wait_until(&format!("{css} shows the right text"), LIMIT, || {
            last = self.text(css);
            last.as_deref().is_some_and(&is_it)
        });
        waited.unwrap_or_else(|error| panic!("{error}; it showed {last:?}"));
    }

    pub fn text(&self, css: &str) -> Option<String> {
        self.runtime.block_on(async {
            self.client
                .find(Locator::Css(css))
                .await
                .ok()?
                .text()
                .await
                .ok()
        })
    }

    pub fn click(&self, css: &str) {
        self.wait_for(css);
        let element = self.find(css).unwrap();
        self.runtime.block_on(element.click()).unwrap();
    }

    /// Clicks on an element that may move meanwhile, as a row of a live list does: from inside.
    pub fn click_wherever_it_is(&self, css: &str) {
        const CLICK: &str = "const found = document.querySelector(arguments[0]);
            found?.click();
            return found !== null;";
        wait_until(&format!("there is {css}"), LIMIT, || {
            let clicked = self.client.execute(CLICK, vec![json!(css)]);
            self.runtime.block_on(clicked).unwrap() == true
        })
        .unwrap();
    }

    pub fn type_into(&self, css: &str, text: &str) {
        self.wait_for(css);
        let element = self.find(css).unwrap();
        self.runtime.block_on(async {
            element.clear().await.unwrap();
            element.send_keys(text).await.unwrap();
        });
    }

    pub fn wait_for(&self, css: &str) {
        wait_until(&format!("there is {css}"), LIMIT, || {
            self.find(css).is_some()
        })
        .unwrap();
    }

    /// Runs a script inside.
    pub fn run(&self, script: &str) {
        let run = self.client.execute(script, Vec::new());
        self.runtime.block_on(run).unwrap();
    }

    /// How many elements there are.
    pub fn count(&self, css: &str) -> usize {
        let found = self.client.find_all(Locator::Css(css));
        self.runtime.block_on(found).map_or(0, |found| found.len())
    }

    /// Presses keys, wherever the page's focus is.
    pub fn press(&self, keys: &str) {
        self.runtime.block_on(async {
            let focused = self.client.active_element().await.unwrap();
            focused.send_keys(keys).await.unwrap();
        });
    }

    fn find(&self, css: &str) -> Option<Element> {
        self.runtime
            .block_on(self.client.find(Locator::Css(css)))
            .ok()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn attach(port: u16, arguments: &[String]) -> Client {
    let options =
        json!({ "webkitgtk:browserOptions": { "binary": program("belldot"), "args": arguments } });
    let Value::Object(capabilities) = options else {
        unreachable!()
    };
    let driver = format!("http://127.0.0.1:{port}");
    // The driver itself needs a moment until it listens; the session then waits for a window.
    timeout(LIMIT, async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("the driver listens");
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&driver)
        .await
        .expect("a driver session")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
