//! The paths in a Rust file, found without understanding anything else of it.

/// A path with its line, counted from 1. Its names are as written: `crate`, `super`, `a`, `B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub names: Vec<String>,
    /// What an import calls it here, where it is one: `B`, or what stands after `as`.
    pub known_as: Option<String>,
    /// The modules inside of the file that it stands in.
    pub inside: Vec<String>,
    pub line: usize,
}

/// What a file says about modules.
#[derive(Debug, Default)]
pub struct Source {
    /// Its imports and the other paths in it.
    pub paths: Vec<Written>,
    /// `mod name;`, with the line.
    pub children: Vec<(String, usize)>,
    /// `mod name;` that is there in tests only.
    pub test_children: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    /// `::`
    Separator,
    Sign(char),
}

impl Source {
    pub fn read(text: &str) -> Self {
        let tokens = tokens(&code(text));
        let mut source = Self::default();
        let mut inside: Vec<(String, usize)> = Vec::new();
        let mut depth = 0;
        let mut at = 0;
        while let Some((token, line)) = tokens.get(at) {
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') => {
                    depth -= 1;
                    inside.retain(|(_, opened)| *opened <= depth);
                }
                Token::Sign('#') => {
                    if let Some(end) = attribute(&tokens, at)
                        && is_test_only(&tokens[at..end])
                    {
                        at = source.skip_item(&tokens, end);
                        continue;
                    } else if let Some(end) = attribute(&tokens, at) {
                        at = end;
                        continue;
                    }
                }
                // `use<'a>` names what a type captures.
                Token::Name(name) if name == "use" && sign(&tokens, at + 1) != Some('<') => {
                    let modules = inside.iter().map(|(name, _)| name.clone()).collect();
                    at = source.import(&tokens, at + 1, modules);
                    continue;
                }
                // `pub(in crate::a)` imports nothing.
                Token::Name(name) if name == "pub" && sign(&tokens, at + 1) == Some('(') => {
                    at = closed(&tokens, at + 1);
                    continue;
                }
                Token::Name(name) if name == "mod" => {
                    if let Some((Token::Name(module), _)) = tokens.get(at + 1) {
                        match sign(&tokens, at + 2) {
                            Some(';') => source.children.push((module.clone(), *line)),
                            Some('{') => inside.push((module.clone(), depth + 1)),
                            _ => (),
                        }
                    }
                    at += 2;
                    continue;
                }
                Token::Name(_) => {
                    let (names, end) = path(&tokens, at);
                    if names.len() > 1 {
                        source.paths.push(Written {
                            names,
                            known_as: None,
                            inside: inside.iter().map(|(name, _)| name.clone()).collect(),
                            line: *line,
                        });
                    }
                    at = end;
                    continue;
                }
                _ => (),
            }
            at += 1;
        }
        source
    }

    /// Reads a tree of imports up to its semicolon; what comes after that.
    fn import(&mut self, tokens: &[(Token, usize)], start: usize, inside: Vec<String>) -> usize {
        let mut before: Vec<Vec<String>> = vec![Vec::new()];
        let mut names: Vec<String> = Vec::new();
        let mut known_as = None;
        let mut at = start;
        while let Some((token, line)) = tokens.get(at) {
            let ends = matches!(token, Token::Sign(',' | '}' | ';'));
            if ends && !names.is_empty() {
                let outer = before.last().cloned().unwrap_or_default();
                let mut whole = [outer, std::mem::take(&mut names)].concat();
                let known_as = known_as.take();
                if whole.last().is_some_and(|last| last == "self") && whole.len() > 1 {
                    whole.pop();
                }
                self.paths.push(Written {
                    known_as: known_as.or_else(|| whole.last().cloned()),
                    names: whole,
                    inside: inside.clone(),
                    line: *line,
                });
            }
            match token {
                Token::Sign(';') => return at + 1,
                Token::Sign('{') => {
                    let outer = before.last().cloned().unwrap_or_default();
                    before.push([outer, std::mem::take(&mut names)].concat());
                }
                Token::Sign('}') => {
                    before.pop();
                }
                Token::Sign('*') => names.push("*".to_owned()),
                Token::Name(name) if name == "as" => {
                    if let Some((Token::Name(name), _)) = tokens.get(at + 1) {
                        known_as = Some(name.clone());
                    }
                    at += 1;
                }
                Token::Name(name) => names.push(name.clone()),
                _ => (),
            }
            at += 1;
        }
        at
    }

    /// Skips an item, a field or an arm, whose attributes may go on; what comes after it.
    fn skip_item(&mut self, tokens: &[(Token, usize)], mut at: usize) -> usize {
        while sign(tokens, at) == Some('#') {
            at = attribute(tokens, at).unwrap_or(at + 1);
        }
        let first = tokens[at..].iter().find_map(|(token, _)| match token {
            Token::Name(name) if !VISIBILITY.contains(&name.as_str()) => Some(name.as_str()),
            _ => None,
        });
        let is_use = first == Some("use");
        let is_item = is_use || first.is_some_and(|first| ITEMS.contains(&first));
        if first == Some("mod")
            && let Some((Token::Name(module), _)) = tokens.get(at + 1)
            && sign(tokens, at + 2) == Some(';')
        {
            self.test_children.push(module.clone());
        }
        while let Some(sign) = tokens.get(at).map(|_| sign(tokens, at)) {
            match sign {
                Some('(' | '[') => {
                    at = closed(tokens, at);
                    continue;
                }
                Some('{') if is_use => (),
                Some('{') => return closed(tokens, at),
                Some(';') => return at + 1,
                Some(',') if !is_item => return at + 1,
                Some('}') if !is_use => return at,
                _ => (),
            }
            at += 1;
        }
        at
    }
}

