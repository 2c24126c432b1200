//! `/api/v1/todos` and `/api/v1/read`: reading, changing and deleting to-dos.
//!
//! A to-do has two views. Its person has it under an id that is unique among the person's. Its
//! owner, who sent it, has it under an id of its own, together with the user it was sent to
//! (`?user=`).

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use belldot_wire::{FieldError, Status};
use serde::{Deserialize, Serialize};

use crate::auth::{Caller, Scope};
use crate::body::JsonBody;
use crate::draft::PatchRequest;
use crate::edit::TodoEdit;
use crate::etag::{IfMatch, IfNoneMatch, etag};
use crate::fields::name_fault;
use crate::log::{
    Audience, EntryView, ListOptions, TodoAddress, TodoEntry, TodoWrite, WriteCondition,
};
use crate::number::{MAX_SEQ, whole_number};
use crate::problem::ApiError;
use crate::query::{NoQuery, StrictQuery, UserName};
use crate::state::ServerState;

/// Who asks, as `?sender=` has it.
const ME: &str = "me";

/// Whoever may make to-dos may look after those they made: for others, or for themselves.
const SENDING: [Scope; 2] = [Scope::Read, Scope::Publish];

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;

/// The query of a request for one to-do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressQuery {
    /// To whom the caller sent it; absent for one of the caller's own.
    user: Option<UserName>,
}

impl AddressQuery {
    /// # Errors
    /// 403 if the caller's token is not for that.
    fn address(self, caller: Caller, id: String) -> Result<TodoAddress, ApiError> {
        match self.user {
            Some(UserName(user)) => {
                caller.require_any(SENDING)?;
                Ok(TodoAddress::Sent {
                    user,
                    owner: caller.user,
                    id,
                })
            }
            None => {
                caller.require(Scope::Read)?;
                Ok(TodoAddress::Of {
                    user: caller.user,
                    id,
                })
            }
        }
    }
}

/// Returns what `caller` sees of an entry: as its person, where it is the caller's own.
pub(crate) fn view(entry: TodoEntry, caller: &Caller) -> EntryView {
    if entry.user == caller.user {
        entry.for_user()
    } else {
        entry.for_owner()
    }
}

fn view_at(entry: TodoEntry, address: &TodoAddress) -> EntryView {
    match address {
        TodoAddress::Of { .. } => entry.for_user(),
        TodoAddress::Sent { .. } => entry.for_owner(),
    }
}

