//! The search finds words and parts of words, indexed or not yet.

use belldot_core::{format::Draft, inbox::Edit, page::Query};
use proptest::prelude::*;

use crate::room::{Room, draft};

fn found(room: &Room, search: &str) -> Vec<String> {
    let mut titles = room.titles(Query {
        search: search.to_owned(),
        ..Query::default()
    });
    titles.sort();
    titles
}

fn index(room: &mut Room) {
    while room.inbox.index_some().unwrap() {}
}

/// The same before the to-dos are indexed and after.
fn assert_found(room: &mut Room, search: &str, expected: &[&str]) {
    assert_eq!(found(room, search), expected, "{search}, before indexing");
    index(room);
    assert_eq!(found(room, search), expected, "{search}, after indexing");
}

fn office() -> Room {
    let mut room = Room::new();
    room.add(Draft {
        body: Some("Supplier 中国铁路, 2026".to_owned()),
        ..draft("1", "Contract 118")
    });
    room.add(Draft {
        sender: Some("Chen Jing 陈静".to_owned()),
        ..draft("2", "审批第三季度差旅报销")
    });
    room.add(Draft {
        tags: vec!["Legal".to_owned()],
        ..draft("3", "100% of _all_ \"quoted\" \\ things")
    });
    room
}

#[test]
fn whole_words_and_parts_of_them_in_any_case() {
    for search in [
        "Contract",
        "contract",
        "TRACT",
        "118",
        "contract 118",
        "118 cont",
    ] {
        assert_found(&mut office(), search, &["Contract 118"]);
    }
}

#[test]
fn chinese_by_any_characters_in_a_row() {
    for search in ["差旅报销", "季度", "销", "第三季", "审批 报销", "陈静"] {
        assert_found(&mut office(), search, &["审批第三季度差旅报销"]);
    }
    assert_found(&mut office(), "铁路", &["Contract 118"]);
}

#[test]
fn bodies_senders_and_tags_too() {
    assert_found(&mut office(), "supplier", &["Contract 118"]);
    assert_found(&mut office(), "jing", &["审批第三季度差旅报销"]);
    assert_found(
        &mut office(),
        "legal",
        &["100% of _all_ \"quoted\" \\ things"],
    );
}

#[test]
fn short_words_alone_and_with_longer_ones() {
    assert_found(&mut office(), "18", &["Contract 118"]);
    assert_found(&mut office(), "8", &["Contract 118"]);
    assert_found(&mut office(), "contract 11", &["Contract 118"]);
    assert_found(&mut office(), "contract 12", &[]);
}

#[test]
fn signs_that_mean_something_to_a_database_mean_themselves() {
    for search in ["100%", "_all_", "\"quoted\"", "\\", "%", "_", "% _"] {
        assert_found(
            &mut office(),
            search,
            &["100% of _all_ \"quoted\" \\ things"],
        );
    }
    for search in [
        "' OR 1=1 --",
        "a*",
        "NEAR(a b)",
        "text:contract",
        "-contract",
        "1__",
    ] {
        assert_found(&mut office(), search, &[]);
    }
    assert_found(&mut office(), "AND", &[]);
}

#[test]
fn a_changed_todo_is_found_by_its_new_words_and_no_longer_by_its_old_ones() {
    let mut room = office();
    index(&mut room);
    room.add(draft("1", "Agreement 118"));
    assert_found(&mut room, "contract", &[]);
    assert_found(&mut room, "agree", &["Agreement 118"]);
}

#[test]
fn a_removed_todo_is_not_found() {
    let mut room = office();
    index(&mut room);
    let remove = belldot_core::format::Change::Remove("1".to_owned());
    room.commit(&[Edit::Arrived {
        source: crate::room::work(),
        changes: vec![remove],
        cursor: belldot_core::format::Cursor::Stays,
        event_id: None,
        opening: false,
    }]);
    assert_found(&mut room, "contract", &[]);
}

#[test]
fn a_search_keeps_the_filters_and_the_order() {
    let mut room = office();
    room.done("Contract 118");
    index(&mut room);
    assert_eq!(found(&room, "contract"), Vec::<String>::new());
    let query = Query {
        search: "contract".to_owned(),
        done: true,
        ..Query::default()
    };
    assert_eq!(room.titles(query), ["Contract 118"]);
}

#[test]
fn a_search_that_finds_very_much_says_that_there_is_more() {
    let mut room = Room::new();
    let drafts = (0..700).map(|id| draft(&id.to_string(), &format!("Sign {id}")));
    room.commit(&[crate::room::arrived(drafts.collect(), "1")]);
    index(&mut room);
    for search in ["sign", "si"] {
        let query = Query {
            search: search.to_owned(),
            limit: 10,
            ..Query::default()
        };
        let listing = room.inbox.list(&query, &room.zoned()).unwrap();
        assert_eq!(
            (listing.total, listing.more, listing.todos.len()),
            (500, true, 10)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_finds_what_looking_finds(
        titles in prop::collection::vec("[ab字签 ]{1,8}[abc字]", 1..30),
        searches in prop::collection::vec("[abc字签]{1,4}( [ab字]{1,3})?", 1..8),
        indexed in any::<bool>(),
    ) {
        let mut room = Room::new();
        for (id, title) in titles.iter().enumerate() {
            room.add(draft(&id.to_string(), title.trim()));
        }
        if indexed {
            index(&mut room);
        }
        for search in searches {
            let mut expected: Vec<String> = titles
                .iter()
                .map(|title| title.trim().to_owned())
                .filter(|title| search.split_whitespace().all(|word| title.contains(word)))
                .collect();
            expected.sort();
            prop_assert_eq!(found(&room, &search), expected, "{}", search);
        }
    }
}
