//! What no settings may say.

use crate::words::Words;

/// Something that no settings may say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A source has no name.
    #[error("the source `{id}` has no name")]
    NoName {
        /// Its id.
        id: String,
    },
    /// An id is not made of lower-case letters, digits and hyphens.
    #[error("`{id}` is no id: lower-case letters, digits and hyphens only, at most 64")]
    NotAnId {
        /// The id.
        id: String,
    },
    /// Two sources have the same id.
    #[error("two sources have the id `{id}`")]
    SameId {
        /// The id.
        id: String,
    },
    /// Not a JSON Pointer.
    #[error("`{pointer}` of the source `{source_name}` is not a JSON Pointer")]
    NotAPointer {
        /// The source's name.
        source_name: String,
        /// What stands there.
        pointer: String,
    },
    /// A rule about what to leave out that would leave out everything.
    #[error("a `skip` of the source `{source_name}` says nothing, and would leave out everything")]
    SkipsAll {
        /// The source's name.
        source_name: String,
    },
    /// A request header whose name or value HTTP does not allow (RFC 9110, sections 5.1 and 5.5).
    #[error("the header `{name}` of the source `{source_name}` is not one that HTTP allows")]
    NotAHeader {
        /// The source's name.
        source_name: String,
        /// The header's name.
        name: String,
    },
    /// A request header that Belldot sets itself.
    #[error("the header `{name}` of the source `{source_name}` is set by the program itself")]
    OwnHeader {
        /// The source's name.
        source_name: String,
        /// The header's name.
        name: String,
    },
    /// A user's name that Basic cannot carry (RFC 7617, section 2).
    #[error("the user's name of the source `{source_name}` has a colon or a control character")]
    NotAUser {
        /// The source's name.
        source_name: String,
    },
    /// Not the name of a time zone.
    #[error("`{zone}` of the source `{source_name}` is not the name of a time zone")]
    NotAZone {
        /// The source's name.
        source_name: String,
        /// What stands there.
        zone: String,
    },
    /// Not the address of a proxy.
    #[error("{url} is not the address of a proxy")]
    NotAProxy {
        /// What stands there.
        url: String,
    },
    /// Quiet hours that never come.
    #[error("quiet hours need two different times, or days")]
    NeverQuiet,
    /// More or less than the origin of web pages.
    #[error("{url} of the source `{source_name}` is not an origin: scheme, host and port only")]
    NotAnOrigin {
        /// The source's name.
        source_name: String,
        /// What stands there.
        url: String,
    },
    /// An address that is not http or https.
    #[error("{url} is not an http or https address")]
    NotHttp {
        /// The source's name.
        name: String,
        /// The address.
        url: String,
    },
}

impl Wrong {
    /// The sentence for the user.
    pub fn say(&self, words: &Words) -> String {
        match self {
            Self::NoName { id } => {
                words.say("error-settings-no-name", &[("id", id.as_str().into())])
            }
            Self::NotAnId { id } => {
                words.say("error-settings-not-an-id", &[("id", id.as_str().into())])
            }
            Self::SameId { id } => {
                words.say("error-settings-same-id", &[("id", id.as_str().into())])
            }
            Self::NotAPointer {
                source_name,
                pointer,
            } => words.say(
                "error-settings-not-a-pointer",
                &[
                    ("source", source_name.as_str().into()),
                    ("pointer", pointer.as_str().into()),
                ],
            ),
            Self::SkipsAll { source_name } => words.say(
                "error-settings-skips-all",
                &[("source", source_name.as_str().into())],
            ),
            Self::NotAHeader { source_name, name } => words.say(
                "error-settings-not-a-header",
                &[
                    ("source", source_name.as_str().into()),
                    ("name", name.as_str().into()),
                ],
            ),
            Self::OwnHeader { source_name, name } => words.say(
                "error-settings-own-header",
                &[
                    ("source", source_name.as_str().into()),
                    ("name", name.as_str().into()),
                ],
            ),
            Self::NotAUser { source_name } => words.say(
                "error-settings-not-a-user",
                &[("source", source_name.as_str().into())],
            ),
            Self::NotAZone { source_name, zone } => words.say(
                "error-settings-not-a-zone",
                &[
                    ("source", source_name.as_str().into()),
                    ("zone", zone.as_str().into()),
                ],
            ),
            Self::NotAProxy { url } => words.say(
                "error-settings-not-a-proxy",
                &[("url", url.as_str().into())],
            ),
            Self::NeverQuiet => words.say("error-settings-never-quiet", &[]),
            Self::NotAnOrigin { source_name, url } => words.say(
                "error-settings-not-an-origin",
                &[
                    ("source", source_name.as_str().into()),
                    ("url", url.as_str().into()),
                ],
            ),
            Self::NotHttp { name, url } => words.say(
                "error-settings-not-http",
                &[
                    ("source", name.as_str().into()),
                    ("url", url.as_str().into()),
                ],
            ),
        }
    }
}
