//! Redirects: up to 5, relative ones too; credentials never cross an origin; https never falls
//! to http.

use belldot_stream::{Cause, Config, RedirectFault, Subscription};
use reqwest::header::{AUTHORIZATION, HeaderValue};

use crate::script::*;

fn to(location: &str) -> Answer {
    reply(302, [("location", location)], [])
}

/// Where the attempts went, given these answers to a subscription of this URL.
async fn way(url: &str, answers: impl IntoIterator<Item = Answer>) -> (Vec<String>, Vec<Seen>) {
    let world = World::new(answers);
    let mut stream = Subscription::start(with_secrets(world.config(), url));
    open(&mut stream).await;
    let seen = world.seen();
    (seen.iter().map(|seen| seen.url.clone()).collect(), seen)
}

async fn refused(url: &str, answers: impl IntoIterator<Item = Answer>) -> Cause {
    let world = World::new(answers);
    let mut stream = Subscription::start(with_secrets(world.config(), url));
    waiting(&world, &mut stream).await.2
}

fn with_secrets(mut config: Config, url: &str) -> Config {
    config.url = url.parse().unwrap();
    config
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Bearer secret"));
    config
        .headers
        .insert("x-api-key", HeaderValue::from_static("secret"));
    config
        .headers
        .insert("cookie", HeaderValue::from_static("session=secret"));
    config.last_event_id = "7".to_owned();
    config
}

fn bears_secrets(seen: &Seen) -> bool {
    let values = seen
        .headers
        .values()
        .filter_map(|value| value.to_str().ok());
    values.into_iter().any(|value| value.contains("secret"))
}

#[tokio::test(start_paused = true)]
async fn are_followed_also_relative_ones() {
    for code in [301, 302, 303, 307, 308] {
        let there = reply(code, [("location", "../b?c=d")], []);
        let (urls, _) = way("https://a.test/x/y/z", [there, quiet()]).await;
        assert_eq!(urls, ["https://a.test/x/y/z", "https://a.test/x/b?c=d"]);
    }
}

#[tokio::test(start_paused = true)]
async fn are_followed_5_times_and_no_more() {
    let five = || (1..=5).map(|hop| to(&format!("/{hop}")));
    let (urls, _) = way("https://a.test/", five().chain([quiet()])).await;
    assert_eq!(urls.len(), 6);
    let cause = refused("https://a.test/", five().chain([to("/6"), quiet()])).await;
    assert_eq!(cause.code(), "redirect");
}

#[tokio::test(start_paused = true)]
async fn in_a_loop_are_given_up_named_and_tried_again_later() {
    let world = World::new([to("/events")]);
    let mut stream = world.subscribe();
    for failures in 1..=3 {
        let (_, attempt, cause) = waiting(&world, &mut stream).await;
        assert_eq!((attempt, cause.code()), (failures, "redirect"));
        assert_eq!(world.attempts(), 6 * failures as usize);
    }
}

#[tokio::test(start_paused = true)]
async fn from_https_to_http_are_refused() {
    let cause = refused("https://a.test/", [to("http://a.test/"), quiet()]).await;
    assert_eq!(cause, Cause::Redirect(RedirectFault::ToHttp));
}

#[tokio::test(start_paused = true)]
async fn to_nowhere_are_refused() {
    for answer in [
        status(302),
        to("ftp://a.test/"),
        to("file:///etc/passwd"),
        to("javascript:alert(1)"),
        to("https://"),
        to("//:x"),
    ] {
        assert_eq!(
            refused("https://a.test/", [answer, quiet()]).await.code(),
            "redirect"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn say_nothing_in_the_servers_words() {
    for location in [
        format!("http://[{}", "A".repeat(200_000)),
        "http://[/?token=s3cret".to_owned(),
        "ftp://ann:s3cret@files.example/?key=s3cret".to_owned(),
    ] {
        let cause = refused("https://a.test/", [to(&location), quiet()]).await;
        let said = format!("{cause:?} {:?}", cause.detail());
        assert!(said.len() < 120, "{said}");
        assert!(said.is_ascii() && !said.contains("s3cret"), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn within_an_origin_keep_credentials() {
    let (_, seen) = way("https://a.test/", [to("https://a.test:443/b"), quiet()]).await;
    assert!(seen.iter().all(|seen| bears_secrets(seen) && seen.trusted));
}

#[tokio::test(start_paused = true)]
async fn to_another_origin_leave_every_credential_behind() {
    for other in [
        "https://b.test/",
        "https://sub.a.test/",
        "https://a.test:8443/",
        "//b.test/",
        "//a.test./",
    ] {
        let (_, seen) = way("https://a.test/", [to(other), quiet()]).await;
        assert!(bears_secrets(&seen[0]) && seen[0].trusted);
        assert!(
            !bears_secrets(&seen[1]) && !seen[1].trusted,
            "{other}: {:?}",
            seen[1].headers
        );
        assert_eq!(seen[1].headers["accept"], "text/event-stream");
        assert_eq!(seen[1].headers["last-event-id"], "7");
    }
}

#[tokio::test(start_paused = true)]
async fn back_from_another_origin_do_not_bring_credentials_back() {
    let answers = [
        to("https://b.test/"),
        to("https://a.test/chosen-by-b"),
        to("/on-from-there"),
        quiet(),
    ];
    let (urls, seen) = way("https://a.test/", answers).await;
    assert_eq!(
        urls[2..],
        ["https://a.test/chosen-by-b", "https://a.test/on-from-there"]
    );
    for seen in &seen[1..] {
        assert!(!bears_secrets(seen) && !seen.trusted, "{}", seen.url);
    }
}

#[tokio::test(start_paused = true)]
async fn do_not_send_a_name_and_password_of_the_servers_choice() {
    let (urls, seen) = way("https://a.test/", [to("https://me:pw@b.test/"), quiet()]).await;
    assert_eq!(urls[1], "https://b.test/");
    assert!(!seen[1].headers.contains_key(AUTHORIZATION));
}

#[tokio::test(start_paused = true)]
async fn are_asked_for_anew_at_each_attempt() {
    let world = World::new([to("/b"), stream([]), to("/c"), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    open_after(&mut stream).await;
    let urls: Vec<_> = world.seen().into_iter().map(|seen| seen.url).collect();
    let base = "http://localhost";
    assert_eq!(
        urls,
        ["/events", "/b", "/events", "/c"].map(|path| format!("{base}{path}"))
    );
}

async fn open_after(stream: &mut Subscription) {
    next_state(stream).await;
    open(stream).await;
}

#[tokio::test(start_paused = true)]
async fn carry_cookies_to_where_they_belong() {
    let set = reply(
        302,
        [("location", "/b"), ("set-cookie", "hop=1; Path=/")],
        [],
    );
    let answers = [set, to("https://b.test/"), quiet()];
    let (_, seen) = way("https://a.test/", answers).await;
    assert_eq!(seen[1].headers["cookie"], "session=secret; hop=1");
    assert!(!seen[2].headers.contains_key("cookie"));
}
