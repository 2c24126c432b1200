//! What kind of desktop a session is.

/// What a [`Session`](crate::Session) starts with.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// Width and height of the screen, in pixels.
    pub screen: (u16, u16),
    /// The panel with the tray, or none: a desktop without a tray host.
    pub panel: Option<PanelLook>,
    /// Whose panel it is.
    pub host: TrayHost,
    /// Whether a notification daemon runs.
    pub notifier: bool,
    /// Whether a Secret Service with an unlocked, empty login keyring runs.
    pub keyring: bool,
    /// Whether programs may offer themselves to assistive technology (AT-SPI).
    pub accessibility: bool,
    /// The value of `LANG` for all programs, for example `zh_CN.UTF-8`.
    pub language: String,
}

/// Whether the panel is light or dark.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PanelLook {
    /// Dark marks on a light panel.
    #[default]
    Light,
    /// Light marks on a dark panel.
    Dark,
}

/// The desktop whose panel hosts the tray.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum TrayHost {
    /// xfce4-panel, drawn by GTK.
    #[default]
    Xfce,
    /// lxqt-panel, drawn by Qt.
    Lxqt,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            screen: (1280, 800),
            panel: Some(PanelLook::Light),
            host: TrayHost::Xfce,
            notifier: true,
            keyring: false,
            accessibility: false,
            language: "C.UTF-8".to_owned(),
        }
    }
}

impl SessionOptions {
    /// The same desktop without a tray host. [`Session::start_panel`](crate::Session::start_panel)
    /// can bring one later.
    #[must_use]
    pub fn without_panel(self) -> Self {
        Self {
            panel: None,
            ..self
        }
    }

    /// The same desktop without a notification daemon.
    /// [`Session::start_notifier`](crate::Session::start_notifier) can bring one later.
    #[must_use]
    pub fn without_notifier(self) -> Self {
        Self {
            notifier: false,
            ..self
        }
    }

    /// The same desktop with a dark panel.
    #[must_use]
    pub fn with_dark_panel(self) -> Self {
        Self {
            panel: Some(PanelLook::Dark),
            ..self
        }
    }

    /// The same desktop with LXQt's panel.
    #[must_use]
    pub fn with_lxqt_panel(self) -> Self {
        Self {
            host: TrayHost::Lxqt,
            ..self
        }
    }

    /// The same desktop with an unlocked keyring.
    #[must_use]
    pub fn with_keyring(self) -> Self {
        Self {
            keyring: true,
            ..self
        }
    }

    /// The same desktop in another language, given as a locale name.
    #[must_use]
    pub fn in_language(self, locale: &str) -> Self {
        Self {
            language: locale.to_owned(),
            ..self
        }
    }
}
