//! `POST /api/v1/todos` and `POST /api/v1/batch`: sending to-dos.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use belldot_wire::FieldError;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::{Caller, Scope};
use crate::body::JsonBody;
use crate::draft::{NewTodo, Recipients};
use crate::edit::{TodoDraft, TodoEdit};
use crate::etag::{IfMatch, etag};
use crate::log::{EntryView, PutOutcome, TodoAddress, TodoWrite, WriteCondition};
use crate::problem::ApiError;
use crate::query::{NoQuery, StrictQuery};
use crate::state::ServerState;
use crate::todos::view;

/// The most to-dos that one request makes.
const MAX_TODOS: usize = 10_000;

/// The most text that one request makes, over all its to-dos, in bytes.
const MAX_TEXT: usize = 64 << 20;

/// The response to a request for several to-dos, in the sender's view.
#[derive(Serialize)]
struct SentResponse {
    todos: Vec<EntryView>,
}

pub(crate) async fn create(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    IfMatch(condition): IfMatch,
    StrictQuery(NoQuery {}): StrictQuery<NoQuery>,
    JsonBody(new): JsonBody<NewTodo>,
) -> Result<Response, ApiError> {
    let sent = Sent::read(new, "").map_err(ApiError::fields)?;
    let users = sent.users(&state, &caller).await?;
    let is_for_one = matches!(sent.recipients, Recipients::Sender | Recipients::One(_));
    let mut writes = Writes::default();
    writes.add(&sent, users, &caller, &condition)?;
    let mut puts = write(&state, &caller, writes).await?;
    if !is_for_one {
        return Ok(several(puts));
    }
    let put = puts
        .pop()
        .ok_or_else(|| ApiError::todo_not_found(&sent.id))?;
    let is_new = matches!(put, PutOutcome::Created(_));
    let entry = put.into_entry();
    let (tag, user) = ([(ETAG, etag(entry.seq))], entry.user.clone());
    let todo = view(entry, &caller);
    if !is_new {
        return Ok((tag, Json(todo)).into_response());
    }
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut place = format!("/api/v1/todos/{}", encoded(&todo.todo.id));
    if user != caller.user {
        place += &format!("?user={}", encoded(&user));
    }
    Ok((StatusCode::CREATED, tag, [(LOCATION, place)], Json(todo)).into_response())
}

/// The body of `POST /api/v1/batch`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRequest {
    todos: Vec<NewTodo>,
}

/// Makes or replaces all of the to-dos, or none of them.
pub(crate) async fn batch(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    StrictQuery(NoQuery {}): StrictQuery<NoQuery>,
    JsonBody(batch): JsonBody<BatchRequest>,
) -> Result<Response, ApiError> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for (place, new) in batch.todos.into_iter().enumerate() {
        match Sent::read(new, &format!("/todos/{place}")) {
            Ok(sent) => all.push(sent),
            Err(found) => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::fields(faults));
    }
    let mut writes = Writes::default();
    for sent in &all {
        let users = sent.users(&state, &caller).await?;
        writes.add(sent, users, &caller, &WriteCondition::Always)?;
    }
    Ok(several(write(&state, &caller, writes).await?))
}

