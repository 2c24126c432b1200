//! What the probe finds at servers of all kinds.

mod tls;

use std::sync::Arc;

use belldot_core::settings::Language;
use belldot_stream::{Network, Proxy, ProxyAccess, ProxyServer, Secret};
use parking_lot::Mutex;

use super::{
    scripted::{STREAM, Script, ScriptedRequest, ScriptedServer},
    *,
};
use crate::http;

const QUICK: Patience = Patience {
    head: Duration::from_millis(800),
    listen: Duration::from_millis(600),
    replay: Duration::from_millis(500),
    events: usize::MAX,
};

fn asking() -> Asking {
    asking_by(&Network::default())
}

fn asking_by(network: &Network) -> Asking {
    let client = http::client(network, &ProxyAccess::default()).unwrap();
    Asking {
        patience: QUICK,
        ..Asking::new(client)
    }
}

fn with_token(mut asking: Asking, token: &str) -> Asking {
    asking.headers = Secret::bearer(token).unwrap().headers;
    asking.signed_in = true;
    asking
}

async fn probed(address: &str, asking: &Asking) -> ProbeReport {
    let words = Localizer::new(Language::English);
    probe(address, asking, &words, &mut |_| {}).await
}

/// The report about a server that follows this script on its stream, and has nothing else.
async fn about(
    asking: &Asking,
    script: impl Fn() -> Script + Send + Sync + 'static,
) -> ProbeReport {
    let server = ScriptedServer::start(move |asked: &ScriptedRequest| match asked.path() {
        "/e" => script(),
        _ => answer("404 Not Found", ""),
    })
    .await;
    probed(server.url("/e").as_str(), asking).await
}

fn answer(status: &str, headers: &str) -> Script {
    Script::says(format!(
        "HTTP/1.1 {status}\r\ncontent-length: 0\r\n{headers}connection: close\r\n\r\n"
    ))
}

fn step<'a>(report: &'a ProbeReport, code: &str) -> &'a ProbeStep {
    let found = report.steps.iter().find(|step| step.code == code);
    found.unwrap_or_else(|| panic!("no step {code}: {report:#?}"))
}

fn has(report: &ProbeReport, code: &str) -> bool {
    report.steps.iter().any(|step| step.code == code)
}

fn advice<'a>(report: &'a ProbeReport, code: &str) -> &'a str {
    step(report, code).advice.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn a_stream_is_one_with_its_first_event() {
    let report = about(&asking(), || {
        Script::says(STREAM)
            .then("retry: 2000\n: hi\n\nid: 1\ndata: Approve the leave\n\n")
            .then_silence()
    })
    .await;
    assert_eq!(report.found, Found::Sse, "{report:#?}");
    assert_eq!(report.first, ["Approve the leave"]);
    assert_eq!(step(&report, "event").ok, Some(true));
    assert_eq!(
        step(&report, "retry").detail,
        "the server asks to wait 2 s before connecting again"
    );
    assert!(!has(&report, "head") && !has(&report, "end"), "{report:#?}");
}

#[tokio::test]
async fn steps_are_told_as_they_come_and_are_the_same_in_the_report() {
    let server = ScriptedServer::start(|_| Script::says(STREAM).then_silence()).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let words = Localizer::new(Language::English);
    let hears = told.clone();
    let mut tell = move |step: &ProbeStep| hears.lock().push(step.clone());
    let report = probe(server.url("/e").as_str(), &asking(), &words, &mut tell).await;
    assert_eq!(*told.lock(), report.steps);
}

#[tokio::test]
async fn a_server_that_sends_no_head_is_there_and_its_author_is_told_what_to_switch() {
    let report = about(&asking(), || Script::default().then_silence()).await;
    assert_eq!(report.found, Found::Unanswered, "{report:#?}");
    let advice = advice(&report, "stream");
    for words in [
        "Flask",
        "nginx",
        "X-Accel-Buffering: no",
        "proxy_buffering off",
    ] {
        assert!(advice.contains(words), "{advice}");
    }
}

