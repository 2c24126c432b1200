//! HTTP/2: the same stream, and its socket closes with it.

use std::net::SocketAddr;
use std::sync::Arc;

use belldot_stream::{Client, Network, Proxy, ProxyAccess, StreamState, Subscription};
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::fault::{LIMIT, config, next_event, next_rest};

/// Serves these chunks to each request over HTTP/2, and then ends the stream or holds it. Tells
/// when a connection has ended, and what each request bore.
struct Server {
    addr: SocketAddr,
    requests: mpsc::UnboundedReceiver<http::Request<()>>,
    gone: mpsc::UnboundedReceiver<()>,
}

impl Server {
    async fn start(authority: &Authority, chunks: &'static [&'static str], hold: bool) -> Self {
        let mut tls = authority.server("localhost", |_| {});
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (log, requests) = mpsc::unbounded_channel();
        let (left, gone) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let socket = acceptor.accept(socket).await.unwrap();
                let (log, left) = (log.clone(), left.clone());
                tokio::spawn(async move {
                    let mut connection = h2::server::handshake(socket).await.unwrap();
                    while let Some(Ok((request, mut respond))) = connection.accept().await {
                        let _ = log.send(request.map(|_| ()));
                        let head = http::Response::builder()
                            .header("content-type", "text/event-stream")
                            .body(())
                            .unwrap();
                        let mut body = respond.send_response(head, false).unwrap();
                        for chunk in chunks {
                            body.send_data(Bytes::from_static(chunk.as_bytes()), false)
                                .unwrap();
                        }
                        if hold {
                            tokio::spawn(async move {
                                let _ = std::future::poll_fn(|cx| body.poll_reset(cx)).await;
                            });
                        } else {
                            body.send_data(Bytes::new(), true).unwrap();
                        }
                    }
                    let _ = left.send(());
                });
            }
        });
        Self {
            addr,
            requests,
            gone,
        }
    }

    fn subscribe(&self, client: Arc<Client>) -> Subscription {
        let mut config = config(&format!("https://localhost:{}/events", self.addr.port()));
        config.transport = Some(client);
        Subscription::start(config)
    }
}

fn client(authority: &Authority) -> Arc<Client> {
    let extra_ca = vec![authority.file()];
    let network = Network {
        proxy: Proxy::Direct,
        extra_ca,
        ..Network::default()
    };
    Arc::new(Client::new(&network, &ProxyAccess::default(), LIMIT).unwrap())
}

#[tokio::test]
async fn carries_a_stream_and_its_cursor() {
    let authority = Authority::new();
    let mut server = Server::start(&authority, &["id: 1\nda", "ta: a\n", "\n"], false).await;
    let mut stream = server.subscribe(client(&authority));
    for _ in 0..2 {
        assert_eq!(next_event(&mut stream).await.data, "a");
        let state = next_rest(&mut stream).await;
        assert!(matches!(state, StreamState::Waiting { .. }), "{state:?}");
    }
    let first = server.requests.recv().await.unwrap();
    assert_eq!(first.version(), http::Version::HTTP_2);
    assert_eq!(first.headers()["accept"], "text/event-stream");
    let second = server.requests.recv().await.unwrap();
    assert_eq!(second.headers()["last-event-id"], "1");
}

#[tokio::test]
async fn closes_its_socket_with_the_stream() {
    let authority = Authority::new();
    let mut server = Server::start(&authority, &["data: a\n\n"], true).await;
    let client = client(&authority);
    let mut stream = server.subscribe(client.clone());
    next_event(&mut stream).await;
    stream.handle().close().await;
    // A connection that was kept for later would stay for a minute and a half.
    let gone = tokio::time::timeout(LIMIT, server.gone.recv()).await;
    gone.expect("the end of the connection");
    drop(client);
}
