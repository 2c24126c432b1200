//! The proxies that the desktop is set to, fixed ones and those of a PAC file alike.

use std::sync::Arc;

use belldot_stream::ProxyLookup;

/// Asks the desktop, by its portal, as sandboxed programs do: GNOME and KDE answer there from
/// their settings, and read PAC files.
#[cfg(target_os = "linux")]
pub fn desktop() -> Option<Arc<dyn ProxyLookup>> {
    Some(Arc::new(portal::Portal))
}

/// Their settings are read with the environment's.
#[cfg(not(target_os = "linux"))]
pub fn desktop() -> Option<Arc<dyn ProxyLookup>> {
    None
}

#[cfg(target_os = "linux")]
mod portal {
    use belldot_stream::ProxyLookup;
    use futures_util::{FutureExt as _, future::BoxFuture};
    use url::Url;
    use zbus::Connection;

    use crate::os::bus;

    /// `org.freedesktop.portal.ProxyResolver`, version 1.
    #[derive(Clone, Copy, Debug)]
    pub struct Portal;

    impl ProxyLookup for Portal {
        fn lookup(&self, url: Url) -> BoxFuture<'static, Vec<String>> {
            let ask = async move { lookup(&bus::session().await?, &url).await };
            ask.map(|answer| {
                answer.unwrap_or_else(|error: zbus::Error| {
                    tracing::debug!(%error, "the desktop names no proxies");
                    Vec::new()
                })
            })
            .boxed()
        }
    }

    async fn lookup(bus: &Connection, url: &Url) -> zbus::Result<Vec<String>> {
        let answer = bus
            .call_method(
                Some("org.freedesktop.portal.Desktop"),
                "/org/freedesktop/portal/desktop",
                Some("org.freedesktop.portal.ProxyResolver"),
                "Lookup",
                &url.as_str(),
            )
            .await?;
        answer.body().deserialize()
    }

    #[cfg(test)]
    mod tests {
        use std::{
            io::{BufRead as _, BufReader},
            process::{Child, Command, Stdio},
        };

        use zbus::{connection::Builder, interface};

        use super::*;

        /// A session bus of the test's own; ends with it.
        struct Bus(Child, String);

        impl Bus {
            fn start() -> Self {
                let mut daemon = Command::new("dbus-daemon")
                    .args(["--session", "--nofork", "--print-address=1"])
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap();
                let mut address = String::new();
                let out = daemon.stdout.take().unwrap();
                BufReader::new(out).read_line(&mut address).unwrap();
                Self(daemon, address.trim().to_owned())
            }

            fn builder(&self) -> Builder<'static> {
                Builder::address(self.1.as_str()).unwrap()
            }
        }

        impl Drop for Bus {
            fn drop(&mut self) {
                let _ = self.0.kill();
                let _ = self.0.wait();
            }
        }

        struct Desktop;

        #[interface(name = "org.freedesktop.portal.ProxyResolver")]
        impl Desktop {
            fn lookup(&self, uri: &str) -> Vec<String> {
                let proxy = format!("http://proxy.example:81/?for={uri}");
                vec![proxy, "direct://".to_owned()]
            }
        }

        #[tokio::test]
        async fn the_portal_is_asked_for_the_url() {
            let bus = Bus::start();
            let _portal = bus
                .builder()
                .name("org.freedesktop.portal.Desktop")
                .unwrap()
                .serve_at("/org/freedesktop/portal/desktop", Desktop)
                .unwrap()
                .build()
                .await
                .unwrap();
            let asking = bus.builder().build().await.unwrap();
            let url = Url::parse("https://server.example/").unwrap();
            let proxies = lookup(&asking, &url).await.unwrap();
            let first = "http://proxy.example:81/?for=https://server.example/";
            assert_eq!(proxies, [first, "direct://"]);
        }

        #[tokio::test]
        async fn a_desktop_without_a_portal_says_so_at_once() {
            let bus = Bus::start();
            let asking = bus.builder().build().await.unwrap();
            let url = Url::parse("https://server.example/").unwrap();
            assert!(lookup(&asking, &url).await.is_err());
        }
    }
}
