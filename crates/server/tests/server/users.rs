//! Who is let in, and as whom.

use std::net::{Ipv4Addr, SocketAddr};

use belldot_server::{JwtConfig, JwtKeys, ServerConfig};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::support::{Ended, Running, answer, refusal, start, start_in, with_users};

const USERS: &str = r#"
    [[tokens]]
    token = "ann-secret"
    user = "ann"

    [[tokens]]
    token = "bob-secret"
    user = "bob"

    [[tokens]]
    token = "payroll-secret"
    user = "payroll"
    publisher = true
"#;

async fn post_as(server: &Running, token: &str, body: Value) -> (StatusCode, Value) {
    let request = server
        .http
        .post(server.url("/api/v1/todos"))
        .bearer_auth(token)
        .json(&body);
    answer(request.send().await.unwrap()).await
}

#[tokio::test]
async fn without_a_known_token_everything_is_401() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let get = |path: &str| server.http.get(server.url(path));
    for request in [
        get("/api/v1/events"),
        get("/api/v1/events").bearer_auth("wrong"),
        get("/api/v1/events").basic_auth("ann", Some("ann-secret")),
        get("/api/v1/events?access_token=wrong"),
        get("/api/v1/todos"),
        get("/api/v1/todos?access_token=ann-secret"),
        get("/api/v1/todos/a").bearer_auth("ann"),
        get("/api/v1/status"),
        server
            .http
            .post(server.url("/api/v1/todos"))
            .json(&json!({ "title": "t" })),
        server
            .http
            .patch(server.url("/api/v1/todos/a"))
            .json(&json!({ "read": true })),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(
            response.status(),
            StatusCode::UNAUTHORIZED,
            "{}",
            response.url()
        );
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    }
}

