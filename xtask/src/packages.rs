//! The distribution's packages: which ones, under which names, and how to find and install them.

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use crate::shell::{TaskError, TaskResult, ask, run};

/// A package and what it is called where. `None`: the distribution has none.
pub(crate) struct Package {
    pub(crate) debian: &'static str,
    pub(crate) fedora: Option<&'static str>,
    pub(crate) arch: Option<&'static str>,
}

const fn package(
    debian: &'static str,
    fedora: Option<&'static str>,
    arch: Option<&'static str>,
) -> Package {
    Package {
        debian,
        fedora,
        arch,
    }
}

#[rustfmt::skip]
pub(crate) const PACKAGES: &[Package] = &[
    // To build.
    package("build-essential", Some("gcc"), Some("base-devel")),
    package("pkg-config", Some("pkgconf-pkg-config"), Some("pkgconf")),
    package("libwebkit2gtk-4.1-dev", Some("webkit2gtk4.1-devel"), Some("webkit2gtk-4.1")),
    package("librsvg2-dev", Some("librsvg2-devel"), Some("librsvg")),
    package("libayatana-appindicator3-dev", Some("libayatana-appindicator-gtk3-devel"), Some("libayatana-appindicator")),
    package("libdbus-1-dev", Some("dbus-devel"), Some("dbus")),
    // A desktop without a screen.
    package("xvfb", Some("xorg-x11-server-Xvfb"), Some("xorg-server-xvfb")),
    package("dbus", Some("dbus-daemon"), Some("dbus")),
    package("openbox", Some("openbox"), Some("openbox")),
    package("xfce4-panel", Some("xfce4-panel"), Some("xfce4-panel")),
    package("lxqt-panel", Some("lxqt-panel"), Some("lxqt-panel")),
    package("dunst", Some("dunst"), Some("dunst")),
    package("gnome-keyring", Some("gnome-keyring"), Some("gnome-keyring")),
    package("at-spi2-core", Some("at-spi2-core"), Some("at-spi2-core")),
    package("fonts-inter", Some("rsms-inter-fonts"), Some("inter-font")),
    package("fonts-noto-cjk", Some("google-noto-sans-cjk-fonts"), Some("noto-fonts-cjk")),
    // A hand and an eye for it.
    package("xdotool", Some("xdotool"), Some("xdotool")),
    package("wmctrl", Some("wmctrl"), Some("wmctrl")),
    package("x11-utils", Some("xwininfo"), Some("xorg-xwininfo")),
    package("imagemagick", Some("ImageMagick"), Some("imagemagick")),
    package("libnotify-bin", Some("libnotify"), Some("libnotify")),
    package("webkit2gtk-driver", Some("webkitgtk6.0"), Some("webkitgtk-6.0")),
    package("chromium", Some("chromium"), Some("chromium")),
    // Servers and faults to test against.
    package("libjemalloc2", Some("jemalloc"), Some("jemalloc")),
    package("nginx", Some("nginx"), Some("nginx")),
    package("libnginx-mod-nchan", None, None),
    package("haproxy", Some("haproxy"), Some("haproxy")),
    package("php-fpm", Some("php-fpm"), Some("php-fpm")),
    package("golang-go", Some("golang"), Some("go")),
    package("python3-venv", Some("python3"), Some("python")),
    package("squid", Some("squid"), Some("squid")),
    package("iproute2", Some("iproute"), Some("iproute2")),
    package("nftables", Some("nftables"), Some("nftables")),
];

/// A family of distributions that share a package manager.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Distribution {
    Debian,
    Ubuntu,
    Fedora,
    Arch,
}

impl Distribution {
    /// The one that this machine runs, or `None` when it is another.
    pub(crate) fn here() -> Option<Self> {
        let release = fs::read_to_string("/etc/os-release").ok()?;
        Self::from_release(&release)
    }

