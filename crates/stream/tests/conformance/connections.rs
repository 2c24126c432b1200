//! What a client does with connections: WHATWG HTML 9.2.2 to 9.2.4 ("The EventSource interface",
//! "Processing model", "The `Last-Event-ID` header"), as browsers practise it.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::Table;
use crate::clients::{Seen, Which};
use crate::fault::{FaultServer, LIMIT, Seen as Request};

/// What the server answers to the first connections, and what must follow.
struct Case {
    name: &'static str,
    /// The responses, in order; further connections get an empty stream that stays open.
    answers: &'static [&'static [u8]],
    /// Waits for this many events, or this many requests, whichever the check is about.
    events: usize,
    requests: usize,
    check: fn(&[Request], &[Seen]) -> bool,
}

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

macro_rules! stream {
    ($body:literal) => {
        concat!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
            $body
        )
        .as_bytes()
    };
}

macro_rules! redirect {
    ($status:literal) => {
        concat!(
            "HTTP/1.1 ",
            $status,
            " x\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
        )
        .as_bytes()
    };
}

pub async fn run(table: &mut Table) {
    let runs = CASES.iter().flat_map(|case| {
        Which::BOTH.map(|which| async move {
            (
                case.name,
                which,
                timeout(LIMIT, one(case, which)).await.unwrap_or(false),
            )
        })
    });
    for (name, which, passed) in futures_util::future::join_all(runs).await {
        let counts = table.entry((usize::MAX, name)).or_default();
        counts[which as usize] = (usize::from(passed), 1);
    }
}

async fn one(case: &'static Case, which: Which) -> bool {
    let server = FaultServer::start(move |mut peer| async move {
        match case.answers.get(peer.number) {
            Some(answer) => {
                peer.send(answer).await;
                peer.end().await;
            }
            None => {
                peer.send(STREAM).await;
                peer.closed().await;
            }
        }
    })
    .await;
    let mut client = which.start(&server.url());
    let mut seen = Vec::new();
    let patience = Duration::from_secs(4);
    while seen.len() < case.events {
        match timeout(patience, client.events.recv()).await {
            Ok(Some(event)) => seen.push(event),
            _ => return false,
        }
    }
    let waited = async {
        while server.seen().len() < case.requests {
            sleep(Duration::from_millis(10)).await;
        }
    };
    if timeout(patience, waited).await.is_err() {
        return false;
    }
    // Whatever should not happen gets some time to happen.
    sleep(Duration::from_millis(300)).await;
    while let Ok(event) = client.events.try_recv() {
        seen.push(event);
    }
    (case.check)(&server.seen(), &seen)
}

fn id(request: &Request) -> Option<Vec<u8>> {
    request.header("last-event-id")
}

fn data(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|(_, data, _)| data.as_str()).collect()
}

