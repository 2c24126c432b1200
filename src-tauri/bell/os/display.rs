//! Whether there is anything to draw on.

/// Looks for a display, so that its absence can be said in a sentence before anything is started.
///
/// # Errors
/// Why there is none.
#[cfg(target_os = "linux")]
pub fn look_for() -> Result<(), String> {
    linux::look_for(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Elsewhere there always is one.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn look_for() -> Result<(), String> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{os::unix::net::UnixStream, path::Path};

    /// A display that this environment names, and that answers.
    pub fn look_for(variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        let (wayland, x11) = (variable("WAYLAND_DISPLAY"), variable("DISPLAY"));
        let mut why = "neither WAYLAND_DISPLAY nor DISPLAY is set".to_owned();
        if let Some(name) = wayland {
            let folder = variable("XDG_RUNTIME_DIR").unwrap_or_default();
            let path = Path::new(&folder).join(&name);
            match UnixStream::connect(&path) {
                Ok(_) => return Ok(()),
                Err(error) => why = format!("WAYLAND_DISPLAY={name}: {error}"),
            }
        }
        let Some(name) = x11 else { return Err(why) };
        let Some(number) = local(&name) else {
            // On another computer: the window finds out.
            return Ok(());
        };
        connect_x11(number).map_err(|error| format!("DISPLAY={name}: {error}"))
    }

    /// The number of a display on this computer.
    fn local(name: &str) -> Option<u32> {
        let (host, display) = name.rsplit_once(':')?;
        let number = display.split('.').next()?.parse().ok()?;
        matches!(host, "" | "unix").then_some(number)
    }

    fn connect_x11(number: u32) -> std::io::Result<()> {
        use std::os::{linux::net::SocketAddrExt as _, unix::net::SocketAddr};

        let path = format!("/tmp/.X11-unix/X{number}");
        if UnixStream::connect_addr(&SocketAddr::from_abstract_name(&path)?).is_ok() {
            return Ok(());
        }
        UnixStream::connect(&path).map(drop)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_display_has_to_be_named_and_to_answer() {
            let none = look_for(|_| None).unwrap_err();
            assert!(none.contains("DISPLAY"), "{none}");
            let gone = look_for(|name| (name == "DISPLAY").then(|| ":4711".to_owned()));
            assert!(gone.unwrap_err().starts_with("DISPLAY=:4711: "));
            let gone = look_for(|name| match name {
                "WAYLAND_DISPLAY" => Some("wayland-9".to_owned()),
                "XDG_RUNTIME_DIR" => Some("/nowhere".to_owned()),
                _ => None,
            });
            assert!(gone.unwrap_err().starts_with("WAYLAND_DISPLAY=wayland-9: "));
        }

        #[test]
        fn one_on_another_computer_is_left_to_the_window() {
            assert_eq!(local("elsewhere:0.0"), None);
            assert_eq!(local(":12.1"), Some(12));
            assert_eq!(local("unix:3"), Some(3));
        }
    }
}
