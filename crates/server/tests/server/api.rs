//! Making, changing and reading to-dos, and what is answered to a request that makes no sense.

use belldot_server::{ServerConfig, ServerLimits};
use reqwest::StatusCode;
use reqwest::header::{ALLOW, CONTENT_TYPE, LOCATION};
use serde_json::{Value, json};

use crate::support::{Running, answer, start};

#[tokio::test]
async fn a_new_todo_is_answered_whole_with_201_and_where_it_is() {
    let server = start(ServerConfig::default()).await;
    let request = server
        .http
        .post(server.url("/api/v1/todos"))
        .json(&json!({ "title": "Sign" }));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let place = response.headers()[LOCATION].to_str().unwrap().to_owned();
    let todo: Value = response.json().await.unwrap();
    assert_eq!(todo["title"], "Sign");
    assert_eq!(
        (&todo["priority"], &todo["status"], &todo["read"]),
        (&json!(3), &json!("open"), &json!(false))
    );
    assert_eq!(todo["created"], todo["updated"]);
    assert_eq!(server.get(&place).await, (StatusCode::OK, todo));
}

#[tokio::test]
async fn a_given_id_makes_posting_twice_the_same_as_once() {
    let server = start(ServerConfig::default()).await;
    let todo = json!({ "id": "a/b ü", "title": "t" });
    let (first, created) = server.post(todo.clone()).await;
    let (second, again) = server.post(todo).await;
    assert_eq!((first, second), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(created, again);
    assert_eq!(server.get("/api/v1/todos/a%2Fb%20%C3%BC").await.1, created);
}

#[tokio::test]
async fn posting_an_id_again_replaces_what_the_publisher_said() {
    let server = start(ServerConfig::default()).await;
    server
        .post(json!({ "id": "a", "title": "t", "body": "b", "tags": ["x"], "priority": 5 }))
        .await;
    let (_, todo) = server.post(json!({ "id": "a", "title": "u" })).await;
    assert_eq!(
        (&todo["title"], &todo["priority"]),
        (&json!("u"), &json!(3))
    );
    assert_eq!((&todo["body"], &todo["tags"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn posting_an_id_again_leaves_what_its_person_did() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    server.patch("a", json!({ "status": "done" })).await;
    let (_, todo) = server.post(json!({ "id": "a", "title": "other" })).await;
    assert_eq!(
        (&todo["status"], &todo["read"]),
        (&json!("done"), &json!(true))
    );
}

#[tokio::test]
async fn a_todo_that_was_read_may_be_posted_back() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    let (_, mut todo) = server.get("/api/v1/todos/a").await;
    todo["title"] = json!("changed");
    let (status, changed) = server.post(todo.clone()).await;
    assert_eq!(
        (status, &changed["created"]),
        (StatusCode::OK, &todo["created"])
    );
    assert_eq!(changed["title"], "changed");
}

#[tokio::test]
async fn done_is_also_read() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    let (status, todo) = server.patch("a", json!({ "status": "done" })).await;
    assert_eq!(
        (status, &todo["status"], &todo["read"]),
        (StatusCode::OK, &json!("done"), &json!(true))
    );
}

#[tokio::test]
async fn a_patch_changes_what_it_names_only() {
    let server = start(ServerConfig::default()).await;
    server
        .post(json!({ "id": "a", "title": "t", "body": "b" }))
        .await;
    let (_, todo) = server.patch("a", json!({ "read": true })).await;
    assert_eq!(
        (&todo["body"], &todo["status"], &todo["read"]),
        (&json!("b"), &json!("open"), &json!(true))
    );
}

#[tokio::test]
async fn an_unknown_todo_is_404() {
    let server = start(ServerConfig::default()).await;
    let (status, problem) = server.patch("nope", json!({ "read": true })).await;
    is_problem(status, &problem, StatusCode::NOT_FOUND, "nope");
    let (status, problem) = server.get("/api/v1/todos/nope").await;
    is_problem(status, &problem, StatusCode::NOT_FOUND, "nope");
}

#[tokio::test]
async fn the_list_has_filters_and_pages() {
    let server = start(ServerConfig::default()).await;
    for id in ["a", "b", "c", "d"] {
        server.put(id).await;
    }
    server.patch("a", json!({ "status": "done" })).await;
    assert_eq!(
        ids(&server, "").await,
        (vec!["b", "c", "d", "a"].map_owned(), Value::Null)
    );
    assert_eq!(
        ids(&server, "?status=done").await,
        (vec!["a"].map_owned(), Value::Null)
    );
    let (first, next) = ids(&server, "?status=open&limit=2").await;
    assert_eq!(first, ["b", "c"]);
    let (rest, next) = ids(&server, &format!("?status=open&limit=2&after={next}")).await;
    assert_eq!((rest, next), (vec!["d".to_owned()], Value::Null));
}

trait MapOwned {
    fn map_owned(self) -> Vec<String>;
}

impl MapOwned for Vec<&str> {
    fn map_owned(self) -> Vec<String> {
        self.into_iter().map(str::to_owned).collect()
    }
}

async fn ids(server: &Running, query: &str) -> (Vec<String>, Value) {
    let (status, page) = server.get(&format!("/api/v1/todos{query}")).await;
    assert_eq!(status, StatusCode::OK);
    let ids = page["todos"].as_array().unwrap().iter();
    (
        ids.map(|todo| todo["id"].as_str().unwrap().to_owned())
            .collect(),
        page["next"].clone(),
    )
}

#[tokio::test]
async fn health_is_answered() {
    let server = start(ServerConfig::default()).await;
    assert_eq!(
        server.get("/healthz").await,
        (StatusCode::OK, json!({ "status": "ok" }))
    );
}

fn is_problem(status: StatusCode, problem: &Value, wanted: StatusCode, says: &str) {
    assert_eq!(status, wanted, "{problem}");
    assert_eq!(problem["status"], wanted.as_u16());
    assert_eq!(problem["title"], wanted.canonical_reason().unwrap());
    assert!(
        problem["detail"].as_str().unwrap().contains(says),
        "{problem}"
    );
}

#[tokio::test]
async fn a_refused_field_is_named() {
    let server = start(ServerConfig::default()).await;
    let cases = [
        (json!({}), "title"),
        (json!({ "title": "  " }), "title"),
        (json!({ "title": "two\nlines" }), "title"),
        (json!({ "title": "\u{200b}" }), "title"),
        (json!({ "title": 5 }), "title"),
        (json!({ "title": "t", "url": "javascript:alert(1)" }), "url"),
        (json!({ "title": "t", "priority": 6 }), "priority"),
        (json!({ "title": "t", "priority": "high" }), "priority"),
        (
            json!({ "title": "t", "due": "99999-01-01T00:00:00Z" }),
            "due",
        ),
        (json!({ "title": "t", "status": "finished" }), "status"),
        (json!({ "title": "t", "tags": "a" }), "tags"),
        (json!({ "title": "t", "tags": ["a", 1] }), "tags"),
        (json!({ "title": "t", "id": "" }), "id"),
        (json!({ "title": "t", "id": "x".repeat(300) }), "id"),
        (json!({ "title": "t", "user": "a\nb" }), "user"),
        (json!({ "title": "t", "titel": "t" }), "titel"),
    ];
    for (body, field) in cases {
        let (status, problem) = server.post(body).await;
        is_problem(status, &problem, StatusCode::BAD_REQUEST, field);
        assert_eq!(
            problem["errors"][0]["pointer"],
            format!("#/{field}"),
            "{problem}"
        );
    }
    assert_eq!(ids(&server, "").await.0.len(), 0);
}

#[tokio::test]
async fn a_refused_patch_names_its_field() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    for (body, field) in [
        (json!({ "status": "finished" }), "status"),
        (json!({ "read": "yes" }), "read"),
        (json!({ "title": " " }), "title"),
        (json!({ "id": "b" }), "id"),
    ] {
        let (status, problem) = server.patch("a", body).await;
        is_problem(status, &problem, StatusCode::BAD_REQUEST, field);
    }
}

#[tokio::test]
async fn malformed_json_is_a_problem() {
    let server = start(ServerConfig::default()).await;
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"title\":\"t\"} x",
        "\u{feff}{}",
        // Never by the places of the fields.
        "[\"1\",null,\"A title\",\"b\",null,3,null,\"open\",false,[\"t\"],\"s\",null,null]",
        "[\"A title\"]",
        " [{\"title\":\"a\"},{\"title\":\"b\"}]",
    ] {
        let request = server.http.post(server.url("/api/v1/todos"));
        let response = request
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await;
        let response = response.unwrap();
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let (status, problem) = answer(response).await;
        is_problem(status, &problem, StatusCode::BAD_REQUEST, "JSON");
    }
}

