//! What the bell stands on. No panel tells a tray item its colour, so it is guessed from the
//! desktop and its theme.

use gtk::prelude::GtkSettingsExt as _;

use super::drawing::Panel;

/// Desktops whose panel is dark whatever the theme.
const ALWAYS_DARK: [&str; 5] = ["GNOME", "Unity", "Pantheon", "COSMIC", "Budgie"];

/// What the panel most likely looks like. Call on the main thread.
pub fn guess() -> Panel {
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let theme = gtk::Settings::default().map(|settings| Theme {
        name: settings
            .gtk_theme_name()
            .map(Into::into)
            .unwrap_or_default(),
        prefers_dark: settings.is_gtk_application_prefer_dark_theme(),
    });
    if desktop.split(':').any(|name| name == "XFCE")
        && let Some(dark) = xfce_dark_mode()
    {
        return if dark { Panel::Dark } else { Panel::Light };
    }
    panel(&desktop, &theme.unwrap_or_default())
}

/// Calls back on the main thread whenever the guess may have changed. Call on the main thread.
pub fn watch(changed: impl Fn(Panel) + 'static) {
    let Some(settings) = gtk::Settings::default() else {
        return;
    };
    let changed = std::rc::Rc::new(changed);
    let again = changed.clone();
    settings.connect_gtk_theme_name_notify(move |_| again(guess()));
    settings.connect_gtk_application_prefer_dark_theme_notify(move |_| changed(guess()));
}

/// XFCE's panel has a dark mode of its own, apart from the theme.
fn xfce_dark_mode() -> Option<bool> {
    let connection = zbus::blocking::Connection::session().ok()?;
    let property = ("xfce4-panel", "/panels/dark-mode");
    let xfconf = "org.xfce.Xfconf";
    let reply = connection
        .call_method(
            Some(xfconf),
            "/org/xfce/Xfconf",
            Some(xfconf),
            "GetProperty",
            &property,
        )
        .ok()?;
    let body = reply.body();
    bool::try_from(body.deserialize::<zbus::zvariant::Value<'_>>().ok()?).ok()
}

#[derive(Default)]
struct Theme {
    name: String,
    prefers_dark: bool,
}

fn panel(desktop: &str, theme: &Theme) -> Panel {
    let always_dark = desktop.split(':').any(|name| ALWAYS_DARK.contains(&name));
    let dark_theme = theme.prefers_dark || theme.name.to_lowercase().contains("dark");
    if always_dark || dark_theme {
        Panel::Dark
    } else {
        Panel::Light
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(name: &str) -> Theme {
        Theme {
            name: name.to_owned(),
            prefers_dark: false,
        }
    }

    #[test]
    fn gnomes_panel_is_dark_under_a_light_theme() {
        assert_eq!(panel("ubuntu:GNOME", &theme("Yaru")), Panel::Dark);
    }

    #[test]
    fn elsewhere_the_theme_decides() {
        assert_eq!(panel("XFCE", &theme("Adwaita")), Panel::Light);
        assert_eq!(panel("XFCE", &theme("Adwaita-dark")), Panel::Dark);
        assert_eq!(
            panel(
                "KDE",
                &Theme {
                    prefers_dark: true,
                    ..theme("Breeze")
                }
            ),
            Panel::Dark
        );
    }
}
