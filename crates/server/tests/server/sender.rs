//! The sender's side: what a publisher sends it can read, change, take back and follow.

use belldot_server::ServerConfig;
use reqwest::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::support::{Events, Running, answer, start, start_in, with_users};

const USERS: &str = r#"
[[tokens]]
token = "ann"
user = "ann"

[[tokens]]
token = "bob"
user = "bob"

[[tokens]]
token = "hr"
user = "hr"
publisher = true

[[tokens]]
token = "crm"
user = "crm"
publisher = true
"#;

async fn with_publishers() -> Running {
    start_in(with_users(USERS), ServerConfig::default()).await
}

fn request(server: &Running, method: Method, token: &str, path: &str) -> RequestBuilder {
    let request = server.http.request(method, server.url(path));
    request.bearer_auth(token)
}

async fn get(server: &Running, token: &str, path: &str) -> (StatusCode, Value) {
    answer(
        request(server, Method::GET, token, path)
            .send()
            .await
            .unwrap(),
    )
    .await
}

async fn send(
    server: &Running,
    method: Method,
    token: &str,
    path: &str,
    body: Value,
) -> (StatusCode, Value) {
    let request = request(server, method, token, path).json(&body);
    answer(request.send().await.unwrap()).await
}

async fn post(server: &Running, token: &str, body: Value) -> (StatusCode, Value) {
    send(server, Method::POST, token, "/api/v1/todos", body).await
}

async fn delete(server: &Running, token: &str, path: &str) -> StatusCode {
    let request = request(server, Method::DELETE, token, path);
    request.send().await.unwrap().status()
}

async fn events(server: &Running, token: &str, query: &str) -> Events {
    let path = format!("/api/v1/events{query}");
    Events::of(
        request(server, Method::GET, token, &path)
            .send()
            .await
            .unwrap(),
    )
}