/// What may stand before an item.
const VISIBILITY: [&str; 5] = ["pub", "crate", "in", "self", "super"];

/// What an item may begin with, beside `use`.
const ITEMS: [&str; 13] = [
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "macro_rules",
    "mod",
    "static",
    "struct",
    "trait",
    "type",
    "unsafe",
];

/// Names with `::` between them, from here on; what comes after them.
fn path(tokens: &[(Token, usize)], start: usize) -> (Vec<String>, usize) {
    let mut names = Vec::new();
    let mut at = start;
    while let Some((Token::Name(name), _)) = tokens.get(at) {
        names.push(name.clone());
        at += 1;
        match tokens.get(at) {
            Some((Token::Separator, _)) => at += 1,
            _ => break,
        }
    }
    (names, at)
}

/// The end of an attribute that begins here.
fn attribute(tokens: &[(Token, usize)], at: usize) -> Option<usize> {
    let open = match sign(tokens, at + 1)? {
        '[' => at + 1,
        '!' if sign(tokens, at + 2) == Some('[') => at + 2,
        _ => return None,
    };
    Some(closed(tokens, open))
}

/// Whether an attribute is `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn is_test_only(attribute: &[(Token, usize)]) -> bool {
    let names: Vec<&str> = attribute
        .iter()
        .filter_map(|(token, _)| match token {
            Token::Name(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    matches!(names[..], ["cfg", "test"] | ["cfg", "all", "test", ..])
}

/// What comes after the bracket that closes the one here.
fn closed(tokens: &[(Token, usize)], open: usize) -> usize {
    let mut depth = 0;
    for (at, (token, _)) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => depth -= 1,
            _ => (),
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

fn sign(tokens: &[(Token, usize)], at: usize) -> Option<char> {
    match tokens.get(at) {
        Some((Token::Sign(sign), _)) => Some(*sign),
        _ => None,
    }
}

fn tokens(code: &str) -> Vec<(Token, usize)> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        } else if c.is_alphanumeric() || c == '_' {
            let mut name = String::from(c);
            while let Some(more) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                name.push(more);
            }
            tokens.push((Token::Name(name), line));
        } else if c == ':' && chars.next_if_eq(&':').is_some() {
            tokens.push((Token::Separator, line));
        } else if !c.is_whitespace() {
            tokens.push((Token::Sign(c), line));
        }
    }
    tokens
}

/// The text without comments and literals; its lines stay where they are.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => 1 + quoted(&rest[1..], '"'),
            'r' if is_raw(rest) && !ends_in_name(&code) => raw(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if length == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            let lines = rest[..length].matches('\n').count();
            code.push(' ');
            code.extend(std::iter::repeat_n('\n', lines));
            rest = &rest[length..];
        }
    }
    code
}

fn ends_in_name(code: &str) -> bool {
    // `br"…"` is one, too.
    code.ends_with(|c: char| (c.is_alphanumeric() || c == '_') && c != 'b')
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a literal up to and with its end, from behind its beginning on.
fn quoted(text: &str, end: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == end => return at + 1,
            _ => (),
        }
    }
    text.len()
}

fn is_raw(text: &str) -> bool {
    text[1..].trim_start_matches('#').starts_with('"')
}

fn raw(text: &str) -> usize {
    let marks = text[1..].len() - text[1..].trim_start_matches('#').len();
    let end = format!("\"{}", "#".repeat(marks));
    let start = 2 + marks;
    text[start..]
        .find(&end)
        .map_or(text.len(), |at| start + at + end.len())
}

/// The length of a character literal; 0 where it is a lifetime.
fn character(text: &str) -> usize {
    let mut inner = text[1..].chars();
    match (inner.next(), inner.next()) {
        (Some('\\'), _) => 1 + quoted(&text[1..], '\''),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}