#[tokio::test]
async fn a_token_is_its_user() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let (status, _) = post_as(&server, "ann-secret", json!({ "id": "a", "title": "t" })).await;
    assert_eq!(status, StatusCode::CREATED);
    let seen = async |token| {
        let request = server
            .http
            .get(server.url("/api/v1/todos"))
            .bearer_auth(token);
        answer(request.send().await.unwrap()).await.1["todos"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((seen("ann-secret").await, seen("bob-secret").await), (1, 0));
    let change = server
        .http
        .patch(server.url("/api/v1/todos/a"))
        .bearer_auth("bob-secret");
    let (status, _) = answer(change.json(&json!({ "read": true })).send().await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_a_publisher_makes_todos_for_others() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let for_bob = json!({ "title": "t", "user": "bob" });
    let (status, problem) = post_as(&server, "ann-secret", for_bob.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    let mut bob = server
        .events_at("", &[("authorization", "Bearer bob-secret")])
        .await;
    assert_eq!(
        post_as(&server, "bob-secret", for_bob.clone()).await.0,
        StatusCode::CREATED
    );
    assert_eq!(
        post_as(&server, "payroll-secret", for_bob).await.0,
        StatusCode::CREATED
    );
    bob.todo().await;
    bob.todo().await;
}

#[tokio::test]
async fn a_token_is_for_what_its_scopes_say() {
    let entry = |token: &str, scopes: &str| {
        format!("[[tokens]]\ntoken = \"{token}\"\nuser = \"{token}\"\nscopes = [{scopes}]\n")
    };
    let users =
        entry("reader", "'read'") + &entry("sender", "'publish'") + &entry("boss", "'admin'");
    let server = start_in(with_users(&users), ServerConfig::default()).await;
    let status = async |token: &str, path: &str| {
        let request = server.http.get(server.url(path)).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("reader", "/api/v1/events").await, 200);
    assert_eq!(status("reader", "/metrics").await, 403);
    assert_eq!(status("sender", "/api/v1/events").await, 403);
    assert_eq!(status("sender", "/api/v1/todos").await, 403);
    assert_eq!(status("boss", "/metrics").await, 200);
    assert_eq!(status("boss", "/api/v1/todos").await, 403);
    let for_reader = json!({ "title": "t", "user": "reader" });
    for (token, made) in [("sender", 201), ("boss", 403), ("reader", 201)] {
        let (status, problem) = post_as(&server, token, for_reader.clone()).await;
        assert_eq!(status.as_u16(), made, "{token}: {problem}");
    }
}

#[tokio::test]
async fn the_file_may_hold_the_hash_of_a_token_only() {
    let (token, sha256) = belldot_server::new_token();
    let users = format!("[[tokens]]\nsha256 = \"{sha256}\"\nuser = \"ann\"\n");
    let server = start_in(with_users(&users), ServerConfig::default()).await;
    let made = post_as(&server, &token, json!({ "title": "t" })).await;
    assert_eq!(made.0, StatusCode::CREATED);
    let refused = post_as(&server, &sha256, json!({ "title": "t" })).await;
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_edit_of_the_file_is_taken_without_a_word() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let mut ann = server.events_at("?access_token=ann-secret", &[]).await;
    let users = USERS.replace("ann-secret", "anns-new-secret");
    std::fs::write(server.folder().join("users.toml"), users).unwrap();
    assert!(matches!(ann.next_or_end().await, Err(Ended::Cleanly)));
    server.events_at("?access_token=anns-new-secret", &[]).await;
}

#[tokio::test]
async fn a_stream_ends_when_its_token_expires() {
    let users = "[[tokens]]\ntoken = \"t\"\nuser = \"ann\"\n";
    let server = start_in(with_users(users), ServerConfig::default()).await;
    let mut ann = server.events_at("?access_token=t", &[]).await;
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(4);
    let users = format!("{users}expires = {soon:.0}\n");
    std::fs::write(server.folder().join("users.toml"), users).unwrap();
    assert!(matches!(ann.next_or_end().await, Err(Ended::Cleanly)));
    let again = server
        .http
        .get(server.url("/api/v1/events"))
        .bearer_auth("t");
    assert_eq!(
        again.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_browsers_event_source_may_say_its_token_in_the_address() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let mut ann = server.events_at("?access_token=ann-secret", &[]).await;
    post_as(
        &server,
        "payroll-secret",
        json!({ "id": "a", "title": "t", "user": "ann" }),
    )
    .await;
    assert_eq!(ann.todo().await.1.id, "a");
}

#[tokio::test]
async fn the_status_shows_a_user_their_own_streams_only() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let _ann = server.events_at("?access_token=ann-secret", &[]).await;
    let _bob = server.events_at("?access_token=bob-secret", &[]).await;
    let seen = async |token| {
        let request = server
            .http
            .get(server.url("/api/v1/status"))
            .bearer_auth(token);
        answer(request.send().await.unwrap()).await.1["connections_by_user"].clone()
    };
    assert_eq!(seen("ann-secret").await, json!({ "ann": 1 }));
    assert_eq!(seen("payroll-secret").await, json!({ "ann": 1, "bob": 1 }));
}

#[tokio::test]
async fn in_open_mode_the_token_is_the_name_and_none_is_me() {
    let server = start(ServerConfig::default()).await;
    post_as(&server, "ann", json!({ "id": "a", "title": "t" })).await;
    post_as(
        &server,
        "ann",
        json!({ "id": "b", "title": "t", "user": "me" }),
    )
    .await;
    assert_eq!(server.get("/api/v1/todos/a").await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/api/v1/todos/b").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_users_file_that_makes_no_sense_is_named_with_its_line() {
    let folder = with_users("[[tokens]]\ntoken = \"t\"\nusre = \"ann\"\n");
    let sentence = refusal(ServerConfig {
        data: folder.path().to_owned(),
        ..ServerConfig::default()
    })
    .await;
    assert!(sentence.contains("users.toml: line 3"), "{sentence}");
    assert!(sentence.contains("usre"), "{sentence}");
}

fn everywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))
}

#[tokio::test]
async fn open_mode_refuses_to_be_reached_from_other_machines() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let sentence = refusal(ServerConfig {
        listen: everywhere(),
        data,
        ..ServerConfig::default()
    })
    .await;
    assert!(
        sentence.contains("users.toml") && sentence.contains("--trust-network"),
        "{sentence}"
    );
    start(ServerConfig {
        listen: everywhere(),
        trust_network: true,
        ..ServerConfig::default()
    })
    .await;
    start_in(
        with_users(USERS),
        ServerConfig {
            listen: everywhere(),
            ..ServerConfig::default()
        },
    )
    .await;
}

#[tokio::test]
async fn open_mode_answers_under_names_of_the_loopback_only() {
    let ask = async |server: &Running, host: &str| {
        let request = server.http.get(server.url("/healthz")).header(HOST, host);
        request.send().await.unwrap().status()
    };
    let open = start(ServerConfig::default()).await;
    assert_eq!(ask(&open, "localhost:1").await, StatusCode::OK);
    assert_eq!(
        ask(&open, "evil.test").await,
        StatusCode::MISDIRECTED_REQUEST
    );
    let trusting = start(ServerConfig {
        trust_network: true,
        ..ServerConfig::default()
    })
    .await;
    assert_eq!(ask(&trusting, "todos.company.test").await, StatusCode::OK);
    let known = start_in(with_users(USERS), ServerConfig::default()).await;
    assert_eq!(ask(&known, "todos.company.test").await, StatusCode::OK);
}

