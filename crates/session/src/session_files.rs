//! The session's private folder and the configuration that its programs find there.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::{PanelLook, SessionError, TrayHost};

/// The folder of a session. The reaper removes it.
pub(crate) struct SessionFiles {
    root: PathBuf,
}

impl SessionFiles {
    pub(crate) fn create() -> Result<Self, SessionError> {
        let root = tempfile::Builder::new()
            .prefix("belldot-session-")
            .tempdir()?
            .keep();
        let files = Self { root };
        for folder in [
            "run",
            "config",
            "config/fontconfig",
            "config/gtk-3.0",
            "data",
            "cache",
            "state",
            "home",
            "logs",
            "services",
        ] {
            fs::create_dir(files.path(folder))?;
        }
        // The specification of XDG_RUNTIME_DIR asks for this.
        fs::set_permissions(files.path("run"), fs::Permissions::from_mode(0o700))?;

        files.write("config/bus.conf", include_str!("../config/bus.conf"))?;
        files.write(
            "config/fontconfig/fonts.conf",
            include_str!("../config/fonts.conf"),
        )?;
        files.write(
            "config/gtk-3.0/settings.ini",
            include_str!("../config/gtk.ini"),
        )?;
        files.write("config/dunstrc", include_str!("../config/dunstrc"))?;
        files.write("config/dmenu", include_str!("../config/dmenu.sh"))?;
        fs::set_permissions(
            files.path("config/dmenu"),
            fs::Permissions::from_mode(0o700),
        )?;
        files.allow_to_start_by_itself("org.xfce.Xfconf.service")?;
        Ok(files)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(crate) fn write_panel(&self, host: TrayHost, look: PanelLook) -> Result<(), SessionError> {
        let (name, text) = match host {
            TrayHost::Xfce => (
                "config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
                include_str!("../config/panel.xml")
                    .replace("{dark}", &(look == PanelLook::Dark).to_string()),
            ),
            TrayHost::Lxqt => {
                let (paper, ink) = match look {
                    PanelLook::Light => ("#f2f3f6", "#1b1d24"),
                    PanelLook::Dark => ("#22252e", "#eceef4"),
                };
                let text = include_str!("../config/lxqt-panel.conf");
                let text = text.replace("{paper}", paper).replace("{ink}", ink);
                ("config/lxqt/panel.conf", text)
            }
        };
        if let Some(folder) = self.path(name).parent() {
            fs::create_dir_all(folder)?;
        }
        self.write(name, &text)
    }

    /// Lets the bus start a service of the distribution when it is asked for.
    pub(crate) fn allow_to_start_by_itself(&self, service: &str) -> Result<(), SessionError> {
        let installed = Path::new("/usr/share/dbus-1/services").join(service);
        Ok(symlink(installed, self.path("services").join(service))?)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), SessionError> {
        let text = text.replace("{root}", &self.root.to_string_lossy());
        Ok(fs::write(self.path(name), text)?)
    }
}