#[tokio::test]
async fn a_head_that_waits_for_the_first_event_is_noticed() {
    let mut asking = asking();
    asking.patience.head = Duration::from_secs(20);
    let report = about(&asking, || {
        Script::default()
            .waits(2_100)
            .then(format!("{STREAM}data: at last\n\n"))
            .then_silence()
    })
    .await;
    assert_eq!(report.found, Found::Sse, "{report:#?}");
    assert!(advice(&report, "head").contains("flush"), "{report:#?}");
}

#[tokio::test]
async fn a_heartbeat_has_a_gap_and_its_absence_is_said() {
    let mut asking = asking();
    asking.patience.listen = Duration::from_secs(20);
    let beats = about(&asking, || {
        let script = Script::says(STREAM).then("data: x\n\n");
        (0..4)
            .fold(script, |script, _| script.waits(300).then(": beat\n\n"))
            .then_silence()
    })
    .await;
    assert_eq!(step(&beats, "heartbeat").ok, Some(true), "{beats:#?}");
    let quiet = about(&self::asking(), || Script::says(STREAM).then_silence()).await;
    assert!(
        step(&quiet, "heartbeat").detail.starts_with("none within"),
        "{quiet:#?}"
    );
    assert!(advice(&quiet, "heartbeat").contains("comment"));
}

#[tokio::test]
async fn a_stream_that_ends_meanwhile_is_one_that_ended() {
    let report = about(&asking(), || {
        Script::says(STREAM).then("data: x\n\n").waits(100)
    })
    .await;
    assert_eq!(report.found, Found::Sse);
    assert!(
        step(&report, "end")
            .detail
            .starts_with("the server ended the stream after")
    );
    assert!(advice(&report, "end").contains("HAProxy"), "{report:#?}");
}

#[tokio::test]
async fn a_fixed_length_a_charset_and_broken_characters_are_said() {
    let gbk = b"data: \xb4\xfd\xb0\xec\n\n";
    let report = about(&asking(), move || {
        Script::says("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n")
            .then("content-type: text/event-stream; charset=GBK\r\n\r\n")
            .then(gbk)
            .then_silence()
    })
    .await;
    assert_eq!(step(&report, "length").ok, Some(false), "{report:#?}");
    assert!(
        step(&report, "length").detail.contains("1000 bytes"),
        "{report:#?}"
    );
    assert_eq!(
        step(&report, "charset").detail,
        "not UTF-8; the server says “gbk”"
    );
}

#[tokio::test]
async fn a_compressed_stream_is_named_as_such() {
    let report = about(&asking(), || {
        Script::says("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n")
            .then("content-type: text/event-stream\r\n\r\nx")
            .then_silence()
    })
    .await;
    assert_eq!(report.found, Found::NotAStream, "{report:#?}");
    assert!(
        advice(&report, "stream").contains("compression off"),
        "{report:#?}"
    );
}

#[tokio::test]
async fn a_refusal_says_what_to_do_with_and_without_a_token() {
    for (status, token, found, advises) in [
        ("401 Unauthorized", None, Found::SignIn, "Enter a token"),
        (
            "401 Unauthorized",
            Some("t"),
            Found::SignIn,
            "does not take these credentials",
        ),
        ("403 Forbidden", None, Found::SignIn, "Enter a token"),
        (
            "403 Forbidden",
            Some("t"),
            Found::SignIn,
            "The server knows you",
        ),
        (
            "404 Not Found",
            None,
            Found::NotAStream,
            "nothing at this path",
        ),
        (
            "429 Too Many Requests",
            None,
            Found::NotAStream,
            "too many requests",
        ),
        (
            "502 Bad Gateway",
            None,
            Found::Nothing,
            "the program behind it",
        ),
        (
            "503 Service Unavailable",
            None,
            Found::Nothing,
            "not available",
        ),
        (
            "504 Gateway Timeout",
            None,
            Found::Nothing,
            "did not answer in time",
        ),
    ] {
        let asking = match token {
            Some(token) => with_token(asking(), token),
            None => asking(),
        };
        let report = about(&asking, move || answer(status, "")).await;
        assert_eq!(report.found, found, "{status}: {report:#?}");
        let advice = advice(&report, "stream");
        assert!(advice.contains(advises), "{status} {token:?}: {advice}");
    }
}