#[tokio::test]
async fn nothing_is_allowed_to_other_origins() {
    let server = start(ServerConfig::default()).await;
    let request = server
        .http
        .get(server.url("/api/v1/todos"))
        .header("origin", "https://evil.test");
    let response = request.send().await.unwrap();
    assert!(
        !response
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

#[tokio::test]
async fn a_cookie_opens_a_browsers_stream_and_nothing_else() {
    let server = start_in(with_users(USERS), ServerConfig::default()).await;
    let session = server.http.post(server.url("/api/v1/session"));
    let session = session.bearer_auth("ann-secret").send().await.unwrap();
    assert_eq!(session.status(), StatusCode::NO_CONTENT);
    let cookie = session.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    assert!(!cookie.contains("ann-secret"));
    let cookie = cookie.split(';').next().unwrap();

    let mut ann = server.events_at("", &[("cookie", cookie)]).await;
    post_as(&server, "ann-secret", json!({ "id": "a", "title": "t" })).await;
    assert_eq!(ann.todo().await.1.id, "a");
    let other = server
        .http
        .get(server.url("/api/v1/todos"))
        .header("cookie", cookie);
    assert_eq!(
        other.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );

    // The token taken away, the cookie is worth nothing.
    let users = USERS.replace("ann-secret", "anns-new-secret");
    std::fs::write(server.folder().join("users.toml"), users).unwrap();
    assert!(matches!(ann.next_or_end().await, Err(Ended::Cleanly)));
    let again = server
        .http
        .get(server.url("/api/v1/events"))
        .header("cookie", cookie);
    assert_eq!(
        again.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

/// Made with a key of its own by the test, as an identity provider would.
fn jwt(secret: &[u8], claims: &Value) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let part = |value: &Value| BASE64.encode(value.to_string());
    let message = format!("{}.{}", part(&json!({ "alg": "HS256" })), part(claims));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    let tag = ring::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", BASE64.encode(tag))
}

#[tokio::test]
async fn a_token_of_the_identity_provider_is_its_user_until_it_expires() {
    let secret = b"a key of thirty-two bytes, or more";
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("jwt.key");
    std::fs::write(&key, [secret.as_slice(), b"\n"].concat()).unwrap();
    let server = start_in(
        folder,
        ServerConfig {
            // Not open, though there is no users.toml.
            listen: everywhere(),
            jwt: Some(JwtConfig {
                keys: JwtKeys::Shared(key),
                issuer: None,
                audience: None,
                user_claim: "email".to_owned(),
            }),
            ..ServerConfig::default()
        },
    )
    .await;
    // Sixty seconds are for clocks that are not quite right.
    let expires = jiff::Timestamp::now().as_second() - 58;
    let claims = json!({ "email": "ann@example.com", "exp": expires });
    let token = jwt(secret, &claims);
    let url = format!("http://127.0.0.1:{}", server.address.port());
    let stream = server
        .http
        .get(format!("{url}/api/v1/events"))
        .bearer_auth(&token);
    let mut ann = crate::support::Events::of(stream.send().await.unwrap());
    let todo = server
        .http
        .post(format!("{url}/api/v1/todos"))
        .bearer_auth(&token);
    let todo = todo.json(&json!({ "id": "a", "title": "t", "user": "ann@example.com" }));
    assert_eq!(todo.send().await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(ann.todo().await.1.id, "a");
    assert!(matches!(ann.next_or_end().await, Err(Ended::Cleanly)));
    for token in [
        &token,
        &jwt(b"another key, not known to the server", &claims),
        "me",
    ] {
        let request = server
            .http
            .get(format!("{url}/api/v1/todos"))
            .bearer_auth(token);
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::UNAUTHORIZED
        );
    }
}

#[tokio::test]
async fn a_named_origin_and_no_other_may_speak_with_the_server() {
    let server = start(ServerConfig {
        cors_origins: vec!["https://intranet.test".parse().unwrap()],
        ..ServerConfig::default()
    })
    .await;
    let allowed = async |origin: &str| {
        let preflight = server
            .http
            .request(reqwest::Method::OPTIONS, server.url("/api/v1/todos"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type",
            );
        let answer = preflight.send().await.unwrap();
        let origin = answer.headers().get("access-control-allow-origin").cloned();
        origin.map(|origin| origin.to_str().unwrap().to_owned())
    };
    let named = allowed("https://intranet.test").await;
    assert_eq!(named.as_deref(), Some("https://intranet.test"));
    assert_eq!(allowed("https://evil.test").await, None);
}
