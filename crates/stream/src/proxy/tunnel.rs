//! Asks an HTTP proxy why it refused a tunnel. hyper-util does not expose the status and headers of
//! the refusal; so the proxy is asked once more, by a CONNECT of our own.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::StatusCode;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use super::{Upstream, schemes};

/// How long the proxy may take, and the most that is read of its response, in bytes.
const PATIENCE: Duration = Duration::from_secs(5);
const MOST: u64 = 16 * 1024;

/// The response of a proxy to CONNECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectResponse {
    pub(crate) status: StatusCode,
    /// The authentication schemes that it asks for.
    pub(crate) schemes: Vec<String>,
}

/// Asks the proxy for a tunnel to a server. `signed_in`: with name and password; not for those that
/// it has just refused. `None` where it gives no valid response.
pub(crate) async fn diagnose_tunnel(
    upstream: &Upstream,
    server: &Url,
    tls: &ClientConfig,
    signed_in: bool,
) -> Option<ConnectResponse> {
    let request = request(upstream, server, signed_in)?;
    let ask = async {
        let socket =
            TcpStream::connect((upstream.host().trim_matches(['[', ']']), upstream.port()));
        let socket = socket.await.ok()?;
        if upstream.scheme() == "https" {
            let mut tls = tls.clone();
            tls.alpn_protocols.clear();
            let name = upstream.host().trim_matches(['[', ']']).to_owned();
            let name = ServerName::try_from(name).ok()?;
            let socket = TlsConnector::from(Arc::new(tls)).connect(name, socket);
            response(socket.await.ok()?, &request).await
        } else {
            response(socket, &request).await
        }
    };
    timeout(PATIENCE, ask).await.ok().flatten()
}

fn request(upstream: &Upstream, server: &Url, signed_in: bool) -> Option<String> {
    let host = server.host_str()?;
    let port = server.port_or_known_default()?;
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some((name, password)) = upstream.sign_in.as_ref().filter(|_| signed_in) {
        let words = BASE64_STANDARD.encode(format!("{name}:{password}"));
        request.push_str(&format!("Proxy-Authorization: Basic {words}\r\n"));
    }
    request.push_str("\r\n");
    Some(request)
}

async fn response(
    mut socket: impl AsyncRead + AsyncWrite + Unpin,
    request: &str,
) -> Option<ConnectResponse> {
    socket.write_all(request.as_bytes()).await.ok()?;
    socket.flush().await.ok()?;
    let mut socket = socket.take(MOST);
    let mut head = Vec::new();
    while !ends(&head) && socket.read_buf(&mut head).await.ok()? > 0 {}
    read(&head)
}

/// Whether the head is complete.
fn ends(head: &[u8]) -> bool {
    let has = |end: &[u8]| head.windows(end.len()).any(|window| window == end);
    has(b"\r\n\r\n") || has(b"\n\n")
}

fn read(head: &[u8]) -> Option<ConnectResponse> {
    let mut lines = head
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (version, rest) = first.split_once(' ')?;
    let status = rest.trim_start().get(..3)?.parse().ok()?;
    if !version.starts_with("HTTP/") {
        return None;
    }
    let asked = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let name = line[..colon].trim_ascii();
            name.eq_ignore_ascii_case(b"proxy-authenticate")
                .then(|| &line[colon + 1..])
        });
    Some(ConnectResponse {
        status: StatusCode::from_u16(status).ok()?,
        schemes: schemes(asked),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(head: &str) -> Option<(u16, Vec<String>)> {
        read(head.as_bytes()).map(|response| (response.status.as_u16(), response.schemes))
    }

    #[test]
    fn status_and_schemes_are_read_whatever_else_is_said() {
        let head = "HTTP/1.0 407 x\r\nPROXY-Authenticate : NTLM\r\n: y\r\n\u{1}\r\nproxy-authenticate:Negotiate\n\nProxy-Authenticate: Basic";
        let schemes = ["NTLM", "Negotiate"].map(str::to_owned).to_vec();
        assert_eq!(response(head), Some((407, schemes)));
        assert_eq!(response("HTTP/1.1 502\r\n\r\n"), Some((502, Vec::new())));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for head in [
            "",
            "HTTP/1.1",
            "SSH-2.0 407 x",
            "HTTP/1.1 4é7 x",
            "HTTP/1.1 9 x",
        ] {
            assert_eq!(response(head), None, "{head}");
        }
    }
}