#[tokio::test]
async fn a_sign_in_by_password_or_by_what_is_not_spoken_is_named() {
    for (scheme, token, says) in [
        ("Basic realm=\"x\"", None, "user name and password"),
        ("Negotiate", Some("t"), "Kerberos"),
        ("NTLM", Some("t"), "NTLM"),
    ] {
        let asking = token.map_or_else(asking, |token| with_token(asking(), token));
        let header = format!("www-authenticate: {scheme}\r\n");
        let report = about(&asking, move || answer("401 Unauthorized", &header)).await;
        assert!(
            advice(&report, "stream").contains(says),
            "{scheme}: {report:#?}"
        );
    }
}

#[tokio::test]
async fn a_web_page_is_one_and_may_name_its_stream() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
    let report = about(&asking(), move || Script::says(page).then("<html>")).await;
    assert_eq!(report.found, Found::NotAStream);
    assert!(
        report.sentence.starts_with("This is a web page"),
        "{report:#?}"
    );
    let link = "<link rel=\"alternate\" type=\"text/event-stream\" href=\"stream?x=1\">";
    let server = ScriptedServer::start(move |_| Script::says(page).then(link)).await;
    let report = probed(server.url("/app/").as_str(), &asking()).await;
    let stream = server.url("/app/stream?x=1");
    assert_eq!(
        report.instead.as_deref(),
        Some(stream.as_str()),
        "{report:#?}"
    );
    assert!(report.sentence.ends_with(stream.as_str()), "{report:#?}");
}

#[tokio::test]
async fn the_base_address_of_a_belldot_server_leads_to_its_stream() {
    let folder = tempfile::tempdir().unwrap();
    let config = belldot_server::ServerConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.path().to_owned(),
        ..Default::default()
    };
    let server = belldot_server::bind(config).await.unwrap();
    let base = format!("http://{}", server.address());
    tokio::spawn(server.run(std::future::pending()));
    let stream = format!("{base}/api/v1/events");
    for address in [
        base.clone(),
        format!("{base}/"),
        format!("{base}/api/v1"),
        format!("{base}/x"),
    ] {
        let report = probed(&address, &asking()).await;
        assert_eq!(
            report.instead.as_deref(),
            Some(stream.as_str()),
            "{report:#?}"
        );
        assert!(
            report.sentence.starts_with("A Belldot server"),
            "{report:#?}"
        );
    }
    let report = probed(&stream, &asking()).await;
    assert_eq!(report.found, Found::Belldot, "{report:#?}");
    assert_eq!(report.instead, None);
}

#[tokio::test]
async fn http_asked_of_https_and_the_reverse_offer_the_other() {
    let plain = ScriptedServer::start(|_| Script::says(STREAM).then_silence()).await;
    let https = format!("https://127.0.0.1:{}/e", plain.port());
    let report = probed(&https, &asking()).await;
    let http = plain.url("/e");
    assert_eq!(
        report.instead.as_deref(),
        Some(http.as_str()),
        "{report:#?}"
    );
    let tls = tls::Authority::new().serve("localhost", |_| {}).await;
    let report = probed(&format!("http://127.0.0.1:{tls}/e"), &asking()).await;
    let https = format!("https://127.0.0.1:{tls}/e");
    assert_eq!(
        report.instead.as_deref(),
        Some(https.as_str()),
        "{report:#?}"
    );
}

