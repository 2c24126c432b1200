//! std's sources from Debian's package `rust-src`: unpacked, not installed, so that its version
//! need not be the one that the distribution has.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::packages::Distribution;
use crate::shell::{TaskError, TaskResult, ask};

/// Where Debian keeps versions that are newer than those of the release in use.
const SUITES: [&str; 4] = [
    "stable-backports",
    "oldstable-backports",
    "testing",
    "unstable",
];

/// Unpacks the sources of this version of std into a folder.
///
/// # Errors
/// When this is not a Debian, or its mirrors do not have this version.
pub(crate) fn fetch(version: &str, folder: &Path) -> TaskResult {
    let is_debian = matches!(
        Distribution::here(),
        Some(Distribution::Debian | Distribution::Ubuntu)
    );
    if !is_debian {
        return Err(TaskError::new(
            "Where `apt-get` is they would be fetched from Debian's `rust-src`.",
        ));
    }
    println!("Fetching the sources of std {version}, from Debian's package rust-src.");
    let work = folder.with_file_name("fetching");
    fs::remove_dir_all(&work).ok();
    fs::create_dir_all(work.join("lists/partial"))?;
    fs::create_dir_all(work.join("cache/archives/partial"))?;
    let found = sources(&work).find_map(|source| package(&source, version, &work));
    let Some(package) = found else {
        return Err(TaskError::new(format!(
            "The Debian mirrors that this machine uses did not give `rust-src` {version}."
        )));
    };
    let unpacked = work.join("unpacked");
    fs::create_dir_all(&unpacked)?;
    let mut shell = Command::new("sh");
    shell.args(["-c", UNPACK, "unpack"]);
    shell.arg(package).arg(&unpacked);
    if ask(&mut shell).is_none() {
        return Err(TaskError::new("Debian's `rust-src` could not be unpacked."));
    }
    fs::remove_dir_all(folder).ok();
    fs::rename(unpacked, folder)?;
    Ok(fs::remove_dir_all(work)?)
}

/// Only std, with the crates that it depends on: the package has the compiler's sources, too.
const UNPACK: &str = r#"
set -eu
dpkg-deb --fsys-tarfile "$1" |
    tar -x -C "$2" --strip-components=5 --wildcards './usr/src/rustc-*/library/*'
"#;

/// apt with lists that are not the system's, or as the system has it.
struct AptSource(Vec<String>);

impl AptSource {
    fn ask(&self, program: &str, arguments: &[&str], work: &Path) -> Option<String> {
        let mut apt = Command::new(program);
        apt.current_dir(work).args(&self.0).args(arguments);
        // What one does not have, the next may; then its complaints are noise.
        apt.stderr(std::process::Stdio::null());
        ask(&mut apt)
    }
}

/// First what the system knows; then, as far as nothing was found, one newer suite at a time.
fn sources(work: &Path) -> impl Iterator<Item = AptSource> {
    let suites = mirrors().into_iter().flat_map(|mirror| {
        SUITES.map(|suite| {
            let key = "/usr/share/keyrings/debian-archive-keyring.gpg";
            let signed = match Path::new(key).exists() {
                true => format!("[signed-by={key}] "),
                false => String::new(),
            };
            format!("deb {signed}{mirror} {suite} main\n")
        })
    });
    let own = suites.filter_map(move |line| {
        let list = work.join("sources.list");
        fs::write(&list, line).ok()?;
        let at = work.display();
        let source = AptSource(vec![
            format!("-oDir::State::Lists={at}/lists"),
            format!("-oDir::Cache={at}/cache"),
            format!("-oDir::Etc::SourceList={}", list.display()),
            "-oDir::Etc::SourceParts=/dev/null".to_owned(),
            "-oDir::State::Status=/dev/null".to_owned(),
            "-oAcquire::Languages=none".to_owned(),
            "-oAcquire::IndexTargets::deb::DEP-11::DefaultEnabled=false".to_owned(),
            "-oAPT::Sandbox::User=root".to_owned(),
        ]);
        source.ask("apt-get", &["update", "-qq"], work)?;
        Some(source)
    });
    std::iter::once(AptSource(vec!["-oAPT::Sandbox::User=root".to_owned()])).chain(own)
}

