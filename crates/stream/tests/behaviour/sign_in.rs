//! 401, credentials that are fetched and renewed, and where credentials must not go.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use belldot_stream::{
    Cause, Config, Credentials, CredentialsError, Secret, StreamState, Subscription,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, HeaderValue};

use crate::script::*;

type Fetched = Result<Secret, CredentialsError>;

/// Gives these secrets one by one, the last one again and again, and notes what it was asked.
#[derive(Debug)]
struct Source {
    secrets: Mutex<Vec<Fetched>>,
    asked: Mutex<Vec<bool>>,
}

impl Source {
    fn new(secrets: impl IntoIterator<Item = Fetched>) -> Arc<Self> {
        let secrets = Mutex::new(secrets.into_iter().collect());
        Arc::new(Self {
            secrets,
            asked: Mutex::default(),
        })
    }

    fn asked(&self) -> Vec<bool> {
        self.asked.lock().unwrap().clone()
    }
}

impl Credentials for Source {
    fn fetch(&self, refused: bool) -> BoxFuture<'_, Fetched> {
        self.asked.lock().unwrap().push(refused);
        let mut secrets = self.secrets.lock().unwrap();
        let secret = if secrets.len() > 1 {
            secrets.remove(0)
        } else {
            secrets[0].clone()
        };
        async move { secret }.boxed()
    }
}

fn token(token: &str) -> Fetched {
    Ok(Secret::bearer(token).unwrap())
}

fn expiring(token: &str, expires: SystemTime) -> Fetched {
    Ok(Secret {
        expires: Some(expires),
        ..Secret::bearer(token).unwrap()
    })
}

fn subscribe(world: &Arc<World>, source: &Arc<Source>) -> Subscription {
    let mut config = world.config();
    config.credentials = Some(source.clone());
    Subscription::start(config)
}