#[tokio::test]
async fn the_location_can_be_followed_by_its_sender() {
    let server = with_publishers().await;
    let body = json!({ "id": "a/b ü", "user": "ann", "title": "Sign" });
    let response = request(&server, Method::POST, "hr", "/api/v1/todos").json(&body);
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let place = response.headers()[LOCATION].to_str().unwrap().to_owned();
    let made: Value = response.json().await.unwrap();
    assert_eq!(
        (&made["id"], &made["user"]),
        (&json!("a/b ü"), &json!("ann"))
    );
    assert_eq!(get(&server, "hr", &place).await, (StatusCode::OK, made));
    for other in ["ann", "crm"] {
        assert_eq!(get(&server, other, &place).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(delete(&server, "hr", &place).await, StatusCode::NO_CONTENT);
    assert_eq!(get(&server, "hr", &place).await.0, StatusCode::NOT_FOUND);
    assert_eq!(delete(&server, "hr", &place).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_sender_changes_any_field_of_what_it_sent() {
    let server = with_publishers().await;
    post(
        &server,
        "hr",
        json!({ "id": "7", "user": "ann", "title": "t", "body": "b", "tags": ["x"] }),
    )
    .await;
    let place = "/api/v1/todos/7?user=ann";
    let change = json!({ "title": "u", "body": null, "priority": 5, "status": "cancelled" });
    let (status, todo) = send(&server, Method::PATCH, "hr", place, change).await;
    assert_eq!(status, StatusCode::OK, "{todo}");
    assert_eq!(
        (&todo["title"], &todo["body"], &todo["priority"]),
        (&json!("u"), &Value::Null, &json!(5))
    );
    assert_eq!(
        (&todo["tags"], &todo["status"]),
        (&json!(["x"]), &json!("cancelled"))
    );
    let (_, hers) = get(&server, "ann", "/api/v1/todos/7").await;
    assert_eq!(
        (&hers["title"], &hers["status"]),
        (&json!("u"), &json!("cancelled"))
    );
    for (change, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "due": "tomorrow" }), "due"),
        (json!({ "user": "bob" }), "user"),
    ] {
        let (status, problem) = send(&server, Method::PATCH, "hr", place, change).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(problem["errors"][0]["pointer"], format!("#/{field}"));
    }
}

#[tokio::test]
async fn two_senders_may_use_the_same_id() {
    let server = with_publishers().await;
    for sender in ["hr", "crm"] {
        let body = json!({ "id": "7", "user": "ann", "title": sender });
        let (status, todo) = post(&server, sender, body).await;
        assert_eq!((status, &todo["id"]), (StatusCode::CREATED, &json!("7")));
    }
    let (_, page) = get(&server, "ann", "/api/v1/todos").await;
    let titles: Vec<_> = page["todos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|todo| &todo["title"])
        .collect();
    assert_eq!(titles, ["hr", "crm"]);
    assert_ne!(page["todos"][0]["id"], page["todos"][1]["id"]);
    // Each is dealt with by its own id.
    let second = page["todos"][1]["id"].as_str().unwrap();
    let place = format!("/api/v1/todos/{second}");
    send(
        &server,
        Method::PATCH,
        "ann",
        &place,
        json!({ "status": "done" }),
    )
    .await;
    assert_eq!(
        get(&server, "crm", "/api/v1/todos/7?user=ann").await.1["status"],
        "done"
    );
    assert_eq!(
        get(&server, "hr", "/api/v1/todos/7?user=ann").await.1["status"],
        "open"
    );
}

#[tokio::test]
async fn a_sender_lists_what_it_sent_and_to_whom() {
    let server = with_publishers().await;
    for (sender, user) in [("hr", "ann"), ("hr", "bob"), ("crm", "ann")] {
        post(
            &server,
            sender,
            json!({ "id": "7", "user": user, "title": "t" }),
        )
        .await;
    }
    send(
        &server,
        Method::PATCH,
        "bob",
        "/api/v1/todos/7",
        json!({ "status": "done" }),
    )
    .await;
    let users = async |query: &str| {
        let (status, page) = get(&server, "hr", &format!("/api/v1/todos?sender=me{query}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let todos = page["todos"].as_array().unwrap().iter();
        todos
            .map(|todo| todo["user"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(users("").await, ["ann", "bob"]);
    assert_eq!(users("&status=done").await, ["bob"]);
    assert_eq!(users("&user=ann").await, ["ann"]);
    assert_eq!(users("&user=ann&status=done").await, [""; 0]);
    assert_eq!(
        get(&server, "hr", "/api/v1/todos?sender=crm").await.0,
        StatusCode::FORBIDDEN
    );
    let (_, page) = get(&server, "hr", "/api/v1/todos?user=ann").await;
    assert_eq!(page["todos"][0]["user"], "ann");
    assert_eq!(
        get(&server, "hr", "/api/v1/todos").await.1["todos"],
        json!([])
    );
}

#[tokio::test]
async fn a_stream_tells_a_sender_what_became_of_what_it_sent() {
    let server = with_publishers().await;
    post(
        &server,
        "crm",
        json!({ "id": "7", "user": "ann", "title": "another's" }),
    )
    .await;
    post(
        &server,
        "hr",
        json!({ "id": "7", "user": "ann", "title": "t" }),
    )
    .await;
    let (_, hers) = get(&server, "ann", "/api/v1/todos?limit=2").await;
    let id = hers["todos"][1]["id"].as_str().unwrap().to_owned();
    let mut stream = events(&server, "hr", "?sender=me").await;
    let next = async |stream: &mut Events| -> Value {
        serde_json::from_str(&stream.next().await.data).unwrap()
    };
    assert_eq!(next(&mut stream).await["status"], "open");
    send(
        &server,
        Method::PATCH,
        "ann",
        &format!("/api/v1/todos/{id}"),
        json!({ "read": true }),
    )
    .await;
    let read = next(&mut stream).await;
    assert_eq!(
        (&read["user"], &read["id"], &read["read"]),
        (&json!("ann"), &json!("7"), &json!(true))
    );
    let last = stream.last_event_id().unwrap();
    drop(stream);

    // What happens meanwhile is told to a sender that comes back.
    let server = start_in(server.stop().await, ServerConfig::default()).await;
    send(
        &server,
        Method::PATCH,
        "ann",
        &format!("/api/v1/todos/{id}"),
        json!({ "status": "done" }),
    )
    .await;
    let mut stream = events(&server, "hr", &format!("?sender=me&last_event_id={last}")).await;
    assert_eq!(next(&mut stream).await["status"], "done");
}

#[tokio::test]
async fn what_a_sender_deletes_is_gone_from_lists_and_streams_are_told() {
    let server = with_publishers().await;
    post(
        &server,
        "hr",
        json!({ "id": "7", "user": "ann", "title": "A secret" }),
    )
    .await;
    let mut hers = events(&server, "ann", "").await;
    hers.next().await;
    assert_eq!(
        delete(&server, "ann", "/api/v1/todos/7").await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        delete(&server, "crm", "/api/v1/todos/7?user=ann").await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        delete(&server, "hr", "/api/v1/todos/7?user=ann").await,
        StatusCode::NO_CONTENT
    );
    let event = hers.next().await;
    let todo: Value = serde_json::from_str(&event.data).unwrap();
    assert_eq!(
        (&todo["id"], &todo["deleted"], &todo["status"]),
        (&json!("7"), &json!(true), &json!("cancelled"))
    );
    assert!(!event.data.contains("secret"));
    assert_eq!(
        get(&server, "ann", "/api/v1/todos").await.1["todos"],
        json!([])
    );
    assert_eq!(
        get(&server, "hr", "/api/v1/todos?sender=me").await.1["todos"],
        json!([])
    );
    let patch = json!({ "read": true });
    assert_eq!(
        send(&server, Method::PATCH, "ann", "/api/v1/todos/7", patch)
            .await
            .0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn one_call_reaches_several_users_or_all() {
    let server = with_publishers().await;
    let (status, sent) = post(
        &server,
        "hr",
        json!({ "id": "1", "users": ["bob", "ann"], "title": "t" }),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED);
    let users: Vec<_> = sent["todos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|todo| &todo["user"])
        .collect();
    assert_eq!(users, ["ann", "bob"]);
    let (status, sent) = post(
        &server,
        "hr",
        json!({ "id": "1", "users": "all", "title": "t" }),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(sent["todos"].as_array().unwrap().len(), 4);
    assert_eq!(
        post(
            &server,
            "hr",
            json!({ "id": "1", "users": "all", "title": "t" })
        )
        .await
        .0,
        StatusCode::OK
    );
    for user in ["ann", "bob", "crm"] {
        assert_eq!(
            get(&server, user, "/api/v1/todos/1").await.0,
            StatusCode::OK
        );
    }
    assert_eq!(
        post(&server, "ann", json!({ "users": "all", "title": "t" }))
            .await
            .0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn an_unknown_user_is_refused_unless_users_may_be_created() {
    let server = with_publishers().await;
    let (status, problem) = post(&server, "hr", json!({ "user": "anne", "title": "t" })).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::BAD_REQUEST, &json!("#/user"))
    );
    let several = json!({ "users": ["ann", "anne"], "title": "t" });
    let (status, problem) = post(&server, "hr", several.clone()).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::BAD_REQUEST, &json!("#/users"))
    );
    assert_eq!(
        get(&server, "ann", "/api/v1/todos").await.1["todos"],
        json!([])
    );

    let folder = with_users(&format!("create_users = true\n{USERS}"));
    let server = start_in(folder, ServerConfig::default()).await;
    assert_eq!(post(&server, "hr", several).await.0, StatusCode::CREATED);
    // Then it is one of all.
    let (_, sent) = post(&server, "hr", json!({ "users": "all", "title": "t" })).await;
    assert_eq!(sent["todos"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_batch_is_done_whole_or_not_at_all() {
    let server = with_publishers().await;
    let batch = |last: Value| {
        json!({ "todos": [
        { "id": "1", "user": "ann", "title": "one" },
        { "id": "2", "users": ["ann", "bob"], "title": "two" },
        last,
    ] })
    };
    let path = "/api/v1/batch";
    for (last, field) in [
        (json!({ "id": "3", "user": "ann", "title": "" }), "title"),
        (json!({ "id": "3", "user": "anne", "title": "t" }), "user"),
        (json!({ "id": "1", "user": "ann", "title": "again" }), "id"),
    ] {
        let (status, problem) = send(&server, Method::POST, "hr", path, batch(last)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
        assert_eq!(
            problem["errors"][0]["pointer"],
            format!("#/todos/2/{field}")
        );
    }
    assert_eq!(
        get(&server, "hr", "/api/v1/todos?sender=me").await.1["todos"],
        json!([])
    );
    let last = json!({ "title": "for myself" });
    let (status, sent) = send(&server, Method::POST, "hr", path, batch(last)).await;
    assert_eq!(status, StatusCode::CREATED, "{sent}");
    assert_eq!(sent["todos"].as_array().unwrap().len(), 4);
    assert_eq!(sent["todos"][3]["user"], "hr");
}

#[tokio::test]
async fn a_batch_that_is_too_much_is_413() {
    let server = start(ServerConfig::default()).await;
    let users: Vec<_> = (0..10_001).map(|user| user.to_string()).collect();
    let (status, _) = server.post(json!({ "users": users, "title": "t" })).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let body = "x".repeat(900_000);
    let (status, _) = server
        .post(json!({ "users": &users[..100], "title": "t", "body": body }))
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_change_may_depend_on_the_entity_tag() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    let url = server.url("/api/v1/todos/a");
    let response = server.http.get(&url).send().await.unwrap();
    let seen = response.headers()[ETAG].clone();
    let unchanged = server
        .http
        .get(&url)
        .header(IF_NONE_MATCH, &seen)
        .send()
        .await
        .unwrap();
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(unchanged.headers()[ETAG], seen);

    let patch = async |tag: &str, body: Value| {
        server
            .http
            .patch(&url)
            .header(IF_MATCH, tag)
            .json(&body)
            .send()
            .await
            .unwrap()
    };
    let seen = seen.to_str().unwrap();
    let changed = patch(seen, json!({ "read": true })).await;
    assert_eq!(changed.status(), StatusCode::OK);
    let now = changed.headers()[ETAG].to_str().unwrap().to_owned();
    assert_ne!(now, seen);
    let stale = patch(seen, json!({ "status": "done" })).await;
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        patch("*", json!({ "read": true })).await.headers()[ETAG],
        now
    );
    assert_eq!(
        patch("zzz", json!({ "read": true })).await.status(),
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(
        patch(&format!("W/{now}"), json!({})).await.status(),
        StatusCode::PRECONDITION_FAILED
    );

    let post = server
        .http
        .post(server.url("/api/v1/todos"))
        .header(IF_MATCH, seen);
    let post = post
        .json(&json!({ "id": "a", "title": "b" }))
        .send()
        .await
        .unwrap();
    assert_eq!(post.status(), StatusCode::PRECONDITION_FAILED);
    let delete = server
        .http
        .delete(&url)
        .header(IF_MATCH, seen)
        .send()
        .await
        .unwrap();
    assert_eq!(delete.status(), StatusCode::PRECONDITION_FAILED);
    let delete = server
        .http
        .delete(&url)
        .header(IF_MATCH, now)
        .send()
        .await
        .unwrap();
    assert_eq!(delete.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_person_changes_every_field_of_its_own_and_two_of_what_others_sent() {
    let server = with_publishers().await;
    post(&server, "ann", json!({ "id": "own", "title": "t" })).await;
    post(
        &server,
        "hr",
        json!({ "id": "7", "user": "ann", "title": "t" }),
    )
    .await;
    let patch = async |id: &str, change: Value| {
        let place = format!("/api/v1/todos/{id}");
        send(&server, Method::PATCH, "ann", &place, change).await.0
    };
    assert_eq!(patch("own", json!({ "title": "u" })).await, StatusCode::OK);
    assert_eq!(
        patch("7", json!({ "title": "u" })).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        patch("7", json!({ "status": "done", "read": true })).await,
        StatusCode::OK
    );
}
