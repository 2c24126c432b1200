//! `/api/v1/todos` and `/api/v1/read`: making, changing and reading to-dos.

use axum::Json as JsonAnswer;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use belldot_wire::{Status, Todo, TodoPatch};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::Shared;
use crate::body::Json;
use crate::edit::{Edit, NewTodo};
use crate::log::{Put, Wanted};
use crate::problem::Refusal;
use crate::users::Caller;

const USUAL_LIMIT: usize = 100;
const LARGEST_LIMIT: usize = 1_000;

pub(crate) async fn create(
    State(app): State<Shared>,
    caller: Caller,
    Json(mut new): Json<NewTodo>,
) -> Result<Response, Refusal> {
    let user = new.user.clone().unwrap_or_else(|| caller.user.clone());
    let id = new
        .id
        .get_or_insert_with(|| Uuid::now_v7().to_string())
        .clone();
    let draft = new.draft().map_err(Refusal::fields)?;
    if user != caller.user && !caller.publisher {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "Only a publisher may make to-dos for others; `publisher = true` in users.toml makes \
             one.",
        ));
    }
    match app.log.put(&user, &id, Edit::Upsert(draft)).await? {
        Put::Created(todo) => {
            let place = format!(
                "/api/v1/todos/{}",
                utf8_percent_encode(&id, NON_ALPHANUMERIC)
            );
            Ok((StatusCode::CREATED, [(LOCATION, place)], JsonAnswer(todo)).into_response())
        }
        Put::Changed(todo) | Put::Unchanged(todo) => Ok(JsonAnswer(todo).into_response()),
        Put::Unknown => Err(Refusal::no_such_todo(&id)),
    }
}

pub(crate) async fn change(
    State(app): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    Json(patch): Json<TodoPatch>,
) -> Result<JsonAnswer<Todo>, Refusal> {
    let id = named(id)?;
    match app.log.put(&caller.user, &id, Edit::Patch(patch)).await? {
        Put::Created(todo) | Put::Changed(todo) | Put::Unchanged(todo) => Ok(JsonAnswer(todo)),
        Put::Unknown => Err(Refusal::no_such_todo(&id)),
    }
}

/// The body of `POST /api/v1/read`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// The newest event its person has seen; what came later stays unread. Without it: all.
    up_to: Option<u64>,
}

#[derive(Serialize)]
pub(crate) struct Changed {
    /// How many to-dos were unread, and are read now.
    changed: usize,
}

pub(crate) async fn read_all(
    State(app): State<Shared>,
    caller: Caller,
    Json(seen): Json<Seen>,
) -> Result<JsonAnswer<Changed>, Refusal> {
    let up_to = seen.up_to.unwrap_or(u64::MAX);
    let changed = app.log.read_all(&caller.user, up_to).await?;
    Ok(JsonAnswer(Changed { changed }))
}

pub(crate) async fn one(
    State(app): State<Shared>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<JsonAnswer<Todo>, Refusal> {
    let id = named(id)?;
    let todo = app.log.get(&caller.user, &id).await?;
    todo.map(JsonAnswer)
        .ok_or_else(|| Refusal::no_such_todo(&id))
}

/// Which to-dos are asked for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    status: Option<Status>,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// One page of the to-dos, in order of their last change.
#[derive(Serialize)]
pub(crate) struct Listed {
    todos: Vec<Todo>,
    /// What to ask for as `after`, if there is more.
    next: Option<u64>,
}

pub(crate) async fn list(
    State(app): State<Shared>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<JsonAnswer<Listed>, Refusal> {
    let Query(asked) =
        asked.map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let limit = asked.limit.unwrap_or(USUAL_LIMIT).clamp(1, LARGEST_LIMIT);
    let wanted = Wanted {
        status: asked.status,
        after: asked.after,
        limit,
    };
    let page = app.log.list(&caller.user, wanted).await?;
    Ok(JsonAnswer(Listed {
        todos: page.todos,
        next: page.next,
    }))
}

fn named(id: Result<Path<String>, PathRejection>) -> Result<String, Refusal> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(error) => Err(Refusal::new(StatusCode::BAD_REQUEST, error.body_text())),
    }
}
