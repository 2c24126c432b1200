//! "Intended behaviour: the stream", row by row, in paused time: what the server or the world
//! does, and what follows. Each module is a row.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::single_range_in_vec_init
)]

mod script;

use std::time::Duration;

use belldot_stream::{Cause, State, Subscription, Update};
use script::{
    Answer, Piece, World, bytes, lasting, next, next_event, next_state, open, quiet, reply,
    seconds, status, stream, waiting, within,
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

mod an_event_stream {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn opens() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        assert_eq!(next(&mut stream).await, Update::State(State::Connecting));
        assert_eq!(
            next(&mut stream).await,
            Update::State(State::Open { since: world.now() })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn with_parameters_and_in_any_case_opens() {
        for kind in [
            "text/event-stream",
            "Text/Event-Stream; charset=utf-8",
            "text/event-stream;a=\"b,c\"",
        ] {
            let world = World::new([reply(200, [("content-type", kind)], [Piece::Hold])]);
            open(&mut world.subscribe()).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn says_what_its_headers_say() {
        let headers = [
            ("content-type", "text/event-stream"),
            ("mercure-last-event-id", "m"),
            ("set-cookie", "a=b"),
        ];
        let world = World::new([reply(200, headers, [Piece::Hold])]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let Update::Opened(headers) = next(&mut stream).await else {
            panic!("no headers")
        };
        assert_eq!(headers["mercure-last-event-id"], "m");
        assert!(!headers.contains_key("set-cookie"));
    }

    #[tokio::test(start_paused = true)]
    async fn that_ends_before_60_s_counts_as_one_more_failure() {
        let world = World::new([lasting(seconds(59))]);
        let mut stream = world.subscribe();
        for failures in 1..=4 {
            open(&mut stream).await;
            assert_eq!(waiting(&world, &mut stream).await.1, failures);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn that_was_healthy_for_60_s_forgets_the_failures_before() {
        let refused = || Answer::Fail(Cause::Refused);
        let world = World::new([refused(), refused(), refused(), lasting(seconds(60))]);
        let mut stream = world.subscribe();
        for failures in 1..=3 {
            assert_eq!(waiting(&world, &mut stream).await.1, failures);
        }
        for _healthy in 0..3 {
            open(&mut stream).await;
            assert_eq!(waiting(&world, &mut stream).await.1, 1);
        }
    }
}

mod too_many_connections {
    use super::*;

    fn full() -> Answer {
        stream([
            bytes("data: Too many connections\n\ndata: more\n\n"),
            Piece::Hold,
        ])
    }

    async fn cool_down(world: &World, stream: &mut Subscription) -> Duration {
        match next_state(stream).await {
            State::Full { until: Some(until) } => until.duration_since(world.now()).unwrap(),
            state => panic!("not full, but {state:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn closes_the_socket_at_once_and_is_no_event() {
        let world = World::new([full()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        assert!(matches!(next(&mut stream).await, Update::Opened(_)));
        assert!(matches!(
            next(&mut stream).await,
            Update::State(State::Full { .. })
        ));
        assert_eq!(world.sockets(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn is_tried_again_only_after_the_cool_down_of_10_min_more_or_less_by_half() {
        let mut cool_downs = Vec::new();
        for seed in 0..40 {
            let world = World::new([full(), quiet()]);
            let mut config = world.config();
            config.seed = Some(seed);
            let mut stream = Subscription::start(config);
            open(&mut stream).await;
            let planned = cool_down(&world, &mut stream).await;
            assert!((5 * MINUTE..=15 * MINUTE).contains(&planned), "{planned:?}");
            open(&mut stream).await;
            assert!(world.gaps()[0] >= planned);
            cool_downs.push(planned);
        }
        assert!(cool_downs.iter().min().unwrap() < &(7 * MINUTE));
        assert!(cool_downs.iter().max().unwrap() > &(13 * MINUTE));
    }

    #[tokio::test(start_paused = true)]
    async fn is_never_tried_again_by_itself_where_the_setting_is_never() {
        let world = World::new([full()]);
        let mut config = world.config();
        config.policy.cool_down = None;
        let mut stream = Subscription::start(config);
        open(&mut stream).await;
        assert_eq!(next_state(&mut stream).await, State::Full { until: None });
        stream.handle().wake();
        assert_eq!(within(48 * 60 * MINUTE, &mut stream).await, None);
        assert_eq!(world.attempts(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn try_again_works_at_once() {
        let world = World::new([full(), quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        cool_down(&world, &mut stream).await;
        tokio::time::sleep(SECOND).await;
        stream.handle().retry_now();
        assert_eq!(
            within(SECOND, &mut stream).await,
            Some(Update::State(State::Connecting))
        );
        open(&mut stream).await;
    }

    #[tokio::test(start_paused = true)]
    async fn is_understood_in_the_body_of_429_and_503_too() {
        for code in [429, 503] {
            let body = [bytes("{\"error\":\"Too many "), bytes("connections\"}")];
            let world = World::new([reply(code, [], body)]);
            cool_down(&world, &mut world.subscribe()).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_read_for_a_bounded_time_and_length() {
        let endless = std::iter::repeat_n(bytes([b'x'; 1000]), 100).chain([Piece::Hold]);
        let world = World::new([reply(503, [], endless), reply(503, [], [Piece::Hold])]);
        let mut stream = world.subscribe();
        for failures in 1..=2 {
            let (_, attempt, cause) = waiting(&world, &mut stream).await;
            assert_eq!((attempt, cause.code()), (failures, "status"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn may_say_it_in_other_words() {
        let world = World::new([stream([bytes("data: 连接过多\n\n"), Piece::Hold])]);
        let mut config = world.config();
        config.policy.full_text = "连接过多".to_owned();
        let mut stream = Subscription::start(config);
        open(&mut stream).await;
        cool_down(&world, &mut stream).await;
    }

    #[tokio::test(start_paused = true)]
    async fn is_meant_only_by_an_unnamed_event_with_exactly_that_data() {
        let events = "event: todo\ndata: Too many connections\n\n\
                      data: Too many connections!\n\ndata: too many connections\n\n";
        let world = World::new([stream([bytes(events), Piece::Hold])]);
        let mut stream = world.subscribe();
        for data in [
            "Too many connections",
            "Too many connections!",
            "too many connections",
        ] {
            assert_eq!(next_event(&mut stream).await.data, data);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn counts_as_a_failed_attempt() {
        let world = World::new([full(), Answer::Fail(Cause::Refused)]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        cool_down(&world, &mut stream).await;
        assert_eq!(waiting(&world, &mut stream).await.1, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn leaves_the_cursor_where_it_was() {
        let body = bytes("id: 1\ndata: a\n\nid: error\ndata: Too many connections\n\n");
        let world = World::new([stream([body, Piece::Hold]), quiet()]);
        let mut stream = world.subscribe();
        assert_eq!(next_event(&mut stream).await.id, "1");
        cool_down(&world, &mut stream).await;
        open(&mut stream).await;
        assert_eq!(world.seen()[1].headers["last-event-id"], "1");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wake_does_not_cut_the_cool_down_short_unless_it_ended_in_the_sleep() {
        let world = World::new([full(), quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let planned = cool_down(&world, &mut stream).await;
        stream.handle().wake();
        stream.handle().network_changed();
        assert_eq!(within(MINUTE, &mut stream).await, None);
        world.sleep(planned);
        let (delay, _, cause) = waiting(&world, &mut stream).await;
        assert_eq!(cause, Cause::Woke);
        assert!(delay <= 3 * SECOND);
    }
}

mod no_content {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn stops_until_somebody_asks() {
        let world = World::new([status(204), quiet()]);
        let mut stream = world.subscribe();
        assert_eq!(
            next_state(&mut stream).await,
            State::Stopped {
                cause: Cause::Closed
            }
        );
        stream.handle().wake();
        stream.handle().network_changed();
        assert_eq!(within(48 * 60 * MINUTE, &mut stream).await, None);
        stream.handle().retry_now();
        open(&mut stream).await;
        assert_eq!(world.attempts(), 2);
    }
}

mod refusals {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn are_named_and_tried_again_slowly_from_5_min_to_1_h() {
        for code in [400, 402, 403, 404, 405, 421, 426, 451, 499] {
            let world = World::new([status(code)]);
            let mut stream = world.subscribe();
            for (failures, minutes) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60)] {
                let (delay, attempt, cause) = waiting(&world, &mut stream).await;
                assert_eq!(cause, Cause::Status(code.try_into().unwrap()));
                assert_eq!(attempt, failures);
                let (least, most) = (MINUTE.mul_f64(0.8), MINUTE.mul_f64(1.2));
                assert!(
                    (least * minutes..=most * minutes).contains(&delay),
                    "{delay:?}"
                );
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn by_a_proxy_that_wants_a_sign_in_are_named_so() {
        let world = World::new([status(407)]);
        let (_, _, cause) = waiting(&world, &mut world.subscribe()).await;
        assert_eq!(cause.code(), "proxy");
    }

    #[tokio::test(start_paused = true)]
    async fn gone_for_good_stop() {
        let world = World::new([status(410)]);
        let mut stream = world.subscribe();
        assert_eq!(
            next_state(&mut stream).await,
            State::Stopped { cause: Cause::Gone }
        );
        assert_eq!(within(48 * 60 * MINUTE, &mut stream).await, None);
    }
}

mod troubles {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn of_the_server_are_tried_again() {
        for code in [408, 425, 429, 500, 501, 502, 503, 504, 507, 599] {
            let world = World::new([status(code), quiet()]);
            let mut stream = world.subscribe();
            let (delay, attempt, cause) = waiting(&world, &mut stream).await;
            assert_eq!(
                (attempt, cause),
                (1, Cause::Status(code.try_into().unwrap()))
            );
            assert!((SECOND..=9 * SECOND).contains(&delay), "{delay:?}");
            open(&mut stream).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_in_seconds_is_a_floor_plus_jitter() {
        let mut delays = Vec::new();
        for seed in 0..40 {
            let world = World::new([reply(503, [("retry-after", "100")], [])]);
            let mut config = world.config();
            config.seed = Some(seed);
            let (delay, _, _) = waiting(&world, &mut Subscription::start(config)).await;
            assert!((100 * SECOND..=120 * SECOND).contains(&delay), "{delay:?}");
            delays.push(delay);
        }
        assert!(*delays.iter().max().unwrap() > *delays.iter().min().unwrap() + 10 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_as_a_date_is_a_floor_too() {
        let world = World::new([quiet()]);
        let date = httpdate::fmt_http_date(world.now() + 200 * SECOND);
        let world = World::new([reply(429, [("retry-after", &date)], [])]);
        let (delay, _, _) = waiting(&world, &mut world.subscribe()).await;
        assert!((199 * SECOND..=240 * SECOND).contains(&delay), "{delay:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_that_is_past_or_makes_no_sense_changes_nothing() {
        for value in ["0", "-5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            let world = World::new([reply(503, [("retry-after", value)], [])]);
            let (delay, _, _) = waiting(&world, &mut world.subscribe()).await;
            assert!((SECOND..=9 * SECOND).contains(&delay), "{value}: {delay:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_believed_up_to_a_day() {
        let world = World::new([reply(503, [("retry-after", "99999999999999999999999")], [])]);
        let (delay, _, _) = waiting(&world, &mut world.subscribe()).await;
        assert!(
            (24 * 60 * MINUTE..=29 * 60 * MINUTE).contains(&delay),
            "{delay:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_holds_against_hints_but_not_against_a_person() {
        let world = World::new([reply(503, [("retry-after", "600")], []), quiet()]);
        let mut stream = world.subscribe();
        waiting(&world, &mut stream).await;
        tokio::time::sleep(SECOND).await;
        stream.handle().network_changed();
        let (delay, _, _) = waiting(&world, &mut stream).await;
        assert!(delay > 590 * SECOND, "{delay:?}");
        stream.handle().retry_now();
        open(&mut stream).await;
    }
}

mod what_is_not_an_event_stream {
    use super::*;

    fn page() -> Answer {
        reply(
            200,
            [("content-type", "text/html; charset=utf-8")],
            [bytes("data: <html>\n\n")],
        )
    }

    #[tokio::test(start_paused = true)]
    async fn is_named_never_shown_and_tried_again_after_30_to_60_s() {
        let world = World::new([page()]);
        let mut stream = world.subscribe();
        for failures in 1..=20 {
            let Update::State(State::Connecting) = next(&mut stream).await else {
                panic!()
            };
            let Update::State(State::Waiting {
                until,
                attempt,
                cause,
            }) = next(&mut stream).await
            else {
                panic!("something was shown")
            };
            assert_eq!(cause, Cause::NotAnEventStream(Some("text/html".to_owned())));
            assert_eq!(attempt, failures);
            let delay = until.duration_since(world.now()).unwrap();
            assert!((30 * SECOND..=60 * SECOND).contains(&delay), "{delay:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn is_tried_again_at_once_when_the_network_changes() {
        let world = World::new([page(), quiet()]);
        let mut stream = world.subscribe();
        waiting(&world, &mut stream).await;
        stream.handle().network_changed();
        let (delay, _, cause) = waiting(&world, &mut stream).await;
        assert_eq!(cause, Cause::NetworkChanged);
        assert!(delay <= 3 * SECOND, "{delay:?}");
        open(&mut stream).await;
    }

    #[tokio::test(start_paused = true)]
    async fn may_be_a_network_that_wants_a_sign_in() {
        let world = World::new([status(511)]);
        let (delay, _, cause) = waiting(&world, &mut world.subscribe()).await;
        assert_eq!(cause.code(), "not-an-event-stream");
        assert!((30 * SECOND..=60 * SECOND).contains(&delay), "{delay:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn may_have_no_type_a_similar_type_or_an_encoding_nobody_asked_for() {
        let kind = "content-type";
        let stream = "text/event-stream";
        for answer in [
            reply(200, [], []),
            reply(200, [(kind, "text/event-streams")], []),
            reply(200, [(kind, "event-stream")], []),
            reply(200, [(kind, stream), (kind, "text/plain")], []),
            reply(200, [(kind, stream), ("content-encoding", "gzip")], []),
        ] {
            let world = World::new([answer.clone()]);
            let (_, _, cause) = waiting(&world, &mut world.subscribe()).await;
            assert_eq!(cause.code(), "not-an-event-stream", "{answer:?}");
        }
    }
}

mod failures {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn are_named_and_tried_again_for_ever() {
        for cause in [
            Cause::Refused,
            Cause::Dns("no such name".to_owned()),
            Cause::Tls("expired".to_owned()),
            Cause::Broken("reset".to_owned()),
            Cause::Proxy("no".to_owned()),
        ] {
            let world = World::new([Answer::Fail(cause.clone())]);
            let mut stream = world.subscribe();
            for failures in 1..=50 {
                let (_, attempt, found) = waiting(&world, &mut stream).await;
                assert_eq!((attempt, &found), (failures, &cause));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_attempt_comes_when_it_was_planned() {
        let world = World::new([Answer::Fail(Cause::Refused)]);
        let mut stream = world.subscribe();
        for _ in 0..20 {
            let (delay, _, _) = waiting(&world, &mut stream).await;
            let planned = tokio::time::Instant::now() + delay;
            assert_eq!(next(&mut stream).await, Update::State(State::Connecting));
            let late = world
                .seen()
                .last()
                .unwrap()
                .at
                .saturating_duration_since(planned);
            assert!(late < Duration::from_millis(5), "{late:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_end_in_mid_event_drops_the_event_and_keeps_the_cursor() {
        let cut = stream([bytes("id: 1\ndata: a\n\nid: 2\ndata: b\n")]);
        let world = World::new([cut, stream([bytes("data: c\n\n"), Piece::Hold])]);
        let mut stream = world.subscribe();
        assert_eq!(next_event(&mut stream).await.data, "a");
        let event = next_event(&mut stream).await;
        assert_eq!((event.data.as_str(), event.id.as_str()), ("c", "1"));
        assert_eq!(world.seen()[1].headers["last-event-id"], "1");
    }

    #[tokio::test(start_paused = true)]
    async fn a_break_is_told_from_an_end() {
        let reset = Cause::Broken("reset".to_owned());
        let world = World::new([stream([Piece::Break(reset.clone())]), stream([])]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        assert_eq!(waiting(&world, &mut stream).await.2, reset);
        open(&mut stream).await;
        assert_eq!(waiting(&world, &mut stream).await.2, Cause::Ended);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_answers_is_given_up_after_30_s() {
        let world = World::new([Answer::Hang]);
        let mut stream = world.subscribe();
        let start = tokio::time::Instant::now();
        assert_eq!(waiting(&world, &mut stream).await.2, Cause::Timeout);
        assert_eq!(start.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn no_two_attempts_start_within_1_s_whatever_happens() {
        let hello = "retry: 0\ndata: hello\n\n";
        for answer in [
            Answer::Fail(Cause::Refused),
            stream([bytes(hello)]),
            status(401),
            status(503),
            quiet(),
        ] {
            let world = World::new([answer]);
            let mut stream = world.subscribe();
            let handle = stream.handle();
            let pester = async {
                for turn in 0..200u64 {
                    match turn % 4 {
                        0 => handle.retry_now(),
                        1 => handle.wake(),
                        2 => handle.network_changed(),
                        _ => {
                            handle.pause();
                            handle.resume();
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(turn * 7 % 450)).await;
                }
            };
            tokio::select! {
                () = pester => {}
                () = async { loop { next(&mut stream).await; } } => {}
            }
            assert!(world.attempts() > 5);
            for gap in world.gaps() {
                assert!(gap >= SECOND, "{gap:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_one_socket_at_a_time() {
        let world = World::new([stream([bytes("data: a\n\n"), Piece::Hold])]);
        let mut stream = world.subscribe();
        for _ in 0..5 {
            next_event(&mut stream).await;
            assert_eq!(world.sockets(), 1);
            stream.handle().retry_now();
        }
    }
}

mod reconnection_time {
    use super::*;

    /// The first delay that follows a healthy stream which said this.
    async fn first_delay(said: &str, seed: u64) -> Duration {
        let world = World::new([stream([bytes(said), Piece::Wait(MINUTE)])]);
        let mut config = world.config();
        config.seed = Some(seed);
        let mut stream = Subscription::start(config);
        open(&mut stream).await;
        waiting(&world, &mut stream).await.0
    }

    async fn range(said: &str) -> (f64, f64) {
        let (mut least, mut most) = (f64::MAX, 0.0_f64);
        for seed in 0..60 {
            let delay = first_delay(said, seed).await.as_secs_f64();
            (least, most) = (least.min(delay), most.max(delay));
        }
        (least, most)
    }

    #[tokio::test(start_paused = true)]
    async fn that_the_server_names_is_kept_within_a_fifth() {
        let (least, most) = range("retry: 60000\n\n").await;
        assert!((48.0..52.0).contains(&least), "{least}");
        assert!((68.0..=72.0).contains(&most), "{most}");
    }

    #[tokio::test(start_paused = true)]
    async fn needs_no_data_with_it_and_no_blank_line_after_it() {
        let (least, most) = range("retry: 60000\n").await;
        assert!(least >= 48.0 && most <= 72.0, "{least} {most}");
    }

    #[tokio::test(start_paused = true)]
    async fn is_never_under_1_s_nor_over_1_h() {
        for said in ["retry: 0\n", "retry: 1\n", "retry: 999\n"] {
            let (least, most) = range(said).await;
            assert!(least >= 0.8 && most <= 1.2, "{said}: {least} {most}");
        }
        for said in ["retry: 3600001\n", "retry: 99999999999999999999\n"] {
            let (least, most) = range(said).await;
            assert!(
                least >= 0.8 * 3600.0 && most <= 1.2 * 3600.0,
                "{said}: {least} {most}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn is_5_s_widely_spread_where_the_server_names_none_or_nonsense() {
        for said in [
            ":\n",
            "retry: 1.5\n",
            "retry: -1\n",
            "retry\n",
            "retry:\n",
            "retry: 1s\n",
        ] {
            let (least, most) = range(said).await;
            assert!(least >= 1.0 && most <= 9.0, "{said}: {least} {most}");
            assert!(least < 2.0 && most > 8.0, "{said}: {least} {most}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn grows_with_full_jitter_up_to_5_min() {
        let mut longest = Duration::ZERO;
        for seed in 0..20 {
            let world = World::new([Answer::Fail(Cause::Refused)]);
            let mut config = world.config();
            config.seed = Some(seed);
            let mut stream = Subscription::start(config);
            for failures in 1..=12 {
                let (delay, _, _) = waiting(&world, &mut stream).await;
                let window = seconds(5) * 2u32.pow(failures);
                assert!(delay <= window.min(5 * MINUTE), "{failures}: {delay:?}");
                longest = longest.max(delay);
            }
        }
        assert!(longest > 4 * MINUTE, "{longest:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn holds_over_the_connections_that_follow() {
        let names = stream([bytes("retry: 60000\n\n"), Piece::Wait(MINUTE)]);
        let world = World::new([names, lasting(MINUTE)]);
        let mut stream = world.subscribe();
        for _ in 0..5 {
            open(&mut stream).await;
            let (delay, _, _) = waiting(&world, &mut stream).await;
            assert!((48 * SECOND..=72 * SECOND).contains(&delay), "{delay:?}");
        }
    }
}

mod silence {
    use super::*;

    /// Heartbeats with this gap, then silence.
    fn beating(beat: &str, gap: Duration, times: usize) -> Answer {
        let beats = std::iter::repeat_n([Piece::Wait(gap), bytes(beat)], times);
        stream(beats.flatten().chain([Piece::Hold]))
    }

    /// How long after the last heartbeat the stream was given up.
    async fn patience(answer: Answer, beating: Duration) -> Duration {
        let world = World::new([answer, quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let start = tokio::time::Instant::now();
        loop {
            match next(&mut stream).await {
                Update::State(State::Waiting { cause, .. }) => {
                    assert_eq!(cause, Cause::Silent);
                    return start.elapsed() - beating;
                }
                Update::State(state) => panic!("{state:?}"),
                _ => {}
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn is_noticed_after_three_of_the_usual_gaps() {
        let gap = seconds(40);
        for beat in [
            ":\n",
            ": ping\n\n",
            "\n",
            "event: ping\n\n",
            "event: keepalive\ndata: {}\n\n",
            "data: ping\n\n",
        ] {
            assert_eq!(
                patience(beating(beat, gap, 4), 4 * gap).await,
                3 * gap,
                "{beat:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn is_never_noticed_before_45_s() {
        let gap = seconds(5);
        assert_eq!(
            patience(beating(":\n\n", gap, 10), 10 * gap).await,
            seconds(45)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn is_measured_by_the_usual_gap_not_by_an_odd_one() {
        // A greeting, a first heartbeat after a random time, then every minute.
        let greeting = [bytes(":ok\n\n"), Piece::Wait(seconds(3)), bytes(":\n\n")];
        let beats = std::iter::repeat_n([Piece::Wait(MINUTE), bytes(":\n\n")], 5).flatten();
        let answer = stream(greeting.into_iter().chain(beats).chain([Piece::Hold]));
        assert_eq!(patience(answer, seconds(3) + 5 * MINUTE).await, 3 * MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn between_events_is_no_silence_to_learn_from() {
        // A burst of events, a minute apart, and none after that: nothing to be alarmed at.
        let events = std::iter::repeat_n([Piece::Wait(seconds(1)), bytes("data: x\n\n")], 60);
        let answer = stream(events.flatten().chain([Piece::Hold]));
        let world = World::new([answer, quiet()]);
        let mut stream = world.subscribe();
        for _ in 0..60 {
            next_event(&mut stream).await;
        }
        assert_eq!(within(14 * MINUTE, &mut stream).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn without_any_heartbeat_leads_to_one_quiet_reconnect_after_15_min() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let Update::Opened(_) = next(&mut stream).await else {
            panic!()
        };
        assert_eq!(within(15 * MINUTE - SECOND, &mut stream).await, None);
        // Quiet: no failure is told, and none is counted.
        assert_eq!(next(&mut stream).await, Update::State(State::Connecting));
        open(&mut stream).await;
        assert_eq!(world.gaps()[0].as_secs(), 15 * 60);
        assert_eq!(world.sockets(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn counts_as_a_failure_where_a_heartbeat_was_due() {
        let world = World::new([beating(":\n", seconds(1), 4), quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let (_, attempt, cause) = waiting(&world, &mut stream).await;
        assert_eq!((attempt, cause), (1, Cause::Silent));
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_server_that_changed_its_habit_is_relearned() {
        let slow = || beating(":\n", 5 * MINUTE, 100);
        let world = World::new([beating(":\n", seconds(10), 10), slow(), slow()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        assert_eq!(waiting(&world, &mut stream).await.2, Cause::Silent);
        open(&mut stream).await;
        let Update::Opened(_) = next(&mut stream).await else {
            panic!()
        };
        assert_eq!(within(60 * MINUTE, &mut stream).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn that_is_the_apps_own_slowness_is_none() {
        let flood = std::iter::repeat_n(bytes("data: x\n\n"), 500);
        let world = World::new([stream(flood.chain([Piece::Hold]))]);
        let mut stream = world.subscribe();
        tokio::time::sleep(60 * MINUTE).await;
        for _ in 0..500 {
            next_event(&mut stream).await;
        }
        assert_eq!(world.attempts(), 1);
    }
}

mod wake_and_network_change {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn reconnect_an_open_stream_within_3_s_and_keep_the_cursor() {
        let mut delays = Vec::new();
        for seed in 0..40 {
            let world = World::new([stream([bytes("id: 5\ndata: a\n\n"), Piece::Hold])]);
            let mut config = world.config();
            config.seed = Some(seed);
            let mut stream = Subscription::start(config);
            next_event(&mut stream).await;
            tokio::time::sleep(MINUTE).await;
            stream.handle().wake();
            let (delay, attempt, cause) = waiting(&world, &mut stream).await;
            assert_eq!((attempt, cause, world.sockets()), (0, Cause::Woke, 0));
            delays.push(delay);
            next_event(&mut stream).await;
            assert_eq!(world.seen()[1].headers["last-event-id"], "5");
        }
        assert!(delays.iter().all(|delay| *delay <= 3 * SECOND));
        assert!(delays.iter().max().unwrap() > &(2 * SECOND));
        assert!(delays.iter().min().unwrap() < &SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn are_noticed_by_a_wall_clock_that_jumped() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let Update::Opened(_) = next(&mut stream).await else {
            panic!()
        };
        tokio::time::sleep(MINUTE).await;
        world.sleep(60 * MINUTE);
        let (delay, _, cause) = waiting(&world, &mut stream).await;
        assert_eq!(cause, Cause::Woke);
        assert!(delay <= 3 * SECOND);
        open(&mut stream).await;
        assert!(world.gaps()[0] <= MINUTE + 8 * SECOND, "{:?}", world.gaps());
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_back_or_a_little_forward_is_no_wake() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let Update::Opened(_) = next(&mut stream).await else {
            panic!()
        };
        world.set_back(365 * 24 * 60 * MINUTE);
        assert_eq!(within(MINUTE, &mut stream).await, None);
        world.sleep(seconds(4));
        assert_eq!(within(MINUTE, &mut stream).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn cut_a_long_wait_short() {
        let world = World::new([status(404), quiet()]);
        let mut stream = world.subscribe();
        waiting(&world, &mut stream).await;
        world.sleep(60 * MINUTE);
        let (delay, _, cause) = waiting(&world, &mut stream).await;
        assert_eq!(cause, Cause::Woke);
        assert!(delay <= 3 * SECOND);
        open(&mut stream).await;
    }

    #[tokio::test(start_paused = true)]
    async fn never_put_a_planned_attempt_off() {
        let world = World::new([stream([bytes("retry: 1000\n\n")]), quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let (planned, _, _) = waiting(&world, &mut stream).await;
        let end = tokio::time::Instant::now() + planned;
        for _ in 0..10 {
            stream.handle().network_changed();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        while !matches!(next_state(&mut stream).await, State::Open { .. }) {}
        assert!(world.seen()[1].at <= end + Duration::from_millis(5));
    }

    #[tokio::test(start_paused = true)]
    async fn give_up_an_attempt_that_hangs_in_the_old_network() {
        let world = World::new([Answer::Hang, quiet()]);
        let mut stream = world.subscribe();
        tokio::time::sleep(5 * SECOND).await;
        stream.handle().network_changed();
        assert_eq!(waiting(&world, &mut stream).await.2, Cause::NetworkChanged);
        open(&mut stream).await;
        assert!(world.gaps()[0] <= 8 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn told_twice_reconnect_once() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let Update::Opened(_) = next(&mut stream).await else {
            panic!()
        };
        tokio::time::sleep(MINUTE).await;
        world.sleep(60 * MINUTE);
        // logind is first; the clock would tell the same some seconds later.
        stream.handle().wake();
        open_after_wake(&world, &mut stream).await;
        assert_eq!(within(14 * MINUTE, &mut stream).await, None);
        assert_eq!(world.attempts(), 2);
    }

    async fn open_after_wake(world: &World, stream: &mut Subscription) {
        waiting(world, stream).await;
        open(stream).await;
        let Update::Opened(_) = next(stream).await else {
            panic!()
        };
    }
}

mod limits {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_oversized_event_is_skipped_and_counted_and_the_stream_lives() {
        let line = std::iter::repeat_n(bytes(vec![b'x'; 100_000]), 20);
        let body = [bytes("data: a\n\ndata: ")].into_iter().chain(line);
        let body = body.chain([bytes("\n\ndata: b\n\n"), Piece::Hold]);
        let world = World::new([stream(body)]);
        let mut stream = world.subscribe();
        assert_eq!(next_event(&mut stream).await.data, "a");
        assert_eq!(next_event(&mut stream).await.data, "b");
        assert_eq!(
            (world.attempts(), stream.handle().statistics().skipped),
            (1, 1)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_of_many_lines_over_the_limit_is_skipped_too() {
        let line = format!("data: {}\n", "x".repeat(1000));
        let body =
            std::iter::repeat_n(bytes(&line), 1100).chain([bytes("\ndata: b\n\n"), Piece::Hold]);
        let world = World::new([stream(body)]);
        let mut stream = world.subscribe();
        assert_eq!(next_event(&mut stream).await.data, "b");
        assert_eq!(stream.handle().statistics().skipped, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_largest_event_that_is_allowed_arrives() {
        let data = "x".repeat(1 << 20);
        let world = World::new([stream([bytes(format!("data: {data}\n\n")), Piece::Hold])]);
        assert_eq!(next_event(&mut world.subscribe()).await.data.len(), 1 << 20);
    }
}

mod pause_and_close {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_pause_closes_the_socket_until_it_is_ended() {
        let world = World::new([stream([bytes("id: 3\ndata: a\n\n"), Piece::Hold])]);
        let mut stream = world.subscribe();
        next_event(&mut stream).await;
        stream.handle().pause();
        assert_eq!(next_state(&mut stream).await, State::Paused);
        assert_eq!(world.sockets(), 0);
        stream.handle().wake();
        assert_eq!(within(48 * 60 * MINUTE, &mut stream).await, None);
        stream.handle().resume();
        open(&mut stream).await;
        assert_eq!(world.seen()[1].headers["last-event-id"], "3");
    }

    #[tokio::test(start_paused = true)]
    async fn try_again_ends_a_pause() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        stream.handle().pause();
        assert_eq!(next_state(&mut stream).await, State::Paused);
        tokio::time::sleep(SECOND).await;
        stream.handle().retry_now();
        open(&mut stream).await;
        let Update::Opened(_) = next(&mut stream).await else {
            panic!()
        };
        assert_eq!(within(MINUTE, &mut stream).await, None);
        assert_eq!(world.attempts(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_works_in_every_state() {
        for answer in [
            Answer::Hang,
            Answer::Fail(Cause::Refused),
            status(204),
            status(503),
            quiet(),
        ] {
            let world = World::new([answer]);
            let mut stream = world.subscribe();
            tokio::time::sleep(Duration::from_millis(10)).await;
            stream.handle().pause();
            while next_state(&mut stream).await != State::Paused {}
            assert_eq!(world.sockets(), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn close_works_in_every_state_and_with_an_app_that_does_not_read() {
        let flood = stream(std::iter::repeat_n(bytes("data: x\n\n"), 500).chain([Piece::Hold]));
        for answer in [
            Answer::Hang,
            Answer::Fail(Cause::Refused),
            status(204),
            quiet(),
            flood,
        ] {
            let world = World::new([answer]);
            let mut stream = world.subscribe();
            tokio::time::sleep(SECOND).await;
            stream.handle().close().await;
            assert_eq!(world.sockets(), 0);
            while stream.next().await.is_some() {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_subscription_closes_the_socket() {
        let world = World::new([quiet()]);
        let mut stream = world.subscribe();
        open(&mut stream).await;
        let handle = stream.handle();
        drop(stream);
        handle.close().await;
        assert_eq!(world.sockets(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_that_was_not_delivered_is_asked_for_again() {
        let body: String = (1..=500)
            .map(|n| format!("id: {n}\ndata: {n}\n\n"))
            .collect();
        let world = World::new([stream([bytes(&body), Piece::Hold])]);
        let mut stream = world.subscribe();
        tokio::time::sleep(SECOND).await;
        stream.handle().pause();
        let mut last = String::new();
        loop {
            match next(&mut stream).await {
                Update::Event(event) => last = event.id,
                Update::State(State::Paused) => break,
                _ => {}
            }
        }
        assert!(last != "500");
        stream.handle().resume();
        open(&mut stream).await;
        assert_eq!(world.seen()[1].headers["last-event-id"], last.as_str());
    }
}
