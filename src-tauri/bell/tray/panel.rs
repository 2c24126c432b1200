//! What the bell stands on. No panel tells a tray item its colour, so it is guessed from the
//! desktop and its theme.

use std::time::Duration;

use futures_util::{Stream, StreamExt as _, stream};
use tokio::{runtime::Handle, time::timeout};
use zbus::{
    Connection, MatchRule, MessageStream,
    message::Type,
    zvariant::{OwnedValue, Value},
};

use super::{drawing::Panel, xsettings};
use crate::os::bus;

/// Desktops whose panel is dark whatever the theme.
const ALWAYS_DARK: [&str; 5] = ["GNOME", "Unity", "Pantheon", "COSMIC", "Budgie"];

/// How long the first bell waits for the guess.
const PATIENCE: Duration = Duration::from_millis(500);

/// What the panel most likely looks like. Call outside of the runtime.
pub fn guess(runtime: &Handle) -> Panel {
    runtime.block_on(async {
        let asked = timeout(PATIENCE, ask()).await;
        asked.unwrap_or_else(|_| panel(&desktop(), &PanelTheme::named("")))
    })
}

/// Calls back whenever the guess may have changed.
pub fn watch(runtime: &Handle, changed: impl Fn(Panel) + Send + 'static) {
    runtime.spawn(async move {
        let Ok(mut changes) = changes().await else {
            return;
        };
        while changes.next().await.is_some() {
            let panel = ask().await;
            changed(panel);
        }
    });
}

async fn ask() -> Panel {
    let desktop = desktop();
    let screen = tokio::task::spawn_blocking(xsettings::theme).await;
    let mut theme = PanelTheme::named(&screen.ok().flatten().unwrap_or_default());
    let Ok(bus) = bus::session().await else {
        return panel(&desktop, &theme);
    };
    if desktop.split(':').any(|name| name == "XFCE") {
        // Its panel has a dark mode of its own, apart from the theme.
        let dark = of_xfce(&bus, "xfce4-panel", "/panels/dark-mode").await;
        if let Some(dark) = dark.and_then(|dark| bool::try_from(dark).ok()) {
            return if dark { Panel::Dark } else { Panel::Light };
        }
        let name = of_xfce(&bus, "xsettings", "/Net/ThemeName").await;
        if let Some(name) = name.and_then(|name| String::try_from(name).ok()) {
            theme.name = name;
        }
    }
    theme.prefers_dark = prefers_dark(&bus).await.unwrap_or(false);
    panel(&desktop, &theme)
}

fn desktop() -> String {
    std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default()
}

/// Where XFCE and the portal tell of changes.
async fn changes() -> zbus::Result<impl Stream + Unpin> {
    let bus = bus::session().await?;
    let xfce = signals(&bus, XFCONF, "PropertyChanged").await?;
    let portal = signals(&bus, PORTAL, "SettingChanged").await?;
    Ok(stream::select(xfce, portal))
}

async fn signals(
    bus: &Connection,
    interface: &'static str,
    member: &'static str,
) -> zbus::Result<MessageStream> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface(interface)?
        .member(member)?
        .build();
    MessageStream::for_match_rule(rule, bus, None).await
}

const XFCONF: &str = "org.xfce.Xfconf";

async fn of_xfce(bus: &Connection, channel: &str, property: &str) -> Option<Value<'static>> {
    let reply = bus
        .call_method(
            Some(XFCONF),
            "/org/xfce/Xfconf",
            Some(XFCONF),
            "GetProperty",
            &(channel, property),
        )
        .await
        .ok()?;
    let value: OwnedValue = reply.body().deserialize().ok()?;
    Some(value.into())
}

const PORTAL: &str = "org.freedesktop.portal.Settings";

/// What the user prefers, where the desktop has a portal that tells.
async fn prefers_dark(bus: &Connection) -> Option<bool> {
    const DARK: u32 = 1;
    let reply = bus
        .call_method(
            Some("org.freedesktop.portal.Desktop"),
            "/org/freedesktop/portal/desktop",
            Some(PORTAL),
            "Read",
            &("org.freedesktop.appearance", "color-scheme"),
        )
        .await
        .ok()?;
    let value: OwnedValue = reply.body().deserialize().ok()?;
    // Old portals put a variant into a variant.
    let value = match Value::from(value) {
        Value::Value(inner) => *inner,
        value => value,
    };
    Some(u32::try_from(value).ok()? == DARK)
}

struct PanelTheme {
    name: String,
    prefers_dark: bool,
}

impl PanelTheme {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            prefers_dark: false,
        }
    }
}

fn panel(desktop: &str, theme: &PanelTheme) -> Panel {
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

    #[test]
    fn gnomes_panel_is_dark_under_a_light_theme() {
        assert_eq!(
            panel("ubuntu:GNOME", &PanelTheme::named("Yaru")),
            Panel::Dark
        );
    }

    #[test]
    fn elsewhere_the_theme_decides() {
        assert_eq!(panel("XFCE", &PanelTheme::named("Adwaita")), Panel::Light);
        assert_eq!(
            panel("XFCE", &PanelTheme::named("Adwaita-dark")),
            Panel::Dark
        );
        assert_eq!(
            panel(
                "KDE",
                &PanelTheme {
                    prefers_dark: true,
                    ..PanelTheme::named("Breeze")
                }
            ),
            Panel::Dark
        );
    }
}