#[tokio::test]
async fn a_body_that_is_not_called_json_is_415() {
    let server = start(ServerConfig::default()).await;
    let request = server
        .http
        .post(server.url("/api/v1/todos"))
        .body("{\"title\":\"t\"}");
    let (status, problem) = answer(request.send().await.unwrap()).await;
    is_problem(
        status,
        &problem,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Content-Type",
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_one_at_it_is_taken() {
    let limits = ServerLimits {
        body: 100_000,
        ..ServerLimits::default()
    };
    let server = start(ServerConfig {
        limits,
        ..ServerConfig::default()
    })
    .await;
    let sized = |bytes: usize| {
        let around = json!({ "title": "" }).to_string().len();
        json!({ "title": "x".repeat(bytes - around) })
    };
    assert_eq!(server.post(sized(100_000)).await.0, StatusCode::CREATED);
    for bytes in [100_001, 5_000_000] {
        let (status, problem) = server.post(sized(bytes)).await;
        is_problem(status, &problem, StatusCode::PAYLOAD_TOO_LARGE, "100000");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_is_400() {
    let server = start(ServerConfig::default()).await;
    for (query, says) in [
        ("status=lost", "status"),
        ("after=x", "after"),
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("state=open", "state"),
        ("status=open&status=done", "status"),
    ] {
        let (status, problem) = server.get(&format!("/api/v1/todos?{query}")).await;
        is_problem(status, &problem, StatusCode::BAD_REQUEST, says);
    }
}

#[tokio::test]
async fn an_address_that_is_not_there_is_404() {
    let server = start(ServerConfig::default()).await;
    for path in [
        "/nope.js",
        "/api",
        "/api/",
        "/api/v1/nope",
        "/api/v1/todos/a/b",
        "/api/v2/events",
    ] {
        let (status, problem) = server.get(path).await;
        is_problem(status, &problem, StatusCode::NOT_FOUND, path);
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_is_405_with_those_that_are() {
    let server = start(ServerConfig::default()).await;
    let response = server
        .http
        .put(server.url("/api/v1/todos/a"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    assert_eq!(response.headers()[ALLOW], "GET,HEAD,PATCH,DELETE");
    let (status, problem) = answer(response).await;
    is_problem(status, &problem, StatusCode::METHOD_NOT_ALLOWED, "PUT");
}

#[tokio::test]
async fn a_name_in_the_query_that_is_not_known_is_refused_everywhere() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    for path in [
        "/api/v1/todos?state=open",
        "/api/v1/todos/a?fields=title",
        "/api/v1/events?last_event=1",
        "/api/v1/status?verbose",
    ] {
        let (status, problem) = server.get(path).await;
        is_problem(status, &problem, StatusCode::BAD_REQUEST, "unknown field");
    }
}

#[tokio::test]
async fn hostile_texts_are_kept_as_they_are() {
    let server = start(ServerConfig::default()).await;
    let title = "<script>alert(1)</script>\u{2067}data: {}\u{2069}";
    let body = "\u{202e}\u{0}\u{feff}\n\ndata: {}";
    let tags: Vec<String> = (0..10_000).map(|tag| tag.to_string()).collect();
    let mut events = server.events().await;
    let (status, todo) = server
        .post(json!({ "id": "a", "title": title, "body": body, "tags": tags }))
        .await;
    assert_eq!(
        (status, &todo["title"], &todo["body"]),
        (StatusCode::CREATED, &json!(title), &json!(body))
    );
    let (_, seen) = events.todo().await;
    assert_eq!((seen.title.as_str(), seen.tags.len()), (title, 10_000));
    assert_eq!(seen.body.as_deref(), Some(body));
}
