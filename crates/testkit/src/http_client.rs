//! HTTP requests of tests.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A blocking HTTP client.
pub struct HttpClient {
    runtime: Runtime,
    client: Client,
}

impl HttpClient {
    /// A client without proxy.
    #[expect(clippy::new_without_default, reason = "it starts a runtime")]
    pub fn new() -> Self {
        Self {
            runtime: Runtime::new().unwrap(),
            client: direct_client(),
        }
    }

    /// Sends the request that `request` builds.
    ///
    /// # Errors
    /// If there is no response.
    pub fn send(
        &self,
        request: impl FnOnce(&Client) -> RequestBuilder,
    ) -> reqwest::Result<Response> {
        self.runtime.block_on(request(&self.client).send())
    }

    /// Sends a request that must succeed, and returns its response's JSON.
    ///
    /// # Panics
    /// If it does not succeed.
    pub fn json(&self, request: impl FnOnce(&Client) -> RequestBuilder) -> Value {
        let response = self.send(request).unwrap().error_for_status().unwrap();
        self.runtime.block_on(response.json()).unwrap()
    }
}

/// An asynchronous client for servers on this machine: no proxy, no trust store.
#[expect(clippy::disallowed_methods, reason = "it asks servers on this machine")]
pub fn direct_client() -> Client {
    let tls = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    );
    let tls = tls.with_safe_default_protocol_versions().unwrap();
    let tls = tls
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let builder = Client::builder().tls_backend_preconfigured(tls).no_proxy();
    builder.build().unwrap()
}
