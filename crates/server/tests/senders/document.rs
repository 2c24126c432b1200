//! The programs in `docs/senders.md`.

const DOCUMENT: &str = include_str!("../../../../docs/senders.md");

/// The code block that is marked with this name.
pub fn program(name: &str) -> &'static str {
    let mark = format!(" senders:{name}\n");
    let (_, rest) = DOCUMENT
        .split_once(&mark)
        .unwrap_or_else(|| panic!("docs/senders.md has no program senders:{name}"));
    let (program, _) = rest.split_once("\n```").unwrap();
    program
}

/// Every program that is marked is run by a test.
#[test]
fn every_marked_program_has_a_test() {
    let marked: Vec<_> = DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("```")?.split_once(" senders:"))
        .map(|(_, name)| name)
        .collect();
    assert_eq!(
        marked,
        [
            "curl",
            "java",
            "python",
            "node",
            "go",
            "php",
            "webhook",
            "fastapi",
            "express",
            "go-server",
            "php-server",
        ]
    );
}