/// The package of this version, downloaded, if this source has it.
fn package(source: &AptSource, version: &str, work: &Path) -> Option<std::path::PathBuf> {
    let table = source.ask("apt-cache", &["madison", "rust-src"], work)?;
    let full = full_version(&table, version)?;
    let wanted = format!("rust-src={full}");
    source.ask("apt-get", &["download", "-qq", &wanted], work)?;
    let files = fs::read_dir(work).ok()?.flatten();
    files
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|end| end == "deb"))
}

/// From what `apt-cache madison` prints: Debian's version of this one, as in
/// `rust-src | 1.95.0+dfsg1-2~bpo13+1 | …`.
fn full_version<'table>(table: &'table str, version: &str) -> Option<&'table str> {
    let mut versions = table.lines().filter_map(|line| line.split('|').nth(1));
    versions.find_map(|full| {
        let full = full.trim();
        let upstream = full.split(['+', '-', '~']).next();
        (upstream == Some(version)).then_some(full)
    })
}

/// The addresses from which this machine has its Debian.
fn mirrors() -> Vec<String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .unwrap_or_default();
    // It says so before the system's lists were ever fetched, too.
    let addresses = ask(Command::new("apt-get").args(["update", "--print-uris"]));
    mirrors_of(codename.trim_matches('"'), &addresses.unwrap_or_default())
}

/// From lines like `'http://mirror/debian/dists/bookworm/InRelease' …`. Other repositories have
/// suites with other names, and security has no backports.
fn mirrors_of(codename: &str, addresses: &str) -> Vec<String> {
    let of_debian = ["stable", "testing", "unstable", "sid", codename];
    let mut mirrors: Vec<String> = Vec::new();
    for line in addresses.lines() {
        let address = line
            .strip_prefix('\'')
            .and_then(|line| line.split('\'').next());
        let Some((mirror, file)) = address.and_then(|address| address.split_once("/dists/")) else {
            continue;
        };
        let suite = file.strip_suffix("/InRelease");
        let is_debian = suite.is_some_and(|suite| of_debian.contains(&suite));
        if is_debian && !mirrors.iter().any(|known| known == mirror) {
            mirrors.push(mirror.to_owned());
        }
    }
    mirrors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_fits_the_compiler_is_taken_and_no_other() {
        let table = "  rust-src | 1.96.1+dfsg1-2~bpo13+1 | mirror sid/main amd64 Packages\n  \
                     rust-src | 1.95.0+dfsg1-2~bpo13+1 | mirror sid/main amd64 Packages\n  \
                     rust-src | 1.94.1-1 | mirror sid/main amd64 Packages\n";
        let of = |version| full_version(table, version);
        assert_eq!(of("1.95.0"), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(of("1.94.1"), Some("1.94.1-1"));
        assert_eq!(of("1.95"), None);
        assert_eq!(of("1.97.0-nightly"), None);
        assert_eq!(full_version("", "1.95.0"), None);
    }

    #[test]
    fn a_mirror_is_where_the_release_comes_from() {
        let addresses = "'http://a/debian/dists/bookworm/InRelease' a_bookworm_InRelease 0 \n\
                         'http://a/debian/dists/bookworm-updates/InRelease' a_updates 0 \n\
                         'http://a/debian/dists/bookworm/main/binary-all/Packages.xz' a_all 0 \n\
                         'http://a/debian-security/dists/bookworm-security/InRelease' a_sec 0 \n\
                         'https://b/node/dists/nodistro/InRelease' b_InRelease 0 \n";
        assert_eq!(mirrors_of("bookworm", addresses), ["http://a/debian"]);
        assert!(mirrors_of("bookworm", "").is_empty());
    }
}
