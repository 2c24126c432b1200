//! Which of Belldot's languages the system asks for.

use crate::settings::Language;

/// Returns the language that the environment asks for, as GNU gettext reads it: `LANGUAGE`, a list,
/// comes before `LC_ALL`, `LC_MESSAGES` and `LANG`, of which the first that is set counts. Where
/// none is set, as is usual on Windows and macOS, the system itself is asked.
pub(super) fn of_system() -> Language {
    asked(|name| std::env::var(name).ok(), sys_locale::get_locale)
}

fn asked(
    variable: impl Fn(&str) -> Option<String>,
    system: impl FnOnce() -> Option<String>,
) -> Language {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    // The locale `C` asks for no translation.
    let plain = matches!(locale.as_deref(), Some("C" | "POSIX"));
    let list = set("LANGUAGE").filter(|_| !plain).unwrap_or_default();
    list.split(':')
        .find_map(spoken)
        .unwrap_or_else(|| match locale.or_else(system) {
            Some(locale) => spoken(&locale).unwrap_or(Language::English),
            None => Language::English,
        })
}

/// Returns the language of a locale (`zh_CN.UTF-8`, `zh-Hans`), if it is one of ours.
fn spoken(locale: &str) -> Option<Language> {
    let language = locale.split(['_', '-', '.', '@']).next()?;
    if language.eq_ignore_ascii_case("zh") {
        Some(Language::Chinese)
    } else if language.eq_ignore_ascii_case("en") {
        Some(Language::English)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)], system: Option<&str>) -> Language {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        asked(variable, || system.map(str::to_owned))
    }

    #[test]
    fn any_chinese_locale_speaks_chinese_and_everything_else_english() {
        for locale in ["zh_CN.UTF-8", "zh", "zh_TW.UTF-8", "zh-Hans-CN", "ZH_cn"] {
            assert_eq!(
                with(&[("LANG", locale)], None),
                Language::Chinese,
                "{locale}"
            );
        }
        for locale in ["en_US.UTF-8", "de_DE", "C", "C.UTF-8", "zhx"] {
            assert_eq!(
                with(&[("LANG", locale)], None),
                Language::English,
                "{locale}"
            );
        }
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        let chinese = with(&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")], None);
        assert_eq!(chinese, Language::Chinese);
        let empty = with(&[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")], None);
        assert_eq!(empty, Language::Chinese);
    }

    #[test]
    fn language_comes_before_lang_with_the_first_that_is_spoken() {
        let lang = ("LANG", "en_US.UTF-8");
        let with = |list| with(&[("LANGUAGE", list), lang], None);
        assert_eq!(with("zh_CN:en"), Language::Chinese);
        assert_eq!(with("ug:zh_CN:en"), Language::Chinese);
        assert_eq!(with("de:fr"), Language::English);
        assert_eq!(with("en:zh_CN"), Language::English);
    }

    #[test]
    fn the_plain_locale_wants_no_translation() {
        let plain = with(&[("LANGUAGE", "zh_CN"), ("LANG", "C")], None);
        assert_eq!(plain, Language::English);
    }

    #[test]
    fn where_no_variable_is_set_the_system_is_asked() {
        assert_eq!(with(&[], Some("zh-Hans-CN")), Language::Chinese);
        assert_eq!(
            with(&[("LANG", "en_GB.UTF-8")], Some("zh-CN")),
            Language::English
        );
        assert_eq!(with(&[], None), Language::English);
    }
}
