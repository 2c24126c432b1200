//! The session's private folder and the configuration that its programs find there.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::{PanelLook, SessionError};

/// The folder of a session. The keeper removes it.
pub(crate) struct Files {
    root: PathBuf,
}

impl Files {
    pub(crate) fn create() -> Result<Self, SessionError> {
        let root = tempfile::Builder::new()
            .prefix("belldot-session-")
            .tempdir()?
            .keep();
        let files = Self { root };
        for folder in [
            "run", "config", "data", "cache", "state", "home", "logs", "services",
        ] {
            fs::create_dir(files.path(folder))?;
        }
        // The specification of XDG_RUNTIME_DIR asks for this.
        fs::set_permissions(files.path("run"), fs::Permissions::from_mode(0o700))?;

        files.write("config/bus.conf", include_str!("../config/bus.conf"))?;
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

    pub(crate) fn write_panel(&self, look: PanelLook) -> Result<(), SessionError> {
        let folder = self.path("config/xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&folder)?;
        let dark = (look == PanelLook::Dark).to_string();
        let panel = include_str!("../config/panel.xml").replace("{dark}", &dark);
        Ok(fs::write(folder.join("xfce4-panel.xml"), panel)?)
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