const CASES: &[Case] = &[
    Case {
        name: "connection: asks for an event stream, uncached, without an ID",
        answers: &[],
        events: 0,
        requests: 1,
        check: |requests, _| {
            let first = &requests[0];
            let uncached = first.text("cache-control");
            first.text("accept").as_deref() == Some("text/event-stream")
                && matches!(uncached.as_deref(), Some("no-store" | "no-cache"))
                && id(first).is_none()
        },
    },
    Case {
        name: "connection: sends the last event ID when it connects again",
        answers: &[stream!("id: 1\ndata: a\n\nid: 2\ndata: b\n\n")],
        events: 2,
        requests: 2,
        check: |requests, _| id(&requests[1]).as_deref() == Some(b"2"),
    },
    Case {
        name: "connection: the last event ID lasts over connections without IDs",
        answers: &[stream!("id: 1\ndata: a\n\n"), stream!("data: b\n\n"), stream!(":\n\n")],
        events: 2,
        requests: 4,
        check: |requests, _| requests[1..4].iter().all(|it| id(it).as_deref() == Some(b"1")),
    },
    Case {
        name: "connection: events after it bear the last event ID from before",
        answers: &[stream!("id: 1\ndata: a\n\n"), stream!("data: b\n\n")],
        events: 2,
        requests: 2,
        check: |_, seen| seen[1] == ("message".into(), "b".into(), "1".into()),
    },
    Case {
        name: "connection: an ID without data is sent back",
        answers: &[stream!("data: a\n\nid: 9\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| id(&requests[1]).as_deref() == Some(b"9"),
    },
    Case {
        name: "connection: an ID of an event cut short is not sent back",
        answers: &[stream!("id: 1\ndata: a\n\nid: 2\ndata: b\n")],
        events: 1,
        requests: 2,
        check: |requests, seen| id(&requests[1]).as_deref() == Some(b"1") && data(seen) == ["a"],
    },
    Case {
        name: "connection: an ID that was taken back is not sent",
        answers: &[stream!("id: 1\ndata: a\n\nid\ndata: b\n\n")],
        events: 2,
        requests: 2,
        check: |requests, _| id(&requests[1]).is_none(),
    },
    Case {
        name: "connection: an ID with a NUL leaves the one before",
        answers: &[stream!("id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n")],
        events: 2,
        requests: 2,
        check: |requests, _| id(&requests[1]).as_deref() == Some(b"1"),
    },
    Case {
        name: "connection: an ID goes back byte for byte",
        answers: &[stream!("id: [{\"t\":\"ü 世界\",\"o\":1}]\ndata: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| {
            id(&requests[1]).as_deref() == Some("[{\"t\":\"ü 世界\",\"o\":1}]".as_bytes())
        },
    },
    Case {
        name: "connection: data and type of an event cut short do not leak into the next",
        answers: &[stream!("event: x\ndata: a\n"), stream!("data: b\n\n")],
        events: 1,
        requests: 2,
        check: |_, seen| seen == [("message".into(), "b".into(), String::new())],
    },
    Case {
        name: "connection: each has its own byte order mark",
        answers: &[stream!("\u{feff}data: a\n\n"), stream!("\u{feff}data: b\n\n")],
        events: 2,
        requests: 2,
        check: |_, seen| data(seen) == ["a", "b"],
    },
    Case {
        name: "connection: connects again after an orderly end",
        answers: &[stream!("data: a\n\n"), stream!("data: b\n\n")],
        events: 2,
        requests: 3,
        check: |_, seen| data(seen) == ["a", "b"],
    },
    Case {
        name: "connection: waits as long as the server names, beside data",
        answers: &[stream!("retry: 1500\ndata: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| waited(requests, 1.0..3.0),
    },
    Case {
        name: "connection: waits as long as the server names, without data",
        answers: &[stream!("data: a\n\nretry: 1500\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| waited(requests, 1.0..3.0),
    },
    Case {
        name: "connection: 204 ends it for good",
        answers: &[b"HTTP/1.1 204 No Content\r\n\r\n"],
        events: 0,
        requests: 1,
        check: |requests, _| requests.len() == 1,
    },
    Case {
        name: "connection: another content type dispatches nothing",
        answers: &[b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\ndata: a\n\n"],
        events: 0,
        requests: 1,
        check: |_, seen| seen.is_empty(),
    },
    Case {
        name: "connection: no content type dispatches nothing",
        answers: &[b"HTTP/1.1 200 OK\r\n\r\ndata: a\n\n"],
        events: 0,
        requests: 1,
        check: |_, seen| seen.is_empty(),
    },
    Case {
        name: "connection: a status other than 200 dispatches nothing",
        answers: &[b"HTTP/1.1 202 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n"],
        events: 0,
        requests: 1,
        check: |_, seen| seen.is_empty(),
    },
    Case {
        name: "connection: the type may have parameters and any case",
        answers: &[
            b"HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=latin1\r\n\r\ndata: \xc3\xbc\n\n",
        ],
        events: 1,
        requests: 1,
        check: |_, seen| data(seen) == ["ü"],
    },
    Case {
        name: "connection: follows 301",
        answers: &[redirect!("301"), stream!("data: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| requests[1].path() == "/there",
    },
    Case {
        name: "connection: follows 302",
        answers: &[redirect!("302"), stream!("data: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| requests[1].path() == "/there",
    },
    Case {
        name: "connection: follows 303",
        answers: &[redirect!("303"), stream!("data: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| requests[1].path() == "/there",
    },
    Case {
        name: "connection: follows 307",
        answers: &[redirect!("307"), stream!("data: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| requests[1].path() == "/there",
    },
    Case {
        name: "connection: follows 308",
        answers: &[redirect!("308"), stream!("data: a\n\n")],
        events: 1,
        requests: 2,
        check: |requests, _| requests[1].path() == "/there",
    },
    Case {
        name: "connection: a redirect is asked anew for each connection",
        answers: &[redirect!("301"), stream!("id: 1\ndata: a\n\n"), redirect!("301")],
        events: 1,
        requests: 4,
        check: |requests, _| {
            let paths: Vec<_> = requests.iter().map(Request::path).collect();
            paths[..4] == ["/events", "/there", "/events", "/there"]
                && id(&requests[3]).as_deref() == Some(b"1")
        },
    },
];

fn waited(requests: &[Request], seconds: std::ops::Range<f64>) -> bool {
    seconds.contains(&(requests[1].at - requests[0].at).as_secs_f64())
}
