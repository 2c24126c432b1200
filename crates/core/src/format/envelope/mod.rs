//! Unwraps envelopes: what is under `data`, `result`, `rows`, `payload` … beside a code, a message
//! or a count is the to-do itself, at any reasonable depth, and there may be several.

mod context;
mod shape;

use belldot_wire::clean_line;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    format::{
        change::Change,
        clean,
        control::{self, ControlSignal},
        counts,
        decoded::{Decoded, Seen},
        draft::Draft,
        fields::{self, Fields},
        json,
        names::{self, Container, Role},
        operation::Operation,
        text,
        todo_object::{TodoObject, is_word_of_machines},
    },
    model::Event,
};

pub(super) use context::EnvelopeContext;
use shape::{DEEP, fails, has_titled, ids, is_container, is_refusal, operation_of_key, payload};
pub(super) use shape::{is_farewell, word};

/// Reads a JSON value of an event: a to-do, several, changes of known ones, a count.
pub(super) struct EnvelopeReader<'a> {
    event: &'a Event,
    zone: &'a TimeZone,
    found: Decoded,
    count: Option<u64>,
}

impl<'a> EnvelopeReader<'a> {
    pub fn new(event: &'a Event, zone: &'a TimeZone) -> Self {
        Self {
            event,
            zone,
            found: Decoded::default(),
            count: None,
        }
    }

    /// Returns what it found; `None` where it understood nothing.
    pub fn read(mut self, value: &Value, context: &EnvelopeContext<'_>) -> Option<Decoded> {
        if !self.value(value, context) {
            return None;
        }
        let mut found = self.found;
        if !found.changes.is_empty() {
            found.seen = Seen::Json;
        }
        if let Some(count) = self.count {
            found.seen = found.seen.max(Seen::Count);
            found.changes.push(Change::SetUnread(count));
        }
        Some(found)
    }

    /// Returns whether it understood anything of it, be it that there is nothing to it.
    fn value(&mut self, value: &Value, context: &EnvelopeContext<'_>) -> bool {
        if context.depth > DEEP {
            return false;
        }
        match value {
            Value::Object(object) => self.object(object, context),
            Value::Array(list) => self.list(list, context),
            Value::String(text) => match json::inside(text) {
                Some(inner) => {
                    let context = EnvelopeContext {
                        depth: context.depth + 1,
                        ..context.clone()
                    };
                    self.value(&inner, &context)
                }
                None => false,
            },
            _ => false,
        }
    }

    fn object(&mut self, object: &Fields, context: &EnvelopeContext<'_>) -> bool {
        if object.is_empty() {
            return context.depth == 0;
        }
        let candidate = TodoObject::new(object, self.zone);
        let mut is_lifecycle = false;
        for kind in candidate.kinds() {
            match control::of_name(kind) {
                Some(ControlSignal::Heartbeat) => return true,
                // "Done" may be a change of a to-do; "closed" is the stream.
                Some(ControlSignal::Lifecycle) => {
                    is_lifecycle |= Operation::of(kind).is_none() || is_farewell(kind)
                }
                None => (),
            }
        }
        let operation = candidate.operation().or(context.operation);
        // The id of a JSON-RPC call is not the to-do's.
        let is_call = object.contains_key("jsonrpc");
        let id = candidate.id().filter(|_| !is_call);
        if let Some(title) = candidate.title
            && !self.is_around(object, id.is_some() && !is_call, title)
        {
            return self.titled(&candidate, operation, context);
        }
        if self.inside(object, &candidate, operation, id.clone(), context) {
            if let Some(count) = candidate.unread() {
                self.count = Some(count);
            }
            return true;
        }
        if candidate.title.is_some() {
            return self.titled(&candidate, operation, context);
        }
        self.untitled(object, &candidate, operation, id, is_lifecycle, context)
    }

    /// Returns whether an object that has a title is an envelope none the less.
    fn is_around(&self, object: &Fields, has_id: bool, title: &str) -> bool {
        let inside = |wants_id: bool| {
            object.iter().any(|(name, value)| {
                names::container(&names::parts(name)) == Container::Todo
                    && has_titled(value, wants_id, self.zone, 0)
            })
        };
        if is_word_of_machines(title) || control::is_control_text(title) {
            return inside(false);
        }
        !has_id && inside(true)
    }

    /// Takes what has a title.
    fn titled(
        &mut self,
        candidate: &TodoObject<'_>,
        operation: Option<Operation>,
        context: &EnvelopeContext<'_>,
    ) -> bool {
        let id = candidate.id();
        if let (Some(operation), Some(id)) = (operation, id.clone().or_else(|| context.id.clone()))
        {
            return self.change(operation.change(id));
        }
        // A title that speaks of the stream, of nothing that has an id.
        if id.is_none()
            && context.id.is_none()
            && candidate.title.is_some_and(control::is_control_text)
        {
            return true;
        }
        let Some(mut draft) = candidate.titled() else {
            return false;
        };
        match operation {
            Some(Operation::Remove) => return true,
            Some(Operation::Close(status)) => draft.status = Some(status),
            Some(Operation::Read) => draft.read = Some(true),
            None => (),
        }
        let count = candidate
            .unread()
            .filter(|count| *count > 1 || id.is_none());
        self.count = self.count.or(count);
        self.take(draft, context)
    }

