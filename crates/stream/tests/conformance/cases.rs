//! What a stream of bytes means, written from WHATWG HTML 9.2.5 and 9.2.6 ("Parsing an event
//! stream", "Interpreting an event stream"), clause by clause.

/// A stream, and the events that it dispatches before it ends.
pub struct Case {
    /// The clause, in a few words.
    pub name: &'static str,
    pub wire: Vec<u8>,
    /// Type, data and last event ID of each event.
    pub events: Vec<(String, String, String)>,
}

/// A case whose events all have the type `message` and no ID.
fn data(name: &'static str, wire: impl AsRef<[u8]>, events: &[&str]) -> Case {
    let events: Vec<_> = events.iter().map(|data| ("message", *data, "")).collect();
    case(name, wire, &events)
}

fn case(name: &'static str, wire: impl AsRef<[u8]>, events: &[(&str, &str, &str)]) -> Case {
    let owned = |(kind, data, id): &(&str, &str, &str)| {
        (kind.to_string(), data.to_string(), id.to_string())
    };
    Case {
        name,
        wire: wire.as_ref().to_vec(),
        events: events.iter().map(owned).collect(),
    }
}

pub fn all() -> Vec<Case> {
    [
        lines(),
        bom(),
        comments(),
        fields(),
        types(),
        ids(),
        retries(),
        text(),
        blocks(),
        servers(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// 9.2.5: `end-of-line = ( cr lf / cr / lf )`.
fn lines() -> Vec<Case> {
    vec![
        data("lines end with LF", "data: a\n\ndata: b\n\n", &["a", "b"]),
        data("lines end with CR", "data: a\r\rdata: b\r\r", &["a", "b"]),
        data(
            "lines end with CRLF",
            "data: a\r\n\r\ndata: b\r\n\r\n",
            &["a", "b"],
        ),
        data(
            "line ends may be mixed",
            "data: a\r\n\ndata: b\n\r\ndata: c\r\r\n",
            &["a", "b", "c"],
        ),
        data(
            "CR LF is one line end, not two",
            "data: a\r\ndata: b\r\n\r\n",
            &["a\nb"],
        ),
        data(
            "LF CR is two line ends",
            "data: a\n\rdata: b\n\n",
            &["a", "b"],
        ),
        data(
            "CR CR LF is two line ends",
            "data: a\r\r\ndata: b\n\n",
            &["a", "b"],
        ),
        data(
            "a vertical tab or form feed ends no line",
            "data: a\x0bb\x0cc\n\n",
            &["a\x0bb\x0cc"],
        ),
        data(
            "NEL, LS and PS end no line",
            "data: a\u{85}b\u{2028}c\u{2029}d\n\n",
            &["a\u{85}b\u{2028}c\u{2029}d"],
        ),
        data("a CR at the very end ends its line", "data: a\r\r", &["a"]),
        data(
            "blank lines before the first event mean nothing",
            "\n\r\n\r\ndata: a\n\n",
            &["a"],
        ),
        data(
            "blank lines between events mean nothing",
            "data: a\n\n\n\n\ndata: b\n\n",
            &["a", "b"],
        ),
        data("an empty stream dispatches nothing", "", &[]),
    ]
}

/// 9.2.5: `stream = [ bom ] *event`; one leading U+FEFF is stripped.
fn bom() -> Vec<Case> {
    vec![
        data(
            "a byte order mark at the beginning is stripped",
            "\u{feff}data: a\n\n",
            &["a"],
        ),
        data(
            "only one mark is stripped",
            "\u{feff}\u{feff}data: a\n\ndata: b\n\n",
            &["b"],
        ),
        data(
            "a mark later is a part of a name",
            "data: a\n\n\u{feff}data: b\n\n",
            &["a"],
        ),
        data(
            "a mark in a value stays",
            "data: \u{feff}a\n\n",
            &["\u{feff}a"],
        ),
        data(
            "a mark before a comment is stripped",
            "\u{feff}: x\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a mark before a blank line is stripped",
            "\u{feff}\n\ndata: a\n\n",
            &["a"],
        ),
        data(
            "the first byte of a mark alone is no mark",
            b"\xefdata: a\n\ndata: b\n\n",
            &["b"],
        ),
        data(
            "two bytes of a mark are no mark",
            b"\xef\xbb\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a UTF-16 mark is no mark",
            b"\xfe\xffdata: a\n\ndata: b\n\n",
            &["b"],
        ),
    ]
}

/// 9.2.6: "If the line starts with a U+003A COLON character (:), ignore the line."
fn comments() -> Vec<Case> {
    vec![
        data("a comment is ignored", ": hello\ndata: a\n\n", &["a"]),
        data("an empty comment is ignored", ":\ndata: a\n\n", &["a"]),
        data(
            "a comment inside an event does not split it",
            "data: a\n:x\ndata: b\n\n",
            &["a\nb"],
        ),
        data(
            "a comment that looks like a field is ignored",
            ":data: x\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a comment alone dispatches nothing",
            ": ping\n\n: ping\n\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a comment may hold anything",
            b": \xff\x00\xfe:::\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a space before the colon makes it no comment",
            " : x\ndata: a\n\n",
            &["a"],
        ),
    ]
}

/// 9.2.6: name, colon, at most one space, value.
fn fields() -> Vec<Case> {
    vec![
        data(
            "one space after the colon is dropped",
            "data: a\n\n",
            &["a"],
        ),
        data("no space after the colon is needed", "data:a\n\n", &["a"]),
        data("only one space is dropped", "data:  a\n\n", &[" a"]),
        data("a tab is not dropped", "data:\ta\n\n", &["\ta"]),
        data(
            "a no-break space is not dropped",
            "data:\u{a0}a\n\n",
            &["\u{a0}a"],
        ),
        data("trailing spaces stay", "data: a  \n\n", &["a  "]),
        data("a value may hold colons", "data: a:b: c\n\n", &["a:b: c"]),
        data("a value may begin with a colon", "data::a\n\n", &[":a"]),
        data("a value may be one space", "data:  \n\n", &[" "]),
        data(
            "a name without a colon has an empty value",
            "data\n\n",
            &[""],
        ),
        data(
            "a name with a colon may have an empty value",
            "data:\n\n",
            &[""],
        ),
        data(
            "a name with colon and space has an empty value",
            "data: \n\n",
            &[""],
        ),
        data(
            "data lines are joined by LF",
            "data: a\ndata: b\ndata: c\n\n",
            &["a\nb\nc"],
        ),
        data(
            "only the last LF is removed",
            "data: a\ndata\ndata\n\n",
            &["a\n\n"],
        ),
        data(
            "two empty data lines make one LF",
            "data\ndata\n\n",
            &["\n"],
        ),
        data(
            "an empty first data line stays",
            "data:\ndata: a\n\n",
            &["\na"],
        ),
        data(
            "names are told by case",
            "Data: a\nDATA: b\ndata: c\n\n",
            &["c"],
        ),
        data(
            "a space before a name makes it another",
            " data: a\ndata: b\n\n",
            &["b"],
        ),
        data(
            "a space after a name makes it another",
            "data : a\ndata: b\n\n",
            &["b"],
        ),
        data("a longer name is another", "dataa: a\ndata: b\n\n", &["b"]),
        data(
            "a shorter name is another",
            "dat: a\nd: x\ndata: b\n\n",
            &["b"],
        ),
        data(
            "a name with a NUL is another",
            "da\0ta: a\ndata: b\n\n",
            &["b"],
        ),
        data(
            "unknown fields are ignored",
            "foo: x\nbar\ndata: a\nx-y: z\n\n",
            &["a"],
        ),
        data(
            "an unknown field alone dispatches nothing",
            "foo: bar\n\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a line of JSON is no field",
            "{\"data\": 1}\ndata: a\n\n",
            &["a"],
        ),
        data("NUL in data stays", "data: a\0b\n\n", &["a\0b"]),
        data(
            "fields come in any order",
            "retry: 5\ndata: a\nevent: message\n\n",
            &["a"],
        ),
    ]
}

/// 9.2.6: the event type.
fn types() -> Vec<Case> {
    vec![
        case(
            "an event has the type that it names",
            "event: t\ndata: a\n\n",
            &[("t", "a", "")],
        ),
        case(
            "the type may follow the data",
            "data: a\nevent: t\n\n",
            &[("t", "a", "")],
        ),
        case(
            "the last type counts",
            "event: t\nevent: u\ndata: a\n\n",
            &[("u", "a", "")],
        ),
        data("an empty type is none", "event:\ndata: a\n\n", &["a"]),
        data(
            "a type may be taken back",
            "event: t\nevent\ndata: a\n\n",
            &["a"],
        ),
        case(
            "a type lasts for one event",
            "event: t\ndata: a\n\ndata: b\n\n",
            &[("t", "a", ""), ("message", "b", "")],
        ),
        data(
            "a type without data is forgotten",
            "event: t\n\ndata: a\n\n",
            &["a"],
        ),
        case(
            "a type may have spaces",
            "event: a b \ndata: a\n\n",
            &[("a b ", "a", "")],
        ),
        case(
            "a type may be any text",
            "event: 待办\ndata: a\n\n",
            &[("待办", "a", "")],
        ),
        case(
            "types that a page knows mean nothing here",
            "event: open\ndata: a\n\nevent: error\ndata: b\n\n",
            &[("open", "a", ""), ("error", "b", "")],
        ),
    ]
}

/// 9.2.6: the last event ID buffer and string.
fn ids() -> Vec<Case> {
    vec![
        case(
            "an event has the ID that it names",
            "id: 1\ndata: a\n\n",
            &[("message", "a", "1")],
        ),
        case(
            "the ID may follow the data",
            "data: a\nid: 1\n\n",
            &[("message", "a", "1")],
        ),
        case(
            "an ID lasts until the next",
            "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n",
            &[
                ("message", "a", "1"),
                ("message", "b", "1"),
                ("message", "c", "2"),
            ],
        ),
        case(
            "the last ID in an event counts",
            "id: 1\nid: 2\ndata: a\n\n",
            &[("message", "a", "2")],
        ),
        case(
            "an empty ID takes it back",
            "id: 1\ndata: a\n\nid:\ndata: b\n\n",
            &[("message", "a", "1"), ("message", "b", "")],
        ),
        case(
            "an ID without a colon takes it back",
            "id: 1\ndata: a\n\nid\ndata: b\n\n",
            &[("message", "a", "1"), ("message", "b", "")],
        ),
        case(
            "an ID without data counts",
            "id: 1\n\ndata: a\n\n",
            &[("message", "a", "1")],
        ),
        case(
            "an ID with a NUL is ignored",
            "id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n",
            &[("message", "a", "1"), ("message", "b", "1")],
        ),
        case(
            "an ID with a NUL leaves the one before in the same event",
            "id: 1\nid: \0\ndata: a\n\n",
            &[("message", "a", "1")],
        ),
        case(
            "an ID may have spaces",
            "id:  a b \ndata: a\n\n",
            &[("message", "a", " a b ")],
        ),
        case(
            "an ID may be JSON",
            "id: [{\"o\":1}]\ndata: a\n\n",
            &[("message", "a", "[{\"o\":1}]")],
        ),
        case(
            "an ID may be any text",
            "id: …ü✓\ndata: a\n\n",
            &[("message", "a", "…ü✓")],
        ),
        case(
            "an ID may hold control characters",
            "id: a\x01\x7f\tb\ndata: a\n\n",
            &[("message", "a", "a\x01\x7f\tb")],
        ),
        case(
            "an ID that is not UTF-8 is repaired",
            b"id: a\xffb\ndata: a\n\n",
            &[("message", "a", "a\u{fffd}b")],
        ),
        case(
            "names of IDs are told by case",
            "ID: 1\nId: 2\ndata: a\n\n",
            &[("message", "a", "")],
        ),
    ]
}

/// 9.2.6: `retry` never dispatches anything.
fn retries() -> Vec<Case> {
    vec![
        data(
            "a retry alone dispatches nothing",
            "retry: 1000\n\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a retry beside data changes nothing",
            "retry: 1000\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a retry that is no number is ignored",
            "retry: 1s\nretry: -1\nretry: 1.5\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a retry that is empty is ignored",
            "retry\nretry:\ndata: a\n\n",
            &["a"],
        ),
        data(
            "a retry too large to hold is survived",
            "retry: 99999999999999999999\ndata: a\n\n",
            &["a"],
        ),
        data(
            "digits of other scripts are no digits",
            "retry: ١٢٣\ndata: a\n\n",
            &["a"],
        ),
    ]
}

/// 9.2.5: "Streams must be decoded using the UTF-8 decode algorithm."
fn text() -> Vec<Case> {
    vec![
        data("text is UTF-8", "data: ü 世界 🔔\n\n", &["ü 世界 🔔"]),
        data(
            "an invalid byte becomes U+FFFD",
            b"data: a\xffb\n\n",
            &["a\u{fffd}b"],
        ),
        data(
            "each invalid byte becomes one",
            b"data: \xff\xfe\n\n",
            &["\u{fffd}\u{fffd}"],
        ),
        data(
            "a sequence cut short becomes one",
            b"data: \xe4\xb8x\n\n",
            &["\u{fffd}x"],
        ),
        data(
            "a sequence cut short by the line end becomes one",
            b"data: \xe4\xb8\n\n",
            &["\u{fffd}"],
        ),
        data(
            "a sequence is not continued on the next line",
            b"data: \xe4\ndata: \xb8\x96\n\n",
            &["\u{fffd}\n\u{fffd}\u{fffd}"],
        ),
        data(
            "an overlong sequence is invalid",
            b"data: \xc0\xafa\n\n",
            &["\u{fffd}\u{fffd}a"],
        ),
        data(
            "a surrogate is invalid",
            b"data: \xed\xa0\x80\n\n",
            &["\u{fffd}\u{fffd}\u{fffd}"],
        ),
        data(
            "beyond U+10FFFF is invalid",
            b"data: \xf4\x90\x80\x80\n\n",
            &["\u{fffd}\u{fffd}\u{fffd}\u{fffd}"],
        ),
        data(
            "a non-character is valid",
            "data: \u{ffff}\u{10ffff}\n\n",
            &["\u{ffff}\u{10ffff}"],
        ),
        case(
            "a type is repaired too",
            b"event: t\xff\ndata: a\n\n",
            &[("t\u{fffd}", "a", "")],
        ),
        data(
            "a name that is not UTF-8 is unknown",
            b"data\xff: a\n\xffdata: b\ndata: c\n\n",
            &["c"],
        ),
        data(
            "Latin-1 is not guessed",
            b"data: caf\xe9\n\n",
            &["caf\u{fffd}"],
        ),
    ]
}

/// 9.2.6: "dispatch the event", and "once the end of the file is reached".
fn blocks() -> Vec<Case> {
    vec![
        data(
            "a block without data dispatches nothing",
            "event: t\nid: 1\nid\n\ndata: a\n\n",
            &["a"],
        ),
        data(
            "an event without its blank line is dropped",
            "data: a\n\ndata: b\n",
            &["a"],
        ),
        data(
            "an event without its line end is dropped",
            "data: a\n\ndata: b",
            &["a"],
        ),
        data(
            "a blank line of spaces is no blank line",
            "data: a\n \ndata: b\n\n",
            &["a\nb"],
        ),
        data(
            "data is forgotten after its event",
            "data: a\n\ndata: b\n\n",
            &["a", "b"],
        ),
        data("an event may be empty", "data\n\ndata\n\n", &["", ""]),
        case(
            "everything at once",
            ": c\nid: 7\nevent: t\nretry: 1\ndata: a\ndata: b\nx: y\n\n",
            &[("t", "a\nb", "7")],
        ),
        case(
            "a long line arrives whole",
            long("data: ", 12_000, "\n\n"),
            &[("message", &"x".repeat(12_000), "")],
        ),
        case(
            "many lines arrive whole",
            "data: x\n".repeat(2_000) + "\n",
            &[("message", &"x\n".repeat(2_000)[..3_999], "")],
        ),
        case(
            "a long comment is survived",
            long(":", 12_000, "\ndata: a\n\n"),
            &[("message", "a", "")],
        ),
        case(
            "a long unknown field is survived",
            long("y", 12_000, ": z\ndata: a\n\n"),
            &[("message", "a", "")],
        ),
    ]
}

/// What servers in the field send (from their sources and documentation).
fn servers() -> Vec<Case> {
    vec![
        case(
            "nchan",
            ": hi\n\nevent: todo\nid: 1450755280:0\ndata: hello\n\n",
            &[("todo", "hello", "1450755280:0")],
        ),
        case(
            "nchan, closing",
            "data: a\n\n: 410: 410 Gone\n\n",
            &[("message", "a", "")],
        ),
        case(
            "Mercure",
            ":\nevent: message\nid: urn:uuid:e1\ndata: {\"a\": 1}\n\n",
            &[("message", "{\"a\": 1}", "urn:uuid:e1")],
        ),
        case(
            "ntfy",
            "event: open\ndata: {\"id\":\"a\"}\n\ndata: {\"id\":\"b\"}\n\nevent: keepalive\ndata: {}\n\n",
            &[
                ("open", "{\"id\":\"a\"}", ""),
                ("message", "{\"id\":\"b\"}", ""),
                ("keepalive", "{}", ""),
            ],
        ),
        case(
            "Spring: no spaces",
            "event:update\nid:1\ndata:{}\n\n",
            &[("update", "{}", "1")],
        ),
        case(
            "Rails: retry first",
            "retry: 3000\nevent: t\nid: 1\ndata: a\n\n",
            &[("t", "a", "1")],
        ),
        case(
            "sse-starlette: CRLF and pings",
            "id: 1\r\nevent: t\r\ndata: a\r\n\r\n: ping - 2026-11-22\r\n\r\n",
            &[("t", "a", "1")],
        ),
        case(
            "Pushpin: padding first",
            format!(":{}\n\nevent: stream-open\ndata: \n\n", " ".repeat(2048)),
            &[("stream-open", "", "")],
        ),
        case(
            "Laravel: end of stream",
            "event: update\ndata: </stream>\n\n",
            &[("update", "</stream>", "")],
        ),
        case(
            "Wikimedia",
            ":ok\n\nevent: message\nid: [{\"t\":\"a\",\"p\":0}]\ndata: {}\n\n",
            &[("message", "{}", "[{\"t\":\"a\",\"p\":0}]")],
        ),
        data(
            "Home Assistant",
            "data: ping\n\ndata: {\"event_type\":\"x\"}\n\n",
            &["ping", "{\"event_type\":\"x\"}"],
        ),
        data(
            "the standard's stock example",
            "data: YHOO\ndata: +2\ndata: 10\n\n",
            &["YHOO\n+2\n10"],
        ),
        case(
            "the standard's example of IDs",
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            &[
                ("message", "first event", "1"),
                ("message", "second event", ""),
                ("message", " third event", ""),
            ],
        ),
        data(
            "the standard's example of empty data",
            "data\n\ndata\ndata\n\ndata:",
            &["", "\n"],
        ),
        data(
            "the standard's example of spaces",
            "data:test\n\ndata: test\n\n",
            &["test", "test"],
        ),
    ]
}

fn long(before: &str, length: usize, after: &str) -> String {
    format!("{before}{}{after}", "x".repeat(length))
}