    /// From the text of `os-release(5)`.
    fn from_release(release: &str) -> Option<Self> {
        let field = |name: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim_matches('"')
        };
        let names = field("ID=").split(' ').chain(field("ID_LIKE=").split(' '));
        names.into_iter().find_map(|name| match name {
            "ubuntu" => Some(Self::Ubuntu),
            "debian" => Some(Self::Debian),
            "fedora" => Some(Self::Fedora),
            "arch" => Some(Self::Arch),
            _ => None,
        })
    }

    /// What it calls a package, or `None` when it has none.
    pub(crate) fn name_of(self, package: &Package) -> Option<&'static str> {
        match self {
            Self::Ubuntu if package.debian == "chromium" => Some("chromium-browser"),
            Self::Debian | Self::Ubuntu => Some(package.debian),
            Self::Fedora => package.fedora,
            Self::Arch => package.arch,
        }
    }

    /// Those of the packages that are not installed.
    pub(crate) fn missing(self) -> Vec<&'static str> {
        let names: Vec<_> = PACKAGES
            .iter()
            .filter_map(|package| self.name_of(package))
            .collect();
        match self {
            Self::Debian | Self::Ubuntu => {
                let mut dpkg = Command::new("dpkg-query");
                dpkg.args(["-W", "-f", "${db:Status-Status} ${Package}\n"])
                    .args(&names);
                // It fails when one is unknown, and prints the others all the same.
                let known = dpkg
                    .output()
                    .map(|output| output.stdout)
                    .unwrap_or_default();
                let known = String::from_utf8_lossy(&known).into_owned();
                let installed: HashSet<_> = known
                    .lines()
                    .filter_map(|line| line.strip_prefix("installed "))
                    .collect();
                names
                    .into_iter()
                    .filter(|name| !installed.contains(name))
                    .collect()
            }
            Self::Fedora => {
                let is_missing = |name: &&str| {
                    ask(Command::new("rpm").args(["-q", "--whatprovides", name])).is_none()
                };
                names.into_iter().filter(is_missing).collect()
            }
            Self::Arch => {
                let is_missing =
                    |name: &&str| ask(Command::new("pacman").args(["-T", name])).is_none();
                names.into_iter().filter(is_missing).collect()
            }
        }
    }

    /// Installs packages, as root.
    ///
    /// # Errors
    /// When the package manager fails.
    pub(crate) fn install(self, packages: &[&str], root: Root) -> TaskResult {
        let script = match self {
            Self::Debian | Self::Ubuntu => APT,
            Self::Fedora => "dnf install -y \"$@\"",
            Self::Arch => "pacman -S --needed --noconfirm \"$@\"",
        };
        let mut shell = match root {
            Root::Already => Command::new("sh"),
            Root::BySudo => {
                let mut sudo = Command::new("sudo");
                sudo.arg("sh");
                sudo
            }
        };
        shell.args(["-c", script, "setup"]).args(packages);
        run(&mut shell).map_err(|_| {
            TaskError::new(format!(
                "These packages could not be installed: {}.\nThe package manager says above why. \
                 Install them by hand and start again.",
                packages.join(" ")
            ))
        })
    }
}

/// How to become root.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Root {
    Already,
    BySudo,
}

/// Our own servers run on ports of their own: the system's shall neither start now, nor with the
/// machine if they were not there before.
const APT: &str = r#"
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
services() { ls /lib/systemd/system | grep -E '^(nginx|squid|haproxy|php.*-fpm)[.]service$' || true; }
had=$(services 2>/dev/null)
ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || apt-get update
if ! apt-get install -y --no-install-recommends "$@"; then
    # The lists may name versions that are gone by now.
    apt-get update
    apt-get install -y --no-install-recommends "$@"
fi
if [ -d /run/systemd/system ]; then
    for service in $(services); do
        echo "$had" | grep -qx "$service" ||
            systemctl disable --now "$service" >/dev/null 2>&1 || true
    done
fi
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_is_known_by_its_name_or_by_what_it_is_like() {
        let of = |release: &str| Distribution::from_release(release);
        assert_eq!(
            of("NAME=\"Debian\"\nID=debian\n"),
            Some(Distribution::Debian)
        );
        assert_eq!(
            of("ID=ubuntu\nID_LIKE=debian\n"),
            Some(Distribution::Ubuntu)
        );
        assert_eq!(
            of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Some(Distribution::Ubuntu)
        );
        assert_eq!(
            of("ID=nobara\nID_LIKE=\"rhel centos fedora\"\n"),
            Some(Distribution::Fedora)
        );
        assert_eq!(of("ID=manjaro\nID_LIKE=arch\n"), Some(Distribution::Arch));
        assert_eq!(of("ID=void\n"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn ubuntu_names_one_package_differently() {
        let chromium = PACKAGES
            .iter()
            .find(|package| package.debian == "chromium")
            .unwrap();
        assert_eq!(Distribution::Debian.name_of(chromium), Some("chromium"));
        assert_eq!(
            Distribution::Ubuntu.name_of(chromium),
            Some("chromium-browser")
        );
    }
}