    /// Reads what is inside; returns whether there was anything.
    fn inside(
        &mut self,
        object: &Fields,
        candidate: &TodoObject<'_>,
        operation: Option<Operation>,
        id: Option<String>,
        context: &EnvelopeContext<'_>,
    ) -> bool {
        let parts: Vec<(&String, Vec<String>, &Value)> = object
            .iter()
            .filter(|(_, value)| is_container(value))
            .map(|(name, value)| (name, names::parts(name), value))
            .collect();
        if parts.is_empty() {
            return false;
        }
        // Both are one to-do where only the outer one has an id.
        let base = id.as_ref().and_then(|_| candidate.draft("-", None));
        let inner = |strict: bool, operation: Option<Operation>| EnvelopeContext {
            operation,
            id: id.clone().or_else(|| context.id.clone()),
            created: candidate.created().or(context.created),
            base: base.as_ref().or(context.base),
            element: context.element,
            strict: strict || context.strict,
            depth: context.depth + 1,
        };
        let before = operation == Some(Operation::Remove);
        let mut any = false;
        for (_, parts, value) in &parts {
            let of_name = operation_of_key(parts);
            let is_thing = match names::container(parts) {
                Container::Todo => true,
                Container::Previous => before,
                _ => of_name.is_some(),
            };
            if is_thing {
                any |= self.value(value, &inner(false, of_name.or(operation)));
            }
        }
        if any && self.has_something() {
            return true;
        }
        for (name, parts, value) in &parts {
            // An address in a tree, as Firebase and maps of ids have them.
            let is_key = names::role(parts).is_none() && context.depth > 0 && value.is_object();
            let mut inner = inner(true, operation);
            if is_key
                && inner.id.is_none()
                && parts
                    .iter()
                    .any(|part| part.bytes().any(|b| b.is_ascii_digit()))
            {
                inner.id = clean::id(name);
            }
            if names::container(parts) == Container::Unclear {
                any |= self.value(value, &inner);
            }
        }
        if any && self.has_something() {
            return true;
        }
        // Of fields that only belong to a to-do the first is enough, and only where the to-do
        // itself says nothing.
        if candidate.words().is_none() && !context.strict {
            for (_, parts, value) in &parts {
                if names::container(parts) == Container::Part
                    && self.value(value, &inner(false, operation))
                    && self.has_something()
                {
                    return true;
                }
            }
        }
        false
    }

    fn has_something(&self) -> bool {
        !self.found.changes.is_empty() || self.count.is_some() || self.found.says_something()
    }

    /// Takes what has no title and nothing inside.
    fn untitled(
        &mut self,
        object: &Fields,
        candidate: &TodoObject<'_>,
        operation: Option<Operation>,
        id: Option<String>,
        is_lifecycle: bool,
        context: &EnvelopeContext<'_>,
    ) -> bool {
        if let Some(operation) = operation {
            let named = ids(object);
            if !named.is_empty() {
                for id in named {
                    self.change(operation.change(id));
                }
                return true;
            }
            let scalar = payload(object).and_then(word);
            if let Some(id) = scalar.or_else(|| id.clone()) {
                return self.change(operation.change(id));
            }
        }
        let words = candidate.words();
        if words.is_none()
            && let (Some(operation), Some(id)) = (candidate.operation_of_status(), id.clone())
        {
            return self.change(operation.change(id));
        }
        if self.is_count(candidate) && self.counted(object, candidate) {
            return true;
        }
        if let Some((said, more)) = words {
            if fails(object) || (id.is_none() && control::is_sign_in(said)) {
                self.fails(object, said);
                return true;
            }
            let is_control_text =
                control::is_control_text(said) && more.is_none_or(control::is_control_text);
            // Who is connected, beside that somebody is.
            if is_control_text
                && payload(object).is_some_and(|data| word(data).is_some() && data.is_string())
            {
                return true;
            }
            if !is_control_text && is_lifecycle {
                return true;
            }
            if !is_control_text && (!context.strict || id.is_some()) {
                let Some(draft) = candidate.draft(said, more) else {
                    return false;
                };
                self.count = self.count.or(candidate.unread());
                return self.take(draft, context);
            }
        }
        if is_lifecycle || self.counted(object, candidate) {
            return true;
        }
        if fails(object) {
            self.fails(object, "");
            return true;
        }
        control::is_about_stream(object)
    }

