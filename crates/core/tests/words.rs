//! Every word a person reads is in both languages, and none is left over.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use belldot_core::{
    i18n::Localizer,
    settings::Language,
    source::{Cause, StreamState},
};

/// Keys that are put together at run time begin with one of these.
const PREFIXES: [&str; 4] = ["advice-", "cause-", "demo-", "probe-step-"];

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    let [english, chinese] = [messages("en"), messages("zh-CN")];
    let keys =
        |messages: &BTreeMap<String, String>| messages.keys().cloned().collect::<BTreeSet<_>>();
    let (en, zh) = (keys(&english), keys(&chinese));
    assert_eq!(
        en.difference(&zh).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "only in en.ftl"
    );
    assert_eq!(
        zh.difference(&en).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "only in zh-CN.ftl"
    );
    for (key, message) in &english {
        let chinese = variables(&chinese[key]);
        assert!(
            chinese.is_subset(&variables(message)),
            "{key} uses other variables in zh-CN.ftl"
        );
    }
}

#[test]
fn no_message_is_there_twice() {
    for language in ["en", "zh-CN"] {
        let mut seen = BTreeSet::new();
        for line in locale(language).lines() {
            if let Some(key) = key_of(line) {
                assert!(seen.insert(key.to_owned()), "{key} twice in {language}.ftl");
            }
        }
    }
}

#[test]
fn every_key_that_the_code_names_exists() {
    let known = messages("en");
    let mut missing = Vec::new();
    for (path, text) in sources() {
        if path.extension().is_some_and(|ending| ending == "rs") {
            let keys = said(&text)
                .into_iter()
                .filter(|key| !known.contains_key(*key));
            missing.extend(keys.map(|key| format!("{}: {key}", path.display())));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_message_is_used() {
    let sources: Vec<String> = sources().into_iter().map(|(_, text)| text).collect();
    let mut unused = Vec::new();
    for key in messages("en").into_keys() {
        let quoted = ['"', '\'', '`'].map(|quote| format!("{quote}{key}{quote}"));
        let used = PREFIXES.iter().any(|prefix| key.starts_with(prefix))
            || sources
                .iter()
                .any(|text| quoted.iter().any(|quoted| text.contains(quoted)));
        if !used {
            unused.push(key);
        }
    }
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_cause_that_the_stream_names_has_its_words() {
    const CODES: [&str; 21] = [
        "ended",
        "broken",
        "refused",
        "dns",
        "tls",
        "timeout",
        "silent",
        "proxy",
        "proxy-sign-in",
        "status",
        "sign-in",
        "keyring",
        "closed",
        "gone",
        "not-an-event-stream",
        "wants-https",
        "redirect",
        "unusable",
        "woke",
        "network-changed",
        "requested",
    ];
    for language in [Language::English, Language::Chinese] {
        let words = Localizer::new(language);
        for code in CODES {
            assert!(words.knows(&format!("cause-{code}")), "{code}");
        }
        let now = "2026-11-22T10:00:00+08:00[Asia/Shanghai]".parse().unwrap();
        let cause = Cause::Gone;
        let said = words.state(&StreamState::Stopped { cause }, &now);
        assert!(said.contains(&words.cause(&Cause::Gone)), "{said}");
    }
    assert_eq!(Cause::parse("never-heard-of", None), None);
}

#[test]
fn no_sentence_carries_isolation_marks_or_unfilled_variables() {
    let words = Localizer::new(Language::English);
    let said = words.text("bell-unread", &[("count", 3.into())]);
    assert_eq!(said, "3 unread to-dos");
}

/// The literal keys of `say("…")` and of the notices.
fn said(text: &str) -> Vec<&str> {
    let calls = ["say(", "notice(", "notice_while(", "action(", "count("];
    let mut keys = Vec::new();
    for call in calls {
        for (at, _) in text.match_indices(call) {
            let rest = text[at + call.len()..].trim_start();
            let Some(rest) = rest.strip_prefix('"') else {
                continue;
            };
            let key = rest.split('"').next().unwrap_or_default();
            let is_key = !key.is_empty()
                && key.contains('-')
                && key
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if is_key && key != "no-such-key" {
                keys.push(key);
            }
        }
    }
    keys
}

fn messages(language: &str) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    let mut current = String::new();
    for line in locale(language).lines() {
        if let Some(key) = key_of(line) {
            key.clone_into(&mut current);
        }
        if !line.starts_with('#') && !current.is_empty() {
            let message: &mut String = messages.entry(current.clone()).or_default();
            message.push_str(line);
            message.push('\n');
        }
    }
    messages
}

fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let is_key = line.starts_with(|first: char| first.is_ascii_alphabetic());
    is_key.then(|| key.trim())
}

fn variables(message: &str) -> BTreeSet<&str> {
    message
        .split('$')
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .next()
                .unwrap()
        })
        .collect()
}

