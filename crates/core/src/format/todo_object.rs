//! A JSON object, read as one to-do by what the names of its fields mean.

use belldot_wire::{Priority, Status};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::format::{
    clean, control,
    draft::Draft,
    fields::{self, Fields},
    names::{self, Role},
    operation::Operation,
};

/// An object and what the names of its fields mean.
pub(super) struct TodoObject<'a> {
    roles: Vec<(Role, &'a Value)>,
    /// What it is called, if that is beyond doubt.
    pub title: Option<&'a str>,
    zone: &'a TimeZone,
}

impl<'a> TodoObject<'a> {
    pub fn new(object: &'a Fields, zone: &'a TimeZone) -> Self {
        let mut roles: Vec<(Role, &Value)> = object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .filter_map(|(name, value)| {
                let role = match names::role(&names::parts(name))? {
                    // `@id` and `_id` after `id`.
                    Role::Id(0) if !name.starts_with(char::is_alphanumeric) => Role::Id(3),
                    role => role,
                };
                Some((role, value))
            })
            .collect();
        roles.sort_by_key(|(role, _)| rank(*role));
        let mut thing = Self {
            roles,
            title: None,
            zone,
        };
        thing.title = thing.find(
            |role| matches!(role, Role::Title(_)),
            |value| {
                let inner = value.get("rendered").or_else(|| value.get("text"));
                let text = inner.unwrap_or(value).as_str();
                text.filter(|text| !text.trim().is_empty())
            },
        );
        thing
    }

    /// Returns its id.
    pub fn id(&self) -> Option<String> {
        self.find(|role| matches!(role, Role::Id(_)), fields::id)
    }