    /// Takes a count that stands alone in an object, or bare as what a call answers; returns
    /// whether there was one.
    fn counted(&mut self, object: &Fields, candidate: &TodoObject<'_>) -> bool {
        let is_count = self.is_count(candidate);
        let total = || {
            let has_list = object.values().any(Value::is_array);
            let mut rest = object.clone();
            rest.retain(|name, _| {
                !matches!(names::role(&names::parts(name)), Some(Role::Total(_)))
            });
            let alone = is_count || control::is_about_stream(&rest);
            candidate.total().filter(|_| !has_list && alone)
        };
        let bare = || {
            let kind = if is_count { "count" } else { &self.event.kind };
            let mut numbers = object.values().filter(|value| value.is_number());
            let alone = numbers.next().filter(|_| is_count && object.len() == 1);
            counts::bare(payload(object).or(alone)?, kind)
        };
        match candidate.unread().or_else(total).or_else(bare) {
            Some(count) => {
                self.count = Some(count);
                true
            }
            None => false,
        }
    }

    /// Returns whether the event or the message says that it is about a count.
    fn is_count(&self, candidate: &TodoObject<'_>) -> bool {
        counts::is_count_name(&self.event.kind) || candidate.kinds().any(counts::is_count_name)
    }

    fn list(&mut self, list: &[Value], context: &EnvelopeContext<'_>) -> bool {
        if list.is_empty() {
            return context.depth == 0;
        }
        let has_objects = list.iter().any(|one| one.is_object() || one.is_array());
        let is_name = |one: &Value| {
            one.as_str()
                .is_some_and(|text| is_word_of_machines(text) || text == "message")
        };
        let mut operation = context.operation;
        if has_objects || (list.len() == 2 && is_name(&list[0]) && !is_name(&list[1])) {
            // `["todo.deleted", {…}]`: the words name the event.
            for name in list
                .iter()
                .filter(|one| is_name(one))
                .filter_map(Value::as_str)
            {
                match control::of_name(name) {
                    Some(ControlSignal::Heartbeat) => return true,
                    _ => operation = Operation::of(name).or(operation),
                }
            }
        }
        let mut any = false;
        for (at, one) in list.iter().enumerate() {
            let inner = EnvelopeContext {
                operation,
                id: None,
                created: context.created,
                base: None,
                element: Some(one),
                strict: context.strict,
                depth: context.depth + 1,
            };
            any |= match one {
                Value::String(text) if json::inside(text).is_none() => {
                    let is_named = (has_objects && word(one).is_some())
                        || (list.len() == 2 && at == 0 && is_name(one) && !is_name(&list[1]));
                    self.string(text, operation, is_named, &inner)
                }
                Value::Number(_) => match (operation, fields::id(one)) {
                    (Some(operation), Some(id)) => self.change(operation.change(id)),
                    _ => false,
                },
                _ => self.value(one, &inner),
            };
        }
        any
    }

    /// Takes a text in a list; returns whether it was understood.
    fn string(
        &mut self,
        said: &str,
        operation: Option<Operation>,
        is_name: bool,
        context: &EnvelopeContext<'_>,
    ) -> bool {
        if is_name || context.strict {
            return false;
        }
        if let Some(operation) = operation
            && let Some(id) = word(&Value::from(said))
        {
            return self.change(operation.change(id));
        }
        if control::is_control_text(said) {
            return true;
        }
        match clean::title_and_body(said, None) {
            Some((title, body)) => self.take(
                Draft {
                    title,
                    body,
                    ..Draft::default()
                },
                context,
            ),
            None => false,
        }
    }

    fn change(&mut self, change: Change) -> bool {
        self.found.changes.push(change);
        true
    }

    fn take(&mut self, mut draft: Draft, context: &EnvelopeContext<'_>) -> bool {
        if draft.id.is_none()
            && let Some(base) = context.base
        {
            draft.complete_by(base);
        }
        draft.created = draft.created.or(context.created);
        draft.id = draft.id.or_else(|| context.id.clone());
        draft.words = self.words(context);
        let is_known = self.found.changes.iter().any(|change| {
            matches!(change, Change::Upsert(known) if draft.id.is_some() && known.id == draft.id && known.title == draft.title)
        });
        if !is_known {
            self.found.changes.push(Change::Upsert(Box::new(draft)));
        }
        true
    }

    /// Returns what was said of it, word for word: each in a list is told from the others by its
    /// own words.
    fn words(&self, context: &EnvelopeContext<'_>) -> Option<u64> {
        match context.element {
            None => text::words(self.event),
            Some(element) => text::words(&part_of(self.event, element.to_string())),
        }
    }

    /// A call that failed brings no to-do, but a message about the stream.
    fn fails(&mut self, object: &Fields, said: &str) {
        if is_refusal(object) || control::is_sign_in(said) {
            self.found.sign_in = true;
        } else if !said.is_empty() {
            self.found.said = Some(clean_line(said));
        }
    }
}

/// Returns a part of an event as an event of its own.
fn part_of(event: &Event, data: String) -> Event {
    Event {
        kind: event.kind.clone(),
        data,
        id: event.id.clone(),
        own_id: event.own_id,
    }
}
