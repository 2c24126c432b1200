//! What the user set: `settings.toml`.

mod error;
pub(crate) mod file;
pub(crate) mod merge;
mod quiet;
mod retention;
mod schema;
mod sound;
pub(crate) mod three_way;
mod validate;

pub use belldot_wire::{Network, Proxy, ProxyServer};
pub use error::{SettingsError, ValidationError};
pub use file::SettingsFile;
pub use quiet::{Day, QuietHours};
pub use retention::Retention;
pub use schema::{General, Language, Notifications, Settings, Theme};
pub use sound::{Sound, Sounds};