    /// Returns what it says where it has no title: its message, else its name, else what describes
    /// it. The second is the body.
    pub fn words(&self) -> Option<(&'a str, Option<&'a str>)> {
        let text = |value: &'a Value| {
            value
                .as_str()
                .filter(|text| !text.trim().is_empty() && !is_packed(text))
        };
        let find = |wanted: fn(Role) -> bool| self.find(wanted, text);
        let messages = self
            .roles
            .iter()
            .filter(|(role, _)| matches!(role, Role::Message(_)))
            .filter_map(|(role, value)| Some((*role, text(value)?)));
        let messages: Vec<(Role, &str)> = messages.collect();
        // "success" beside a text says nothing; but a word of machines beside it is no text.
        let is_text = |(role, text): &&(Role, &str)| {
            !control::is_control_text(text) && (*role < Role::Message(5) || !is_word(text))
        };
        let message = messages.iter().find(is_text).or(messages.first()).copied();
        let more = messages
            .iter()
            .filter(|(role, text)| {
                *role < Role::Message(5) && message.is_some_and(|(_, said)| said != *text)
            })
            .map(|(_, text)| *text)
            .find(|text| !control::is_control_text(text));
        let name = find(|role| role == Role::Name);
        let body = find(|role| matches!(role, Role::Body(_)));
        match (message, name) {
            // "content" describes what has a name, unless that is a person's.
            (Some((Role::Message(2), content)), Some(name)) if !is_persons_name(name) => {
                Some((name, Some(content)))
            }
            (Some((_, message)), _) => Some((message, more.or(body))),
            (None, Some(name)) => Some((name, body)),
            (None, None) => body.map(|body| (body, None)),
        }
    }

    /// Returns the words for what kind of message it is, or what happened, the surest first.
    pub fn kinds(&self) -> impl Iterator<Item = &'a str> {
        let kinds = self.roles.iter().filter_map(|(role, value)| match role {
            Role::Kind(_) => value.as_str(),
            _ => None,
        });
        // What is called `TodoCreated` is no person and no to-do.
        let name = self.find(|role| role == Role::Name, Value::as_str);
        kinds.chain(name.filter(|name| is_word_of_machines(name)))
    }

    /// Returns what happened to it, by its kind, its flags or its status.
    pub fn operation(&self) -> Option<Operation> {
        self.kinds()
            .find_map(Operation::of_code)
            .or_else(|| {
                if self.title.is_some() {
                    return None;
                }
                let message = self.find(|role| matches!(role, Role::Message(_)), Value::as_str)?;
                Operation::of_word(message)
            })
            .or_else(|| self.is_deleted().then_some(Operation::Remove))
    }

    /// Returns what its own status says has happened, which counts where it has no title.
    pub fn operation_of_status(&self) -> Option<Operation> {
        let status = self.status().and_then(Operation::of_status);
        status.or_else(|| (self.read() == Some(true)).then_some(Operation::Read))
    }

    /// Returns how many wait; of something that is no to-do itself.
    pub fn unread(&self) -> Option<u64> {
        let number = |value: &Value| match value {
            Value::Number(_) | Value::String(_) => fields::count(value),
            _ => None,
        };
        self.find(|role| matches!(role, Role::Unread(_)), number)
    }

    /// Returns how many there are.
    pub fn total(&self) -> Option<u64> {
        self.find(|role| matches!(role, Role::Total(_)), fields::count)
    }

    /// Returns the to-do, of this title and body.
    pub fn draft(&self, title: &str, body: Option<&str>) -> Option<Draft> {
        let (title, body) = clean::title_and_body(title, body)?;
        let urgent = self.flag(|role| role == Role::Urgent) == Some(true);
        let sender = self.find(|role| matches!(role, Role::Sender(_)), fields::sender);
        let name = || {
            // A name that is not the title is somebody's.
            let name = self.find(|role| role == Role::Name, fields::sender)?;
            (name != title && !is_word_of_machines(&name)).then_some(name)
        };
        Some(Draft {
            id: self.id(),
            priority: match self.find(|role| matches!(role, Role::Priority(_)), fields::priority) {
                Some(priority) => priority,
                None if urgent => Priority::HIGHEST,
                None => Priority::default(),
            },
            url: self.find(|role| matches!(role, Role::Url(_)), fields::url),
            due: self.find(
                |role| matches!(role, Role::Due(_)),
                |value| fields::due(value, self.zone),
            ),
            status: self.status(),
            read: self.read(),
            tags: self
                .find(|role| role == Role::Tags, |tags| Some(fields::tags(tags)))
                .unwrap_or_default(),
            sender: sender.or_else(name),
            created: self.created(),
            title,
            body,
            words: None,
        })
    }

    /// Returns the to-do that it is, by its title.
    pub fn titled(&self) -> Option<Draft> {
        let title = self.title?;
        let text = |value: &'a Value| value.as_str().filter(|text| *text != title);
        let body = self.find(
            |role| matches!(role, Role::Message(0..5) | Role::Body(_)),
            |value| text(value).filter(|text| !text.trim().is_empty()),
        );
        let summary = || self.find(|role| role == Role::Title(3), text);
        self.draft(title, body.or_else(summary))
    }

    pub fn created(&self) -> Option<jiff::Timestamp> {
        self.find(
            |role| matches!(role, Role::Created(_)),
            |value| fields::time(value, self.zone),
        )
    }

    fn status(&self) -> Option<Status> {
        let said = self.find(
            |role| matches!(role, Role::Status(_)),
            |value| match value {
                // A truth value under "status" may mean anything.
                Value::Bool(_) => None,
                value => fields::status(value),
            },
        );
        let done = || {
            let done = self.flag(|role| matches!(role, Role::Done(_)))?;
            Some(if done { Status::Done } else { Status::Open })
        };
        let past = || {
            self.find(
                |role| role == Role::DoneAt,
                |value| fields::time(value, self.zone),
            )
            .map(|_| Status::Done)
        };
        let done = match done() {
            Some(Status::Done) => Some(Status::Done),
            done => past().or(done),
        };
        match said {
            Some(said) => Some(said),
            None => done,
        }
    }

    fn read(&self) -> Option<bool> {
        let read = self.flag(|role| matches!(role, Role::Read(_)));
        let unread = || {
            let is_flag = |value: &Value| match value {
                Value::Bool(unread) => Some(!unread),
                // Of one to-do a number can only be a flag.
                value => match fields::count(value)? {
                    0 => Some(true),
                    1 if self.id().is_some() => Some(false),
                    _ => None,
                },
            };
            self.find(|role| matches!(role, Role::Unread(0 | 1)), is_flag)
                .filter(|_| self.title.is_some() || self.id().is_some())
        };
        let past = || {
            self.find(
                |role| role == Role::ReadAt,
                |value| fields::time(value, self.zone),
            )
            .map(|_| true)
        };
        read.or_else(unread).or_else(past)
    }

    fn is_deleted(&self) -> bool {
        let flag = self.find(
            |role| role == Role::Deleted,
            |value| match value {
                // RuoYi's mark for what is deleted is 2.
                Value::String(text) => Some(!matches!(text.trim(), "" | "0" | "false" | "N" | "n")),
                value => fields::truth(value),
            },
        );
        let past = || {
            self.find(
                |role| role == Role::DeletedAt,
                |value| fields::time(value, self.zone),
            )
        };
        flag == Some(true) || past().is_some()
    }

    fn flag(&self, wanted: impl Fn(Role) -> bool) -> Option<bool> {
        self.find(wanted, fields::truth)
    }

    fn find<T>(
        &self,
        wanted: impl Fn(Role) -> bool,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let mut found = self.roles.iter().filter(|(role, _)| wanted(*role));
        found.find_map(|(_, value)| read(value))
    }
}