pub(crate) async fn one(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    seen: IfNoneMatch,
    StrictQuery(query): StrictQuery<AddressQuery>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let id = path_id(id)?;
    let address = query.address(caller, id.clone())?;
    let entry = state.log.get(&address).await?;
    let entry = entry.ok_or_else(|| ApiError::todo_not_found(&id))?;
    let tag = [(ETAG, etag(entry.seq))];
    if seen.has(entry.seq) {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok((tag, Json(view_at(entry, &address))).into_response())
}

pub(crate) async fn change(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    IfMatch(condition): IfMatch,
    StrictQuery(query): StrictQuery<AddressQuery>,
    id: Result<Path<String>, PathRejection>,
    JsonBody(patch): JsonBody<PatchRequest>,
) -> Result<Response, ApiError> {
    let id = path_id(id)?;
    let edit = patch.revision().map_err(ApiError::fields)?.into_edit();
    let address = query.address(caller, id.clone())?;
    let entry = write(&state, address.clone(), edit, condition, &id).await?;
    let tag = [(ETAG, etag(entry.seq))];
    Ok((tag, Json(view_at(entry, &address))).into_response())
}

pub(crate) async fn delete(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    IfMatch(condition): IfMatch,
    StrictQuery(query): StrictQuery<AddressQuery>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let id = path_id(id)?;
    let address = query.address(caller, id.clone())?;
    write(&state, address, TodoEdit::Delete, condition, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn write(
    state: &ServerState,
    address: TodoAddress,
    edit: TodoEdit,
    condition: WriteCondition,
    id: &str,
) -> Result<TodoEntry, ApiError> {
    let write = TodoWrite {
        address,
        edit,
        condition,
    };
    let put = state.log.write(vec![write]).await;
    let put = put.map_err(|error| ApiError::of_write(error, id))?.pop();
    put.map(|put| put.into_entry())
        .ok_or_else(|| ApiError::todo_not_found(id))
}

/// The body of `POST /api/v1/read`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadAllRequest {
    /// The newest event the user has seen; later ones stay unread. Without it: all are read.
    #[serde(default, deserialize_with = "whole_number")]
    up_to: Option<i64>,
}

#[derive(Serialize)]
pub(crate) struct ReadAllResponse {
    /// The number of to-dos that were unread.
    changed: usize,
}

pub(crate) async fn read_all(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    StrictQuery(NoQuery {}): StrictQuery<NoQuery>,
    JsonBody(request): JsonBody<ReadAllRequest>,
) -> Result<Json<ReadAllResponse>, ApiError> {
    caller.require(Scope::Read)?;
    let up_to = match request.up_to {
        Some(up_to) => u64::try_from(up_to).map_err(|_| {
            ApiError::fields(vec![FieldError {
                pointer: "#/up_to".to_owned(),
                detail: "is the id of an event, and not negative".to_owned(),
            }])
        })?,
        None => MAX_SEQ,
    };
    let changed = state.log.read_all(&caller.user, up_to).await?;
    Ok(Json(ReadAllResponse { changed }))
}

/// The query of `GET /api/v1/todos`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// `me`: what the caller sent, instead of what waits for the caller.
    sender: Option<String>,
    /// What the caller sent to this user.
    user: Option<UserName>,
    status: Option<Status>,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// One page of to-dos, in order of their last change.
#[derive(Serialize)]
pub(crate) struct ListResponse {
    todos: Vec<EntryView>,
    /// The `after` of the next page, if there is one.
    next: Option<u64>,
}

pub(crate) async fn list(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    StrictQuery(query): StrictQuery<ListQuery>,
) -> Result<Json<ListResponse>, ApiError> {
    let wrong = |detail| Err(ApiError::new(StatusCode::BAD_REQUEST, detail));
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return wrong(format!("limit is from 1 to {MAX_LIMIT}, not {limit}."));
    }
    if query.after > MAX_SEQ {
        return wrong(format!("after is at most {MAX_SEQ}, not {}.", query.after));
    }
    let sender = query
        .sender
        .or_else(|| query.user.as_ref().map(|_| ME.to_owned()));
    let audience = audience(&caller, sender.as_deref())?;
    let options = ListOptions {
        status: query.status,
        user: query.user.map(|UserName(user)| user),
        after: query.after,
        limit,
    };
    let page = state.log.list(&audience, options).await?;
    let view = |entry: TodoEntry| match audience {
        Audience::User(_) => entry.for_user(),
        Audience::Owner(_) => entry.for_owner(),
    };
    Ok(Json(ListResponse {
        todos: page.entries.into_iter().map(view).collect(),
        next: page.next,
    }))
}

/// Returns whose to-dos `?sender=` asks for: with `me`, those that the caller sent.
///
/// # Errors
/// 403 if they are another's, or the caller's token is not for that.
pub(crate) fn audience(caller: &Caller, sender: Option<&str>) -> Result<Audience, ApiError> {
    match sender {
        None => {
            caller.require(Scope::Read)?;
            Ok(Audience::User(caller.user.clone()))
        }
        Some(sender) if sender == ME || sender == caller.user => {
            caller.require_any(SENDING)?;
            Ok(Audience::Owner(caller.user.clone()))
        }
        Some(_) => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "Only what you sent yourself is shown to you: sender=me.",
        )),
    }
}

fn path_id(id: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    match id {
        Ok(Path(id)) if name_fault(&id).is_some() => Err(ApiError::todo_not_found(&id)),
        Ok(Path(id)) => Ok(id),
        Err(error) => Err(ApiError::new(StatusCode::BAD_REQUEST, error.body_text())),
    }
}