#[tokio::test]
async fn a_redirect_is_shown_without_secrets() {
    let server = ScriptedServer::start(|asked| match asked.path() {
        "/e" => answer("302 Found", "location: /there?token=t0p\r\n"),
        _ => Script::says(STREAM).then_silence(),
    })
    .await;
    let report = probed(server.url("/e").as_str(), &asking()).await;
    assert_eq!(report.found, Found::Sse, "{report:#?}");
    let detail = &step(&report, "redirect").detail;
    assert!(
        detail.starts_with("302") && detail.ends_with("/there?token=…"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_full_server_is_full() {
    let report = about(&asking(), || {
        Script::says(STREAM).then("data: Too many connections\n\n")
    })
    .await;
    assert_eq!(report.found, Found::Full);
    assert!(advice(&report, "stream").contains("limit"), "{report:#?}");
}

#[tokio::test]
async fn replay_is_tried_by_a_second_connection() {
    let events = "id: 1\ndata: a\n\nid: 2\ndata: b\n\n";
    let replays = |asked: &ScriptedRequest| match asked.header("last-event-id") {
        Some("1") => Script::says(STREAM)
            .then("id: 2\ndata: b\n\n")
            .then_silence(),
        _ => Script::says(STREAM)
            .then("id: 1\ndata: a\n\nid: 2\ndata: b\n\n")
            .then_silence(),
    };
    let server = ScriptedServer::start(replays).await;
    let report = probed(server.url("/e").as_str(), &asking()).await;
    assert_eq!(step(&report, "replay").ok, Some(true), "{report:#?}");
    let server = ScriptedServer::start(move |asked| match asked.header("last-event-id") {
        Some(_) => answer("400 Bad Request", ""),
        None => Script::says(STREAM).then(events).then_silence(),
    })
    .await;
    let report = probed(server.url("/e").as_str(), &asking()).await;
    assert_eq!(step(&report, "replay").ok, Some(false), "{report:#?}");
    assert!(
        step(&report, "replay").detail.contains("400"),
        "{report:#?}"
    );
}

#[tokio::test]
async fn an_endless_page_is_left_after_the_bound() {
    let server = ScriptedServer::start(|_| {
        Script::says("HTTP/1.1 404 Not Found\r\n\r\n").then_for_ever("x".repeat(1 << 16))
    })
    .await;
    let (url, asking) = (server.url("/e"), asking());
    let report = tokio::time::timeout(Duration::from_secs(60), probed(url.as_str(), &asking));
    assert_eq!(report.await.unwrap().found, Found::NotAStream);
}

#[tokio::test]
async fn a_name_that_only_the_proxy_knows_is_only_worth_knowing() {
    let proxy =
        ScriptedServer::start(|_| Script::says(STREAM).then("data: x\n\n").then_silence()).await;
    let network = through(&proxy);
    let report = probed("http://todo.invalid/e", &asking_by(&network)).await;
    assert_eq!(report.found, Found::Sse, "{report:#?}");
    assert_eq!(step(&report, "name").ok, None, "{report:#?}");
    assert!(
        step(&report, "proxy")
            .detail
            .contains(&proxy.port().to_string())
    );
    assert!(
        proxy.asked()[0]
            .head
            .starts_with("GET http://todo.invalid/e")
    );
}

#[tokio::test]
async fn a_proxy_that_wants_a_sign_in_says_by_which_scheme() {
    let proxy = ScriptedServer::start(|_| {
        answer(
            "407 Proxy Authentication Required",
            "proxy-authenticate: NTLM\r\n",
        )
    })
    .await;
    let mut asking = asking_by(&through(&proxy));
    // It is asked once more, a second later.
    asking.patience.head = Duration::from_secs(20);
    let report = probed("http://todo.invalid/e", &asking).await;
    assert_eq!(report.found, Found::Nothing, "{report:#?}");
    assert!(report.sentence.starts_with("The proxy"), "{report:#?}");
    assert!(report.sentence.contains("NTLM"), "{report:#?}");
}

fn through(proxy: &ScriptedServer) -> Network {
    Network {
        proxy: Proxy::Through(ProxyServer {
            url: format!("http://127.0.0.1:{}", proxy.port()),
            user: None,
            except: String::new(),
        }),
        ..Network::default()
    }
}

#[tokio::test]
async fn nothing_and_no_address_are_told_apart() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let report = probed(&format!("http://127.0.0.1:{port}/e"), &asking()).await;
    assert_eq!(report.found, Found::Nothing);
    assert!(advice(&report, "stream").contains("running"), "{report:#?}");
    let report = probed("http://no-such-name.invalid/e", &asking()).await;
    assert_eq!(report.found, Found::Nothing);
    assert_eq!(step(&report, "name").ok, Some(false));
    let report = probed("hello world", &asking()).await;
    assert_eq!(report.found, Found::Unusable);
    assert!(report.sentence.contains("https://"), "{report:#?}");
}

#[tokio::test]
async fn a_token_does_not_go_over_plain_http_to_another_machine() {
    let report = probed("http://192.0.2.1/e", &with_token(asking(), "t")).await;
    assert_eq!(report.found, Found::Unusable, "{report:#?}");
    assert!(
        advice(&report, "stream").contains("allow_plain_http"),
        "{report:#?}"
    );
}