fn several(puts: Vec<PutOutcome>) -> Response {
    let is_new = |put: &PutOutcome| matches!(put, PutOutcome::Created(_));
    let status = if puts.iter().any(is_new) {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let todos = puts.into_iter().map(|put| put.into_entry().for_owner());
    let todos = todos.collect();
    (status, Json(SentResponse { todos })).into_response()
}

/// One to-do of a request, validated.
struct Sent {
    /// Where it stands in the body, as a JSON Pointer.
    pointer: String,
    id: String,
    draft: TodoDraft,
    recipients: Recipients,
}

impl Sent {
    fn read(mut new: NewTodo, pointer: &str) -> Result<Self, Vec<FieldError>> {
        let id = new
            .id
            .get_or_insert_with(|| Uuid::now_v7().to_string())
            .clone();
        let (draft, recipients) = new.draft().map_err(|mut faults| {
            for fault in &mut faults {
                fault.pointer = format!("#{pointer}{}", fault.pointer.trim_start_matches('#'));
            }
            faults
        })?;
        Ok(Self {
            pointer: pointer.to_owned(),
            id,
            draft,
            recipients,
        })
    }

    fn fault(&self, field: &str, detail: String) -> ApiError {
        ApiError::fields(vec![FieldError {
            pointer: format!("#{}/{field}", self.pointer),
            detail,
        }])
    }

    /// Returns the users it is for, each of whom the caller may send to.
    async fn users(&self, state: &ServerState, caller: &Caller) -> Result<Vec<String>, ApiError> {
        let (field, users) = match &self.recipients {
            Recipients::Sender => return own(caller),
            Recipients::One(user) if *user == caller.user => return own(caller),
            Recipients::One(user) => ("user", vec![user.clone()]),
            Recipients::Several(users) => ("users", users.clone()),
            Recipients::All => ("users", Vec::new()),
        };
        if !caller.may_publish() {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "Only a publisher may make to-dos for others: whose token has the scope `publish`.",
            ));
        }
        if self.recipients == Recipients::All {
            return self.all(state).await;
        }
        match users.iter().find(|user| !state.auth.accepts(user)) {
            Some(user) => Err(self.fault(
                field,
                format!(
                    "{user:?} is no user of this server (`create_users = true` in users.toml \
                     takes any)"
                ),
            )),
            None => Ok(users),
        }
    }

    async fn all(&self, state: &ServerState) -> Result<Vec<String>, ApiError> {
        let mut users: BTreeSet<String> = state.auth.names();
        users.extend(
            state
                .log
                .users()
                .await?
                .into_iter()
                .filter(|user| state.auth.accepts(user)),
        );
        if users.is_empty() {
            return Err(self.fault("users", "there is no user yet".to_owned()));
        }
        Ok(users.into_iter().collect())
    }
}

/// The caller alone, who may make to-dos for their own use.
fn own(caller: &Caller) -> Result<Vec<String>, ApiError> {
    caller.require_any([Scope::Read, Scope::Publish])?;
    Ok(vec![caller.user.clone()])
}

/// The writes of one request.
#[derive(Default)]
struct Writes {
    writes: Vec<TodoWrite>,
    named: HashSet<(String, String)>,
    text: usize,
}

impl Writes {
    fn add(
        &mut self,
        sent: &Sent,
        users: Vec<String>,
        caller: &Caller,
        condition: &WriteCondition,
    ) -> Result<(), ApiError> {
        self.text += users.len() * sent.draft.text();
        if self.writes.len() + users.len() > MAX_TODOS || self.text > MAX_TEXT {
            return Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!(
                    "A request may make {MAX_TODOS} to-dos at most, of {} MiB in all.",
                    MAX_TEXT >> 20
                ),
            ));
        }
        for user in users {
            if !self.named.insert((user.clone(), sent.id.clone())) {
                let detail = format!("{user} is to get two to-dos with this id");
                return Err(sent.fault("id", detail));
            }
            self.writes.push(TodoWrite {
                address: TodoAddress::Sent {
                    user,
                    owner: caller.user.clone(),
                    id: sent.id.clone(),
                },
                edit: TodoEdit::Upsert(sent.draft.clone()),
                condition: condition.clone(),
            });
        }
        Ok(())
    }
}

async fn write(
    state: &ServerState,
    caller: &Caller,
    writes: Writes,
) -> Result<Vec<PutOutcome>, ApiError> {
    state.count_publishing(caller, writes.writes.len())?;
    let put = state.log.write(writes.writes).await;
    // What is made or replaced cannot be missing.
    put.map_err(|error| ApiError::of_write(error, ""))
}
