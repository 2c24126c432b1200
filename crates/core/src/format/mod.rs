//! How a source's events become changes.
//!
//! [`decode()`] never fails and never panics, whatever a server sends: what it cannot use it leaves
//! out field by field, and what it does not understand at all it says.

mod auto;
mod change;
mod clean;
mod cloudevents;
mod control;
mod counts;
mod decode;
mod decoded;
mod draft;
mod envelope;
mod excerpt;
mod fields;
mod home_assistant;
mod html;
mod json;
mod map;
mod names;
mod ntfy;
mod operation;
mod pointer;
mod preview;
mod priority;
mod since;
mod skip;
mod status;
mod teach;
mod text;
mod times;
mod todo;
mod todo_object;
mod tree;
mod wikimedia;

pub use change::Change;
pub use decode::{Format, decode, decode_in};
pub use decoded::{Cursor, Decoded, Seen};
pub use draft::Draft;
pub use excerpt::Excerpt;
pub(crate) use excerpt::excerpt;
pub use fields::MOST as MOST_COUNTED;
pub use map::{JsonMap, Part};
pub use preview::{Preview, PreviewRow, preview};
pub use since::{SINCE, split_since};
pub use skip::Skip;
pub use teach::{Lesson, teach};
pub(crate) use text::own_id;
pub use tree::{Node, NodeKind};
