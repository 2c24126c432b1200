//! What goes over the wire while a stream is tried, as a source would try it.

use std::{
    future::ready,
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_stream::{Cause, Client, Decoder, Frame, Request, Response, Transport};
use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use parking_lot::Mutex;
use reqwest::{StatusCode, header::HeaderMap};
use url::Url;

/// The longest event that is looked at.
const EVENT: usize = 1 << 20;
/// How many pieces of a stream are noted.
const PIECES: usize = 4_096;

/// What went over the wire: a request for each hop of a redirect.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    pub exchanges: Vec<HttpExchange>,
}

/// A request and what came of it.
#[derive(Clone, Debug)]
pub struct HttpExchange {
    pub url: Url,
    /// The head of the answer and what followed, once it is there.
    pub answer: Option<HttpAnswer>,
}

/// An answer. Times count from when the request was made, its connection included.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    pub after: Duration,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// What arrived together.
    pub pieces: Vec<Piece>,
    /// The last time that the server named by `retry:`.
    pub retry: Option<Duration>,
    /// Some of it was not UTF-8.
    pub not_utf8: bool,
    /// When the other side ended it, and how, where that was not orderly.
    pub ended: Option<(Duration, Option<Cause>)>,
}

/// What arrived together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub after: Duration,
    pub bytes: usize,
    pub events: usize,
    /// Comments, and blocks that dispatch nothing.
    pub beats: usize,
    /// It ends in the middle of a line.
    pub cut: bool,
}

impl Wire {
    /// The answer that is, or should be, the stream.
    pub fn last(&self) -> Option<&HttpAnswer> {
        self.exchanges.last()?.answer.as_ref()
    }
}

impl HttpAnswer {
    /// Before anything of its body.
    pub fn new(after: Duration, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            after,
            status,
            headers,
            pieces: Vec::new(),
            retry: None,
            not_utf8: false,
            ended: None,
        }
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// When a heartbeat came that stood by itself.
    pub fn heartbeats(&self) -> Vec<Duration> {
        let alone = |piece: &&Piece| piece.beats > 0 && piece.events == 0;
        let beats = self.pieces.iter().filter(alone);
        beats.map(|piece| piece.after).collect()
    }
}

/// Carries requests over the network, and notes what comes of them.
#[derive(Clone, Debug)]
pub struct Tap {
    client: Client,
    wire: Arc<Mutex<Wire>>,
}

impl Tap {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            wire: Arc::default(),
        }
    }

    /// What went over the wire so far.
    pub fn wire(&self) -> Wire {
        self.wire.lock().clone()
    }

    /// The same without a copy.
    pub fn look<T>(&self, look: impl FnOnce(&Wire) -> T) -> T {
        look(&self.wire.lock())
    }
}

impl Transport for Tap {
    fn get(&self, request: Request) -> BoxFuture<'static, Result<Response, Cause>> {
        let sent = Instant::now();
        let at = {
            let mut wire = self.wire.lock();
            wire.exchanges.push(HttpExchange {
                url: request.url.clone(),
                answer: None,
            });
            wire.exchanges.len() - 1
        };
        let note = Note {
            wire: self.wire.clone(),
            at,
            sent,
        };
        let answer = self.client.get(request);
        async move {
            let response = answer.await?;
            note.head(&response);
            let (mut listener, end) = (Listener::new(note.clone()), note);
            let over = stream::once(async move { end.ended(None) });
            Ok(Response {
                body: response
                    .body
                    .inspect(move |chunk| match chunk {
                        Ok(bytes) => listener.heard(bytes),
                        Err(cause) => listener.note.ended(Some(cause.clone())),
                    })
                    .chain(over.filter_map(|()| ready(None)))
                    .boxed(),
                ..response
            })
        }
        .boxed()
    }
}

/// Where one exchange is noted.
#[derive(Clone, Debug)]
struct Note {
    wire: Arc<Mutex<Wire>>,
    at: usize,
    sent: Instant,
}

impl Note {
    fn head(&self, response: &Response) {
        let answer = HttpAnswer::new(
            self.sent.elapsed(),
            response.status,
            response.headers.clone(),
        );
        if let Some(exchange) = self.wire.lock().exchanges.get_mut(self.at) {
            exchange.answer = Some(answer);
        }
    }

    fn ended(&self, cause: Option<Cause>) {
        let after = self.sent.elapsed();
        self.with(|answer| {
            answer.ended.get_or_insert((after, cause));
        });
    }

    fn with(&self, change: impl FnOnce(&mut HttpAnswer)) {
        let mut wire = self.wire.lock();
        let exchange = wire.exchanges.get_mut(self.at);
        if let Some(answer) = exchange.and_then(|exchange| exchange.answer.as_mut()) {
            change(answer);
        }
    }
}

/// Hears a stream.
struct Listener {
    note: Note,
    decoder: Decoder,
    /// The beginning of a character whose rest is still to come.
    character: Vec<u8>,
}

impl Listener {
    fn new(note: Note) -> Self {
        Self {
            note,
            decoder: Decoder::new(EVENT, ""),
            character: Vec::new(),
        }
    }

    fn heard(&mut self, bytes: &[u8]) {
        let not_utf8 = !self.is_utf8(bytes);
        let mut piece = Piece {
            after: self.note.sent.elapsed(),
            bytes: bytes.len(),
            cut: !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r"),
            ..Piece::default()
        };
        let mut retry = None;
        let mut rest = bytes.to_vec().into();
        while let Some(decoded) = self.decoder.next(&mut rest) {
            match decoded {
                Frame::Event(_) | Frame::Oversized => piece.events += 1,
                Frame::Heartbeat => piece.beats += 1,
                Frame::Retry(named) => retry = Some(named),
            }
        }
        self.note.with(|answer| {
            answer.not_utf8 |= not_utf8;
            answer.retry = retry.or(answer.retry);
            if answer.pieces.len() < PIECES {
                answer.pieces.push(piece);
            }
        });
    }

    fn is_utf8(&mut self, bytes: &[u8]) -> bool {
        self.character.extend_from_slice(bytes);
        let known = std::mem::take(&mut self.character);
        match std::str::from_utf8(&known) {
            Ok(_) => true,
            Err(error) if error.error_len().is_some() => false,
            Err(error) => {
                self.character = known[error.valid_up_to()..].to_vec();
                true
            }
        }
    }
}
