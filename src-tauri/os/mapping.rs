//! What a process has mapped into its memory, as the kernel lists it.

use std::ops::Range;

/// A range of a process's addresses and what stands there; a line of `/proc/ID/maps`, or the first
/// of its lines in `/proc/ID/smaps`.
#[derive(Debug, PartialEq)]
pub(super) struct Mapping<'a> {
    pub addresses: Range<usize>,
    /// `rwxp`, with `-` for what is missing; `s` in place of `p` where changes are shared.
    rights: &'a str,
    /// Where it begins in the file, in bytes.
    pub offset: u64,
    /// A file's path, a name in brackets, or nothing.
    pub name: &'a str,
}

impl<'a> Mapping<'a> {
    /// `None` for lines of another kind.
    pub fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.splitn(6, ' ');
        let (start, end) = words.next()?.split_once('-')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        Some(Self {
            addresses: address(start)?..address(end)?,
            rights: words.next()?,
            offset: u64::from_str_radix(words.next()?, 16).ok()?,
            name: words.nth(2).unwrap_or_default().trim_start(),
        })
    }

    pub fn is_of_a_file(&self) -> bool {
        self.name.starts_with('/')
    }

    pub fn is_writable(&self) -> bool {
        self.rights.contains('w')
    }

    pub fn is_shared(&self) -> bool {
        self.rights.ends_with('s')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_memory_is_known_by_its_place_in_it_and_its_whole_name() {
        let line = "7f00a000-7f00c000 r-xp 00003000 fe:00 12                 /usr/lib/a library.so";
        let mapping = Mapping {
            addresses: 0x7f00_a000..0x7f00_c000,
            rights: "r-xp",
            offset: 0x3000,
            name: "/usr/lib/a library.so",
        };
        assert_eq!(Mapping::parse(line), Some(mapping));
    }

    #[test]
    fn what_is_no_files_has_no_path() {
        for line in [
            "7f00a000-7f00c000 rw-p 00000000 00:00 0",
            "7f00a000-7f00c000 rw-p 00000000 00:00 0 ",
            "7f00a000-7f00c000 rw-p 00000000 00:00 0                  [heap]",
        ] {
            assert!(!Mapping::parse(line).unwrap().is_of_a_file(), "{line:?}");
        }
    }

    #[test]
    fn what_is_told_about_a_mapping_is_none() {
        for line in [
            "",
            "Rss:                 100 kB",
            "VmFlags: rd ex mr mw me sd",
        ] {
            assert_eq!(Mapping::parse(line), None, "{line:?}");
        }
    }
}
