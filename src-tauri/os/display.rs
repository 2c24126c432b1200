//! Whether there is anything to draw on.

/// Looks for a display, so that its absence can be said in a sentence: the toolkit would only
/// panic. Call on the main thread.
///
/// # Errors
/// Why there is none.
pub fn look_for() -> Result<(), String> {
    #[cfg(target_os = "linux")]
    gtk::init().map_err(|error| error.to_string())?;
    Ok(())
}