/// Returns whether a text is a word that programs say to each other: `todo.created`, `TodoCreated`,
/// `todo`.
pub(super) fn is_word_of_machines(text: &str) -> bool {
    let text = text.trim();
    let is_word = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._:/-#*@".contains(&b));
    let parts = names::parts(text);
    is_word
        && !text.is_empty()
        && (Operation::of(text).is_some()
            || control::of_name(text).is_some()
            || parts
                .iter()
                .any(|part| names::is_thing(part) || is_event(part)))
}

fn is_event(part: &str) -> bool {
    [
        "created",
        "create",
        "added",
        "add",
        "updated",
        "update",
        "changed",
        "change",
        "insert",
        "inserted",
        "new",
        "upsert",
        "modified",
        "put",
        "patch",
        "notify",
        "push",
        "publish",
        "published",
    ]
    .contains(&part)
}

/// Returns whether a name is more likely a person's than a to-do's: two or three characters of
/// Chinese, or two or three words that begin with a capital.
fn is_persons_name(name: &str) -> bool {
    let name = name.trim();
    if !name.is_ascii() {
        let han = name
            .chars()
            .filter(|char| ('\u{4e00}'..='\u{9fff}').contains(char));
        return (2..=3).contains(&han.count()) && name.chars().count() <= 3 || name.contains('·');
    }
    let mut words = name.split(' ');
    words.clone().count() <= 3
        && words.all(|word| {
            word.starts_with(|c: char| c.is_ascii_uppercase())
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphabetic() || b"-.'".contains(&b))
        })
}

/// Returns whether a text is one word of letters and digits, an id more likely than a message.
fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns whether a text is an object or a list, packed as a string.
fn is_packed(text: &str) -> bool {
    matches!(text.trim_start().bytes().next(), Some(b'{' | b'['))
        && crate::format::json::inside(text).is_some()
}

fn rank(role: Role) -> u8 {
    match role {
        Role::Title(rank)
        | Role::Message(rank)
        | Role::Url(rank)
        | Role::Id(rank)
        | Role::Priority(rank)
        | Role::Due(rank)
        | Role::Status(rank)
        | Role::Done(rank)
        | Role::Read(rank)
        | Role::Sender(rank)
        | Role::Created(rank)
        | Role::Unread(rank)
        | Role::Total(rank)
        | Role::Kind(rank) => rank,
        // After every message.
        Role::Body(rank) => rank + 10,
        _ => 0,
    }
}
