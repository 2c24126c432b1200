//! Why settings are refused.

/// Why settings could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The path of the file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is something else than a file: a pipe, a device, a folder.
    #[error("{path} is no regular file")]
    NotAFile {
        /// The path of the file.
        path: String,
    },
    /// The administrator's policy is broken, so nothing can be changed.
    #[error("the settings are locked, since the policy of this machine is broken")]
    Locked,
    /// The file is no TOML, or has a key or a value that there is not.
    #[error("{path}, line {line}: {message}")]
    Invalid {
        /// The path of the file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A setting in the file is well-formed and not valid.
    #[error("{path}, line {line}: {error}")]
    ValidationInFile {
        /// The path of the file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        error: ValidationError,
    },
    /// The settings given are not valid.
    #[error("{0}")]
    Validation(#[from] ValidationError),
    /// The network settings cannot be used.
    #[error("{0}")]
    Network(String),
}

/// Why settings are not valid, though their types are right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidationError {
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
    /// A `skip` rule without a condition, which would skip every event.
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
    /// Quiet hours with neither hours nor days.
    #[error("quiet hours need two different times, or days")]
    NeverQuiet,
    /// Not the origin of web pages: scheme, host and port only.
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
