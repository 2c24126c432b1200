//! What the types of the settings alone do not rule out.

use crate::{format::Format, settings::Settings, words::Words};

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

impl Settings {
    /// Checks what the types alone do not rule out; the first thing that is wrong.
    pub fn check(&self) -> Result<(), Wrong> {
        self.first_wrong().map_or(Ok(()), |(_, wrong)| Err(wrong))
    }

    /// The first wrong source by its place, and what is wrong with it.
    pub(super) fn first_wrong(&self) -> Option<(usize, Wrong)> {
        self.sources.iter().enumerate().find_map(|(place, source)| {
            let id = source.id.0.clone();
            let addresses = std::iter::once(&source.url).chain(source.page.as_ref());
            let wrong = if !is_id(&id) {
                Wrong::NotAnId { id }
            } else if self.sources[..place]
                .iter()
                .any(|earlier| earlier.id == source.id)
            {
                Wrong::SameId { id }
            } else if source.name.trim().is_empty() {
                Wrong::NoName { id }
            } else if let Some(url) = addresses.into_iter().find(|url| !is_http(url)) {
                Wrong::NotHttp {
                    name: source.name.clone(),
                    url: url.to_string(),
                }
            } else {
                let Format::Json(map) = &source.format else {
                    return None;
                };
                let pointer = map.pointers().find(|pointer| !is_pointer(pointer))?;
                Wrong::NotAPointer {
                    source_name: source.name.clone(),
                    pointer: pointer.to_owned(),
                }
            };
            Some((place, wrong))
        })
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_http(url: &url::Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// RFC 6901, section 3.
fn is_pointer(text: &str) -> bool {
    let escapes_are_right = || {
        text.split('~')
            .skip(1)
            .all(|rest| rest.starts_with('0') || rest.starts_with('1'))
    };
    (text.is_empty() || text.starts_with('/')) && escapes_are_right()
}
