//! One to-do as the log keeps it, and whose it is.

use belldot_wire::{Status, Todo, TodoPatch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::edit::TodoEdit;

/// The namespace of the ids that [`TodoAddress::resolve`] derives (UUID version 5).
const DERIVED_IDS: Uuid = Uuid::from_u128(0x0199_a0c4_51d3_7b6e_9f27_6b5a_3d1e_84c2);

/// The title of a to-do that was deleted: nothing of its content is kept.
const DELETED_TITLE: &str = "—";

/// One to-do with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoEntry {
    /// The sequence number of its last change; not part of its JSON.
    #[serde(skip)]
    pub seq: u64,
    /// Whose to-do it is.
    pub user: String,
    /// The user who sent it. `None` if it was stored before owners were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its id among what the owner sent to the user. Nearly always that of `todo`.
    pub owner_id: String,
    /// The to-do as its person sees it; its id is unique among the user's.
    pub todo: Todo,
    /// Whether its owner has deleted it: a tombstone, which tells clients that it is gone.
    #[serde(default)]
    pub deleted: bool,
}

/// A to-do as the log's readers get it, in one of its two views.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryView {
    /// The to-do; its id is the person's or the owner's.
    #[serde(flatten)]
    pub todo: Todo,
    /// Whose it is; in the owner's view only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether it is deleted; only events carry that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl TodoEntry {
    /// Returns what its person sees.
    pub fn for_user(self) -> EntryView {
        EntryView {
            todo: self.todo,
            user: None,
            deleted: self.deleted,
        }
    }

    /// Returns what its owner sees: the owner's id, and whose it is.
    pub fn for_owner(self) -> EntryView {
        EntryView {
            todo: Todo {
                id: self.owner_id,
                ..self.todo
            },
            user: Some(self.user),
            deleted: self.deleted,
        }
    }

    fn is_of(&self, owner: &str) -> bool {
        self.owner.as_deref() == Some(owner)
    }
}

/// Those whom changes concern: who gets a stream of them, and a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The user whose to-dos they are.
    User(String),
    /// The user who sent them, to whomever.
    Owner(String),
}

/// Names one to-do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TodoAddress {
    /// The user's to-do that the user sees under this id.
    Of {
        /// The user.
        user: String,
        /// The id in the user's view.
        id: String,
    },
    /// What the owner sent to the user under this id.
    Sent {
        /// The user.
        user: String,
        /// The owner.
        owner: String,
        /// The id in the owner's view.
        id: String,
    },
}

impl TodoAddress {
    /// The user whose to-do it is.
    pub fn user(&self) -> &str {
        match self {
            Self::Of { user, .. } | Self::Sent { user, .. } => user,
        }
    }

    /// Finds the id in the user's view, and the entry there, if there is one. `find` returns the
    /// entry of an id in the user's view.
    ///
    /// Each owner has a namespace of its own. The id that an owner gives is also the user's, unless
    /// another owner has given it to this user before; then the user's is derived from the owner
    /// and the id, as a UUID.
    ///
    /// # Errors
    /// Those of `find`.
    pub fn resolve<E>(
        &self,
        mut find: impl FnMut(&str) -> Result<Option<TodoEntry>, E>,
    ) -> Result<(String, Option<TodoEntry>), E> {
        let (owner, id) = match self {
            Self::Of { id, .. } => return Ok((id.clone(), find(id)?)),
            Self::Sent { owner, id, .. } => (owner, id),
        };
        let same = find(id)?;
        if same.as_ref().is_some_and(|entry| entry.is_of(owner)) {
            return Ok((id.clone(), same));
        }
        let name = format!("{}\0{owner}{id}", owner.len());
        let derived = Uuid::new_v5(&DERIVED_IDS, name.as_bytes()).to_string();
        let other = find(&derived)?;
        let is_free = same.as_ref().is_none_or(|entry| entry.owner.is_none());
        if other.is_none() && is_free {
            Ok((id.clone(), same))
        } else {
            Ok((derived, other))
        }
    }

