//! What the settings show of a server's first events.

use belldot_core::format::{self, Format, JsonMap, Node, NodeKind, Part, Seen, Skip};

use crate::wire::events;

#[test]
fn a_preview_says_what_it_decided_and_what_the_events_would_become() {
    let wire = concat!(
        ": hi\n\nevent: ping\ndata: 1\n\n",
        "data: {\"subject\":\"Sign\",\"priority\":5}\n\n",
        "data: {\"subject\":\"Pay\"}\n\n",
        "data: Hello\n\n",
        "event: unread\ndata: 3\n\n",
    );
    let preview = format::preview(&Format::Auto, &events(wire));
    assert_eq!(preview.decided, Seen::Json);
    assert_eq!(preview.unread, Some(3));
    let seen: Vec<_> = preview.rows.iter().map(|row| row.seen).collect();
    assert_eq!(
        seen,
        [
            Seen::Nothing,
            Seen::Json,
            Seen::Json,
            Seen::Text,
            Seen::Count
        ]
    );
    assert_eq!(preview.rows[1].todos[0].title, "Sign");
}

#[test]
fn a_preview_of_nothing_but_heartbeats_decides_nothing() {
    let preview = format::preview(&Format::Auto, &events("data: ping\n\ndata: ping\n\n"));
    assert_eq!((preview.decided, preview.rows.len()), (Seen::Nothing, 2));
}

/// Every value of a tree as `pointer text`, an object or list as `pointer kind`.
fn values(node: &Node) -> Vec<String> {
    let text = match node.kind {
        NodeKind::Object => "object".to_owned(),
        NodeKind::List => "list".to_owned(),
        _ => node.text.clone(),
    };
    let inside = node.inside.iter().flat_map(values);
    [format!("{} {text}", node.at)]
        .into_iter()
        .chain(inside)
        .collect()
}

fn tree(format: &Format, wire: &str) -> Node {
    format::preview(format, &events(wire)).rows.remove(0).tree
}

#[test]
fn an_event_is_a_tree_of_values_with_what_is_inside_of_strings() {
    let wire = r#"data: {"a/b":"x\ny","n":12,"is":true,"no":null,"in":"{\"t\":[\"u\"]}"}"#;
    let mut values_in_any_order = values(&tree(&Format::Auto, &format!("{wire}\n\n")));
    values_in_any_order.sort();
    assert_eq!(
        values_in_any_order,
        [
            " object",
            "/a~1b x y",
            "/in object",
            "/in/t list",
            "/in/t/0 u",
            "/is true",
            "/n 12",
            "/no ",
        ]
    );
    assert_eq!(
        values(&tree(&Format::Auto, "data: Call Chen\n\n")),
        [" Call Chen"]
    );
}

#[test]
fn a_tree_is_bounded_whatever_comes() {
    let long = format!("data: {{\"t\":\"{}\"}}\n\n", "x".repeat(100_000));
    assert!(tree(&Format::Auto, &long).inside[0].text.len() <= 300);

    let list = format!("data: [{}1]\n\n", "1,".repeat(5_000));
    let list = tree(&Format::Auto, &list);
    assert_eq!((list.inside.len(), list.more), (2, 4_999));

    let members: Vec<String> = (0..5_000).map(|n| format!("\"k{n}\":{n}")).collect();
    let object = tree(
        &Format::Auto,
        &format!("data: {{{}}}\n\n", members.join(",")),
    );
    assert!(object.inside.len() < 300 && object.more > 4_000);

    let deep = format!("data: {}1{}\n\n", "[".repeat(120), "]".repeat(120));
    assert!(values(&tree(&Format::Auto, &deep)).len() < 20);
}

#[test]
fn a_value_is_marked_with_the_parts_that_it_is_said_to_be() {
    let format = Format::Json(JsonMap {
        each: Some("/rows".to_owned()),
        title: Some("/t".to_owned()),
        sender: Some("#/by".to_owned()),
        count: Some("/n".to_owned()),
        ..JsonMap::default()
    });
    let tree = tree(
        &format,
        "data: {\"by\":\"Legal\",\"n\":2,\"rows\":[{\"t\":\"A\"},{\"t\":\"B\"}]}\n\n",
    );
    let mut marked = Vec::new();
    let mut left = vec![&tree];
    while let Some(node) = left.pop() {
        left.extend(node.inside.iter().rev());
        if !node.parts.is_empty() {
            marked.push((node.at.as_str(), node.parts.clone()));
        }
        assert_eq!(node.each, node.at == "/rows", "{}", node.at);
    }
    assert_eq!(
        marked,
        [
            ("/by", vec![Part::Sender]),
            ("/n", vec![Part::Count]),
            ("/rows/0/t", vec![Part::Title]),
            ("/rows/1/t", vec![Part::Title]),
        ]
    );
}

#[test]
fn what_may_be_several_to_dos_is_known() {
    let several = |data: &str| tree(&Format::Auto, &format!("data: {data}\n\n")).several;
    assert!(several(r#"[{"a":1}]"#));
    assert!(several(r#"["a"]"#));
    assert!(several(r#"{"x":{"a":1},"y":{"a":2}}"#));
    assert!(!several("[1,2]"));
    assert!(!several("[]"));
    assert!(!several(r#"{"a":1}"#));
}

#[test]
fn an_event_that_somebody_leaves_out_is_told_from_a_sign_of_life() {
    let format = Format::Json(JsonMap {
        guess: true,
        skip: vec![Skip {
            kind: Some("audit".to_owned()),
            ..Skip::default()
        }],
        ..JsonMap::default()
    });
    let preview = format::preview(
        &format,
        &events("event: audit\ndata: x\n\nevent: ping\ndata: 1\n\n"),
    );
    let left_out: Vec<_> = preview.rows.iter().map(|row| row.left_out).collect();
    assert_eq!(left_out, [true, false]);
}