fn tokens(world: &World) -> Vec<String> {
    let seen = world.seen();
    seen.iter()
        .map(|seen| seen.headers[AUTHORIZATION].to_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_401_is_tried_once_more_with_fresh_credentials_then_it_stops() {
    let world = World::new([status(401)]);
    let source = Source::new([token("old"), token("new")]);
    let mut stream = subscribe(&world, &source);
    let (delay, _, cause) = waiting(&world, &mut stream).await;
    assert_eq!((delay, cause), (SECOND, Cause::SignIn));
    assert_eq!(
        next_state(&mut stream).await,
        StreamState::Stopped {
            cause: Cause::SignIn
        }
    );
    assert_eq!(tokens(&world), ["Bearer old", "Bearer new"]);
    assert_eq!(source.asked(), [false, true]);
    stream.handle().wake();
    stream.handle().network_changed();
    assert_eq!(within(6 * 60 * MINUTE, &mut stream).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_401_is_healed_by_fresh_credentials() {
    let world = World::new([status(401), lasting(MINUTE), status(401), quiet()]);
    let source = Source::new([token("1"), token("2"), token("2"), token("3")]);
    let mut stream = subscribe(&world, &source);
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(waiting(&world, &mut stream).await.2, Cause::Ended);
    // A stream was open since: one more try is due again.
    assert_eq!(waiting(&world, &mut stream).await.2, Cause::SignIn);
    open(&mut stream).await;
    assert_eq!(source.asked(), [false, true, false, true]);
}

#[tokio::test(start_paused = true)]
async fn a_401_with_fixed_credentials_is_tried_once_more_too() {
    let world = World::new([status(401)]);
    let mut stream = world.subscribe();
    waiting(&world, &mut stream).await;
    assert_eq!(
        next_state(&mut stream).await,
        StreamState::Stopped {
            cause: Cause::SignIn
        }
    );
    assert_eq!(world.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn try_again_after_a_sign_in_works() {
    let world = World::new([status(401), status(401), quiet()]);
    let mut stream = world.subscribe();
    waiting(&world, &mut stream).await;
    next_state(&mut stream).await;
    tokio::time::sleep(MINUTE).await;
    stream.handle().retry_now();
    open(&mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_expires_and_the_cursor_is_kept() {
    let world = World::new([stream([bytes("id: 9\ndata: a\n\n"), Piece::Hold]), quiet()]);
    let expires = world.now() + 10 * MINUTE;
    let source = Source::new([expiring("first", expires), token("second")]);
    let mut stream = subscribe(&world, &source);
    assert_eq!(next_event(&mut stream).await.id, "9");
    // Quietly: no failure is told.
    connecting(&mut stream).await;
    assert!(world.now() < expires && world.now() >= expires - MINUTE);
    open(&mut stream).await;
    assert_eq!(tokens(&world), ["Bearer first", "Bearer second"]);
    assert_eq!(world.seen()[1].headers["last-event-id"], "9");
    assert_eq!(source.asked(), [false, false]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_be_renewed_does_not_make_it_spin() {
    let world = World::new([quiet()]);
    let expires = world.now() + 10 * MINUTE;
    let source = Source::new([expiring("same", expires)]);
    let mut stream = subscribe(&world, &source);
    while within(14 * MINUTE, &mut stream).await.is_some() {}
    assert_eq!(world.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_not_to_be_had_now_are_asked_for_again() {
    let world = World::new([quiet()]);
    let locked = Err(CredentialsError::Unavailable(
        "the keyring is locked".to_owned(),
    ));
    let source = Source::new([locked, token("t")]);
    let mut stream = subscribe(&world, &source);
    let (_, attempt, cause) = waiting(&world, &mut stream).await;
    assert_eq!((attempt, cause.code()), (1, "keyring"));
    assert_eq!(cause.detail().unwrap(), "the keyring is locked");
    open(&mut stream).await;
    assert_eq!(world.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn however_long_credentials_are_not_to_be_had_they_are_asked_for_every_two_seconds() {
    let world = World::new([status(503), quiet()]);
    let locked = || Err(CredentialsError::Unavailable("locked".to_owned()));
    let answers = (0..50).map(|_| locked()).chain([token("t"), token("t")]);
    let source = Source::new(answers.collect::<Vec<_>>());
    let mut stream = subscribe(&world, &source);
    for attempt in 1..=50 {
        let waited = waiting(&world, &mut stream).await;
        assert_eq!((waited.0.as_secs(), waited.1), (2, attempt));
    }
    // The server's own first failure is its first.
    let (delay, ..) = waiting(&world, &mut stream).await;
    assert!(delay < MINUTE, "{delay:?}");
    open(&mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn credentials_that_need_a_person_stop_it() {
    let world = World::new([quiet()]);
    let source = Source::new([Err(CredentialsError::SignIn), token("t")]);
    let mut stream = subscribe(&world, &source);
    assert_eq!(
        next_state(&mut stream).await,
        StreamState::Stopped {
            cause: Cause::SignIn
        }
    );
    assert_eq!(world.attempts(), 0);
    stream.handle().retry_now();
    open_at_last(&mut stream).await;
}

async fn open_at_last(stream: &mut Subscription) {
    while !matches!(next_state(stream).await, StreamState::Open { .. }) {}
}

async fn plain(world: &Arc<World>, url: &str, change: impl FnOnce(&mut Config)) -> StreamState {
    let mut config = world.config();
    config.url = url.parse().unwrap();
    change(&mut config);
    next_state(&mut Subscription::start(config)).await
}

fn bearer(config: &mut Config) {
    config
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Bearer t"));
}

#[tokio::test(start_paused = true)]
async fn credentials_are_not_sent_over_plain_http_to_another_machine() {
    let world = World::new([quiet()]);
    let sensitive = |config: &mut Config| {
        let mut value = HeaderValue::from_static("k");
        value.set_sensitive(true);
        config.headers.insert("x-api-key", value);
    };
    let source = |config: &mut Config| config.credentials = Some(Source::new([token("t")]));
    for state in [
        plain(&world, "http://a.test/", bearer).await,
        plain(&world, "http://192.168.1.1/", bearer).await,
        plain(&world, "http://[fe80::1]/", bearer).await,
        plain(&world, "http://localhost.a.test/", bearer).await,
        plain(&world, "http://a.test/", sensitive).await,
        plain(&world, "http://a.test/", source).await,
        plain(&world, "http://me:pw@a.test/", |_| {}).await,
    ] {
        let StreamState::Stopped { cause } = state else {
            panic!("{state:?}")
        };
        assert_eq!(cause.code(), "unusable");
    }
    assert_eq!(world.attempts(), 0);
}

#[tokio::test(start_paused = true)]
async fn credentials_are_sent_over_https_to_this_machine_and_where_it_is_allowed() {
    let world = World::new([quiet()]);
    let allowed = |config: &mut Config| {
        bearer(config);
        config.allow_plain_credentials = true;
    };
    let nobody_signed_in = |config: &mut Config| {
        config.credentials = Some(Source::new([Ok(Secret::default())]));
    };
    for state in [
        plain(&world, "https://a.test/", bearer).await,
        plain(&world, "http://localhost:8080/", bearer).await,
        plain(&world, "http://127.1.2.3/", bearer).await,
        plain(&world, "http://[::1]/", bearer).await,
        plain(&world, "http://a.test/", allowed).await,
        plain(&world, "http://a.test/", |_| {}).await,
        plain(&world, "http://a.test/", nobody_signed_in).await,
    ] {
        assert!(matches!(state, StreamState::Open { .. }), "{state:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_none_stops_it() {
    let world = World::new([quiet()]);
    for url in [
        "ftp://a.test/",
        "file:///x",
        "mailto:a@b.test",
        "data:text/event-stream,x",
    ] {
        let state = plain(&world, url, |_| {}).await;
        let StreamState::Stopped { cause } = state else {
            panic!("{url}: {state:?}")
        };
        assert_eq!(cause.code(), "unusable");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_and_password_in_the_url_are_sent_as_basic() {
    let world = World::new([quiet()]);
    plain(&world, "https://m%C3%A9:p%3Aw@a.test/", |_| {}).await;
    let seen = &world.seen()[0];
    assert_eq!(seen.url, "https://a.test/");
    assert_eq!(seen.headers[AUTHORIZATION], "Basic bcOpOnA6dw==");
}

#[tokio::test(start_paused = true)]
async fn a_name_and_password_in_the_url_go_along_within_the_origin() {
    let there = reply(302, [("location", "https://a.test/b")], []);
    let world = World::new([there, quiet()]);
    plain(&world, "https://me:pw@a.test/", |_| {}).await;
    assert_eq!(world.seen()[1].headers[AUTHORIZATION], "Basic bWU6cHc=");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_never_expires_is_no_trouble() {
    let world = World::new([quiet()]);
    // {"exp":9e18}: longer than any clock.
    let source = Source::new([token("a.eyJleHAiOjllMTh9.c")]);
    open(&mut subscribe(&world, &source)).await;
}

#[tokio::test(start_paused = true)]
async fn a_cookie_of_the_server_comes_back_to_it_and_to_no_other_subscription() {
    let headers = [
        ("content-type", "text/event-stream"),
        ("set-cookie", "s=1; Path=/; HttpOnly"),
    ];
    let world = World::new([reply(200, headers, []), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(world.seen()[1].headers["cookie"], "s=1");
    open(&mut world.subscribe()).await;
    assert!(!world.seen()[2].headers.contains_key("cookie"));
}

#[test]
fn a_json_web_token_tells_when_it_expires() {
    // {"alg":"none"} . {"exp":1800000000.5}
    let secret = Secret::bearer("eyJhbGciOiJub25lIn0.eyJleHAiOjE4MDAwMDAwMDAuNX0.").unwrap();
    let expected = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_500);
    assert_eq!(secret.expires, Some(expected));
    for opaque in [
        "abc",
        "a.b.c",
        "a.e30.c",
        "a.eyJleHAiOi0xfQ.c",
        "a.eyJleHAiOjFlOTl9.c",
    ] {
        assert_eq!(Secret::bearer(opaque).unwrap().expires, None, "{opaque}");
    }
}

#[test]
fn secrets_do_not_show_when_printed() {
    let secret = format!("{:?}", Secret::bearer("hidden").unwrap());
    assert!(!secret.contains("hidden"), "{secret}");
}