    /// Whether this address may read the entry that it was resolved to.
    pub fn reads(&self, entry: &TodoEntry) -> bool {
        !entry.deleted
            && match self {
                Self::Of { .. } => true,
                Self::Sent { owner, .. } => entry.is_of(owner),
            }
    }
}

/// One write to a to-do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodoWrite {
    /// Which to-do.
    pub address: TodoAddress,
    /// What becomes of it.
    pub edit: TodoEdit,
    /// In which states it may be.
    pub condition: WriteCondition,
}

/// The state in which a to-do has to be for a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WriteCondition {
    /// Any, or none.
    #[default]
    Always,
    /// It exists.
    Exists,
    /// Its last change has one of these sequence numbers.
    Seq(Vec<u64>),
}

/// Why a write was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such to-do.
    #[error("there is no such to-do")]
    Unknown,
    /// Its [`WriteCondition`] does not hold.
    #[error("the to-do has changed")]
    Changed,
    /// Only its owner may do that.
    #[error("it belongs to another")]
    NotOwner,
}

impl TodoWrite {
    /// Marks the user's to-do as read.
    pub(crate) fn mark_read(user: &str, id: &str) -> Self {
        let address = TodoAddress::Of {
            user: user.to_owned(),
            id: id.to_owned(),
        };
        let patch = TodoPatch {
            status: None,
            read: Some(true),
        };
        Self::new(address, TodoEdit::Patch(patch))
    }

    /// Makes an unconditional write.
    pub fn new(address: TodoAddress, edit: TodoEdit) -> Self {
        Self {
            address,
            edit,
            condition: WriteCondition::Always,
        }
    }

    /// Returns the entry after this write; its `seq` is still that of `before`. `id` and `before`
    /// are what [`TodoAddress::resolve`] returned.
    ///
    /// # Errors
    /// If the write is refused.
    pub fn apply(
        self,
        id: String,
        before: Option<&TodoEntry>,
        now: Timestamp,
    ) -> Result<TodoEntry, Refusal> {
        let known = before.filter(|entry| !entry.deleted);
        match &self.condition {
            WriteCondition::Always => {}
            WriteCondition::Exists if known.is_some() => {}
            WriteCondition::Seq(any) if known.is_some_and(|entry| any.contains(&entry.seq)) => {}
            _ => return Err(Refusal::Changed),
        }
        let may_create = matches!(self.edit, TodoEdit::Upsert(_));
        let (user, owner, owner_id) = match self.address {
            TodoAddress::Of { user, .. } => {
                let entry = known.ok_or(Refusal::Unknown)?;
                let owned_by_another = entry.owner.as_ref().is_some_and(|owner| *owner != user);
                if owned_by_another && !matches!(self.edit, TodoEdit::Patch(_)) {
                    return Err(Refusal::NotOwner);
                }
                (user, entry.owner.clone(), entry.owner_id.clone())
            }
            TodoAddress::Sent { user, owner, id } => {
                let is_own = known.is_some_and(|entry| entry.is_of(&owner));
                if !may_create && !is_own {
                    return Err(Refusal::Unknown);
                }
                let owner_id = known.map_or(id, |entry| entry.owner_id.clone());
                (user, Some(owner), owner_id)
            }
        };
        let seq = before.map_or(0, |entry| entry.seq);
        let before = known.map(|entry| &entry.todo);
        let deleted = matches!(self.edit, TodoEdit::Delete);
        let todo = match (self.edit, before) {
            (TodoEdit::Delete, Some(before)) => tombstone(before, now),
            (edit, before) => edit.apply(&id, before, now).ok_or(Refusal::Unknown)?,
        };
        Ok(TodoEntry {
            seq,
            user,
            owner,
            owner_id,
            todo,
            deleted,
        })
    }
}

fn tombstone(before: &Todo, now: Timestamp) -> Todo {
    Todo {
        id: before.id.clone(),
        title: DELETED_TITLE.to_owned(),
        body: None,
        url: None,
        priority: before.priority,
        due: None,
        status: Status::Cancelled,
        read: before.read,
        tags: Vec::new(),
        sender: None,
        created: before.created,
        updated: crate::edit::milliseconds(now),
    }
}
