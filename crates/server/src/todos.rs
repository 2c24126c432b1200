//! `/api/v1/todos` and `/api/v1/read`: creating, changing and reading to-dos.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use belldot_wire::{Status, Todo, TodoPatch};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::{Caller, Scope};
use crate::body::JsonBody;
use crate::edit::{NewTodo, TodoEdit};
use crate::log::{ListOptions, PutOutcome};
use crate::problem::ApiError;
use crate::state::ServerState;

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;

pub(crate) async fn create(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    JsonBody(mut new): JsonBody<NewTodo>,
) -> Result<Response, ApiError> {
    let user = new.user.clone().unwrap_or_else(|| caller.user.clone());
    let id = new
        .id
        .get_or_insert_with(|| Uuid::now_v7().to_string())
        .clone();
    let draft = new.draft().map_err(ApiError::fields)?;
    if user == caller.user {
        caller.require_any([Scope::Read, Scope::Publish])?;
    } else if !caller.may_publish() {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "Only a publisher may make to-dos for others: whose token has the scope `publish`.",
        ));
    }
    state.count_publishing(&caller)?;
    match state.log.put(&user, &id, TodoEdit::Upsert(draft)).await? {
        PutOutcome::Created(todo) => {
            let place = format!(
                "/api/v1/todos/{}",
                utf8_percent_encode(&id, NON_ALPHANUMERIC)
            );
            Ok((StatusCode::CREATED, [(LOCATION, place)], Json(todo)).into_response())
        }
        PutOutcome::Changed(todo) | PutOutcome::Unchanged(todo) => Ok(Json(todo).into_response()),
        PutOutcome::Unknown => Err(ApiError::todo_not_found(&id)),
    }
}

pub(crate) async fn change(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    JsonBody(patch): JsonBody<TodoPatch>,
) -> Result<Json<Todo>, ApiError> {
    caller.require(Scope::Read)?;
    let id = path_id(id)?;
    match state
        .log
        .put(&caller.user, &id, TodoEdit::Patch(patch))
        .await?
    {
        PutOutcome::Created(todo) | PutOutcome::Changed(todo) | PutOutcome::Unchanged(todo) => {
            Ok(Json(todo))
        }
        PutOutcome::Unknown => Err(ApiError::todo_not_found(&id)),
    }
}

/// The body of `POST /api/v1/read`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadAllRequest {
    /// The newest event the user has seen; later ones stay unread. Without it: all are read.
    up_to: Option<u64>,
}

#[derive(Serialize)]
pub(crate) struct ReadAllResponse {
    /// The number of to-dos that were unread.
    changed: usize,
}

pub(crate) async fn read_all(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    JsonBody(request): JsonBody<ReadAllRequest>,
) -> Result<Json<ReadAllResponse>, ApiError> {
    caller.require(Scope::Read)?;
    let up_to = request.up_to.unwrap_or(u64::MAX);
    let changed = state.log.read_all(&caller.user, up_to).await?;
    Ok(Json(ReadAllResponse { changed }))
}

pub(crate) async fn one(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Todo>, ApiError> {
    caller.require(Scope::Read)?;
    let id = path_id(id)?;
    let todo = state.log.get(&caller.user, &id).await?;
    todo.map(Json).ok_or_else(|| ApiError::todo_not_found(&id))
}

/// The query of `GET /api/v1/todos`.
#[derive(Deserialize)]
pub(crate) struct ListQuery {
    status: Option<Status>,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// One page of to-dos, in order of their last change.
#[derive(Serialize)]
pub(crate) struct ListResponse {
    todos: Vec<Todo>,
    /// The `after` of the next page, if there is one.
    next: Option<u64>,
}

pub(crate) async fn list(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<ListResponse>, ApiError> {
    caller.require(Scope::Read)?;
    let Query(query) =
        query.map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let options = ListOptions {
        status: query.status,
        after: query.after,
        limit,
    };
    let page = state.log.list(&caller.user, options).await?;
    Ok(Json(ListResponse {
        todos: page.todos,
        next: page.next,
    }))
}

fn path_id(id: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(error) => Err(ApiError::new(StatusCode::BAD_REQUEST, error.body_text())),
    }
}
