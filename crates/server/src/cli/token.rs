//! `belldot-server token`.

use belldot_server::new_token;
use clap::Args;

/// What a new token is for.
#[derive(Args)]
pub(super) struct TokenOptions {
    /// Whose it is
    user: String,
    /// What it allows: read (one's own to-dos), publish (to-dos for others), admin (the figures of
    /// all)
    #[arg(
        long,
        value_name = "SCOPES",
        default_value = "read",
        value_delimiter = ','
    )]
    #[arg(value_parser = ["read", "publish", "admin"])]
    scopes: Vec<String>,
}

/// Makes a token, and gives what to print: the token, and its entry for `users.toml`.
pub(super) fn make(options: &TokenOptions) -> Result<String, String> {
    let (token, hash) = new_token();
    let user = toml::Value::from(options.user.as_str());
    let scopes = toml::Value::from(options.scopes.clone());
    Ok(format!(
        "# The token of {user}. It is shown this once:\n# {token}\n[[tokens]]\nsha256 = \
         \"{hash}\"\nuser = {user}\nscopes = {scopes}\n"
    ))
}