fn locale(language: &str) -> String {
    fs::read_to_string(root().join(format!("locales/{language}.ftl"))).unwrap()
}

/// Every file in which keys may stand.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for folder in ["crates/core/src", "src-tauri", "ui/src"] {
        collect(&root().join(folder), &mut files);
    }
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|e| ["rs", "ts", "svelte"].iter().any(|w| e == *w))
        {
            let text = fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every cause that has several kinds, with each of its kinds.
const KINDS: [(&str, &[&str]); 6] = [
    (
        "broken",
        &["reset", "unreachable", "cut-off", "not-http", "other"],
    ),
    (
        "tls",
        &[
            "unknown-authority",
            "no-trust-store",
            "expired",
            "not-yet-valid",
            "wrong-name",
            "revoked",
            "bad-certificate",
            "client-certificate",
            "not-tls",
            "incompatible",
            "other",
        ],
    ),
    (
        "proxy",
        &[
            "unreachable",
            "unknown-name",
            "silent",
            "tls",
            "other",
            "403 Forbidden",
        ],
    ),
    ("proxy-sign-in", &["Basic", "unnamed", "Negotiate, NTLM"]),
    ("redirect", &["nowhere", "to-http", "too-many"]),
    (
        "unusable",
        &["scheme", "plain-credentials", "address", "/no/such.pem"],
    ),
];

fn cause_said(words: &Localizer, code: &str, detail: &str) -> String {
    words.cause(&Cause::parse(code, Some(detail)).unwrap())
}

#[test]
fn every_kind_of_cause_has_a_sentence_of_its_own() {
    for language in [Language::English, Language::Chinese] {
        let words = Localizer::new(language);
        for (code, details) in KINDS {
            let mut sentences: Vec<String> = details
                .iter()
                .map(|detail| cause_said(&words, code, detail))
                .collect();
            for (sentence, detail) in sentences.iter().zip(details) {
                assert!(!sentence.trim().is_empty(), "{code} {detail}");
                // A word for machines is not shown; a status, a path and a scheme are.
                let is_shown = detail.contains([' ', '/']);
                let is_in_it =
                    sentence.contains(&format!("({detail}")) || sentence.contains(detail);
                assert!(!is_shown || is_in_it, "{sentence}");
            }
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), details.len(), "{code}");
        }
    }
}

#[test]
fn a_kind_that_is_not_known_has_a_sentence_without_it() {
    let words = Localizer::new(Language::English);
    for (code, _) in KINDS
        .iter()
        .filter(|(code, _)| ["tls", "broken", "redirect"].contains(code))
    {
        let said = Cause::parse(code, Some("error::Kind(x)")).map(|cause| words.cause(&cause));
        assert!(said.is_none_or(|said| !said.contains("Kind")), "{code}");
    }
}

#[test]
fn a_proxys_sign_in_names_what_can_be_done() {
    let words = Localizer::new(Language::English);
    assert!(cause_said(&words, "proxy-sign-in", "Basic").contains("Network"));
    let sentence = cause_said(&words, "proxy-sign-in", "Negotiate, NTLM");
    for word in ["Negotiate, NTLM", "px", "cntlm", "IT"] {
        assert!(sentence.contains(word), "{sentence}");
    }
}
