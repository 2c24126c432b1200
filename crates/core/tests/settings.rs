//! `settings.toml`: read, kept, never lost.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::PathBuf};

use belldot_core::{
    format::Format,
    i18n::Localizer,
    settings::{Language, Settings, SettingsError, SettingsFile, Theme},
    source::{CoolDown, Source, SourceId},
};
use tempfile::TempDir;

const GOOD: &str = r#"# Mine.
[general]
language = "zh-CN" # 中文

# Where I work
[[sources]]
id = "work"
name = "Work"
url = "https://todo.example/api/v1/events" # the new one
cool_down = { minutes = 30 }

[[sources]]
# Only text
id = "plain"
name = "Plain"
url = "http://127.0.0.1:9000/"
format = "text"
"#;

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// The error, as said in English, and the settings used instead.
fn wrong(text: &str) -> (String, Settings) {
    let (_folder, path) = file(text);
    let (_, settings, error) = SettingsFile::load(&path);
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "untouched");
    let said = error
        .expect("an error")
        .say(&Localizer::new(Language::English));
    (
        said.replace(&path.display().to_string(), "settings.toml"),
        settings,
    )
}

#[test]
fn a_file_that_is_not_there_gives_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let (_, settings, error) = SettingsFile::load(folder.path().join("settings.toml"));
    assert_eq!(settings, Settings::default());
    assert!(error.is_none());
}

#[test]
fn a_good_file_is_read() {
    let (_folder, path) = file(GOOD);
    let (_, settings, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(settings.general.language, Language::Chinese);
    assert_eq!(settings.sources.len(), 2);
    assert_eq!(settings.sources[0].cool_down, CoolDown::Minutes(30));
    assert_eq!(settings.sources[1].format, Format::Text);
}

#[test]
fn a_wrong_file_names_its_line_and_gives_the_defaults() {
    let (said, settings) = wrong("[general]\ntheme = \"dark\"\nlangage = \"en\"\n");
    assert!(
        said.starts_with("settings.toml, line 3: unknown field `langage`"),
        "{said}"
    );
    assert_eq!(settings, Settings::default());

    let (said, _) = wrong("[general]\ntheme = dark\n");
    assert!(said.starts_with("settings.toml, line 2:"), "{said}");

    let (said, _) = wrong(&GOOD.replace("http://127.0.0.1:9000/", "no address"));
    assert!(said.starts_with("settings.toml, line 1"), "{said}");
    assert!(said.contains("https://"), "{said}");
}

#[test]
fn an_address_in_a_file_is_read_as_it_was_meant() {
    let (_folder, path) = file(&GOOD.replace("http://127.0.0.1:9000/", "127.0.0.1:9000"));
    let (_, settings, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(settings.sources[1].url.as_str(), "http://127.0.0.1:9000/");
}

#[test]
fn what_no_source_may_be_names_its_line_too() {
    let (said, _) = wrong(&GOOD.replace("http://127.0.0.1:9000/", "ftp://127.0.0.1/"));
    assert!(
        said.starts_with("settings.toml, line 12: ftp://127.0.0.1/"),
        "{said}"
    );
    let (said, _) = wrong(&GOOD.replace("\"plain\"", "\"work\""));
    assert!(
        said.contains("line 12") && said.contains("Two sources"),
        "{said}"
    );
    let (said, _) = wrong(&GOOD.replace("\"plain\"", "\"My Source\""));
    assert!(
        said.contains("line 12") && said.contains("“My Source”"),
        "{said}"
    );
    let (said, _) = wrong(&GOOD.replace("\"Plain\"", "\" \""));
    assert!(
        said.contains("line 12") && said.contains("“plain” has no name"),
        "{said}"
    );
}

#[test]
fn the_errors_are_said_in_chinese_too() {
    let (_folder, path) = file("[general]\nlanguage = 1\n");
    let (_, _, error) = SettingsFile::load(&path);
    let said = error.unwrap().say(&Localizer::new(Language::Chinese));
    assert!(said.contains("第 2 行"), "{said}");
}

#[test]
fn what_is_saved_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/settings.toml");
    let (mut file, mut settings, _) = SettingsFile::load(&path);
    settings.general.theme = Theme::Dark;
    let mut source = Source::new(
        SourceId("work".to_owned()),
        "Work",
        "https://todo.example/api/v1/events".parse().unwrap(),
    );
    source.cool_down = CoolDown::Never;
    source.full_text = Some("Zu viele".to_owned());
    settings.sources.push(source);
    file.save(&settings).unwrap();
    let (_, again, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(again, settings);
}

#[test]
fn comments_and_the_persons_own_layout_survive_a_change() {
    let (_folder, path) = file(GOOD);
    let (mut file, mut settings, _) = SettingsFile::load(&path);
    settings.sources[0].name = "Office".to_owned();
    settings.sources[0].cool_down = CoolDown::Minutes(5);
    settings.sources.swap(0, 1);
    file.save(&settings).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for kept in [
        "# Mine.",
        "# 中文",
        "# Where I work",
        "# the new one",
        "# Only text",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert!(
        text.contains("name = \"Office\"") && text.contains("minutes = 5"),
        "{text}"
    );
    let (_, again, _) = SettingsFile::load(&path);
    assert_eq!(again, settings);
}

#[test]
fn a_removed_source_is_gone_from_the_file() {
    let (_folder, path) = file(GOOD);
    let (mut file, mut settings, _) = SettingsFile::load(&path);
    settings.sources.remove(0);
    file.save(&settings).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        !text.contains("todo.example") && text.contains("# Only text"),
        "{text}"
    );
    settings.sources.clear();
    file.save(&settings).unwrap();
    let (_, again, error) = SettingsFile::load(&path);
    assert!(error.is_none());
    assert_eq!(again, settings);
}

#[test]
fn a_wrong_file_is_kept_aside_before_another_takes_its_place() {
    let (folder, path) = file("nonsense\n");
    let (mut file, settings, error) = SettingsFile::load(&path);
    assert!(error.is_some());
    file.save(&settings).unwrap();
    file.save(&settings).unwrap();
    let aside: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("settings.toml.wrong-"))
        .collect();
    assert_eq!(aside.len(), 1);
    assert_eq!(fs::read_to_string(&aside[0]).unwrap(), "nonsense\n");
    let (_, again, error) = SettingsFile::load(&path);
    assert!(error.is_none());
    assert_eq!(again, settings);
}

#[test]
fn settings_that_cannot_be_are_not_written() {
    let (_folder, path) = file(GOOD);
    let (mut file, mut settings, _) = SettingsFile::load(&path);
    settings.sources[0].name.clear();
    assert!(matches!(
        file.save(&settings),
        Err(SettingsError::Validation(_))
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), GOOD);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_stays_a_link() {
    let (folder, path) = file(GOOD);
    let link = folder.path().join("link.toml");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let (mut file, mut settings, _) = SettingsFile::load(&link);
    settings.general.autostart = true;
    file.save(&settings).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("autostart = true")
    );
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a-file"), "").unwrap();
    let path = folder.path().join("a-file/settings.toml");
    let (mut file, settings, _) = SettingsFile::load(&path);
    let said = file
        .save(&settings)
        .unwrap_err()
        .say(&Localizer::new(Language::English));
    assert!(said.contains("a-file/settings.toml"), "{said}");
}

#[test]
fn settings_are_handed_on_and_taken_in_as_text() {
    let (_folder, path) = file(GOOD);
    let (_, settings, _) = SettingsFile::load(&path);
    let text = settings.to_toml().unwrap();
    assert_eq!(
        Settings::from_toml(&text, "mine.toml".as_ref()).unwrap(),
        settings
    );
    let error = Settings::from_toml("sources = 5", "mine.toml".as_ref()).unwrap_err();
    assert!(
        error.to_string().starts_with("mine.toml, line 1"),
        "{error}"
    );
}

#[test]
fn a_json_map_is_written_as_a_table_and_its_pointers_are_checked() {
    let mapped = GOOD.replace(
        "format = \"text\"",
        "format = { json = { title = \"/a/b\" } }",
    );
    let (_folder, path) = file(&mapped);
    let (mut file, settings, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{error:?}");
    assert!(matches!(settings.sources[1].format, Format::Json(_)));
    file.save(&settings).unwrap();
    let (_, again, _) = SettingsFile::load(&path);
    assert_eq!(again, settings);

    let (said, _) = wrong(&mapped.replace("/a/b", "a.b"));
    assert!(said.contains("line 12") && said.contains("“a.b”"), "{said}");
}

#[test]
fn a_json_map_for_a_list_is_kept_and_what_makes_no_sense_in_it_is_refused() {
    let with = |map: &str| {
        GOOD.replace(
            "format = \"text\"",
            &format!("format = {{ json = {{ {map} }} }}"),
        )
    };
    let good = with(
        r##"each = "/biz/rows", title = "", sender = "#/by", guess = true, skip = [{ kind = "audit" }, { is = "beat *" }, { at = "/kind", is = "keepalive" }]"##,
    );
    let (_folder, path) = file(&good);
    let (mut kept, settings, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{error:?}");
    let Format::Json(map) = &settings.sources[1].format else {
        panic!("{settings:?}")
    };
    assert_eq!(map.each.as_deref(), Some("/biz/rows"));
    assert_eq!(map.skip.len(), 3);
    kept.save(&settings).unwrap();
    assert_eq!(SettingsFile::load(&path).1, settings);

    // The same where nothing was mapped before, and where it was written as a table.
    for before in [
        GOOD.to_owned(),
        format!(
            "{}[sources.format.json]\ntitle = \"/t\"\nskip = [{{ at = \"/x\" }}]\n",
            GOOD.replace("format = \"text\"\n", "")
        ),
    ] {
        let (_folder, path) = file(&before);
        let (mut kept, _, error) = SettingsFile::load(&path);
        assert!(error.is_none(), "{error:?}");
        kept.save(&settings).unwrap();
        assert_eq!(SettingsFile::load(&path).1, settings, "{before}");
    }

    for (map, word) in [
        (r#"each = "rows""#, "“rows”"),
        (r##"each = "#/rows""##, "“#/rows”"),
        (r##"title = "#title""##, "“title”"),
        (r###"title = "##/title""###, "“#/title”"),
        (r#"title = "/a~2""#, "“/a~2”"),
        (r#"skip = [{ at = "kind" }]"#, "“kind”"),
        (r#"skip = [{}]"#, "leave out everything"),
        (r#"skip = [{ is = "*" }]"#, "leave out everything"),
    ] {
        let (said, _) = wrong(&with(map));
        assert!(said.contains(word), "{map}: {said}");
    }
}

/// What [`GOOD`] with this at its end is refused for, from the file's name on.
fn refused(more: &str) -> String {
    wrong(&format!("{GOOD}{more}\n")).0
}

/// [`GOOD`] with this at its end can be.
fn accepted(more: &str) -> Settings {
    let (_folder, path) = file(&format!("{GOOD}{more}\n"));
    let (_, settings, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{more}: {error:?}");
    settings
}

#[test]
fn a_header_that_http_does_not_allow_is_refused() {
    for headers in [
        r#"{ "" = "x" }"#,
        r#"{ "X Y" = "x" }"#,
        r#"{ "X:" = "x" }"#,
        r#"{ "Größe" = "x" }"#,
        r#"{ X = "a\nb" }"#,
        r#"{ X = "签字" }"#,
        r#"{ X = " x" }"#,
    ] {
        let said = refused(&format!("headers = {headers}"));
        assert!(
            said.contains("line 12") && said.contains("not a header that can be sent"),
            "{headers}: {said}"
        );
    }
    accepted("headers = { X-Team = \"a b\" }");
}

#[test]
fn a_header_that_belldot_sets_itself_is_refused() {
    for name in ["Last-Event-ID", "accept", "HOST", "Authorization"] {
        let said = refused(&format!("headers = {{ {name} = \"x\" }}"));
        assert!(said.contains("by itself"), "{name}: {said}");
    }
    let said = refused("sign_in = { header = { name = \"Host\" } }");
    assert!(said.contains("by itself"), "{said}");
    accepted("sign_in = { header = { name = \"Authorization\" } }");
}

#[test]
fn a_sign_in_that_cannot_be_is_refused() {
    let said = refused("sign_in = { header = { name = \"\" } }");
    assert!(said.contains("not a header that can be sent"), "{said}");
    let said = refused("sign_in = { basic = { user = \"a:b\" } }");
    assert!(said.contains("colon"), "{said}");
}

#[test]
fn a_page_goes_to_further_origins_and_not_to_paths_or_wildcards() {
    for origin in [
        "https://login.example/sign-in",
        "https://login.example/?a",
        "https://login.example/#a",
        "https://ann@login.example",
        "https://*.example",
        "ftp://login.example",
        "about:blank",
    ] {
        let said = refused(&format!("page_origins = [\"{origin}\"]"));
        assert!(
            said.contains("line 12") && said.contains("cannot be a page origin"),
            "{origin}: {said}"
        );
    }
    for origin in [
        "https://login.example",
        "https://login.example/",
        "http://login.example:8080",
        "https://[::1]:8443",
    ] {
        accepted(&format!("page_origins = [\"{origin}\"]"));
    }
}

#[test]
fn a_proxy_is_an_address_without_a_password() {
    let proxy = |url: &str| format!("[network.proxy.through]\nurl = \"{url}\"");
    for url in [
        "",
        "proxy",
        "ftp://proxy.example",
        "http://",
        "http://me:secret@proxy.example",
        "socks4://proxy.example",
    ] {
        let said = refused(&proxy(url));
        assert!(
            said.contains("line 19") && said.contains("not the address of a proxy"),
            "{url}: {said}"
        );
    }
    for scheme in ["http", "https", "socks5", "socks5h"] {
        accepted(&proxy(&format!("{scheme}://proxy.example:1080")));
    }
}

#[test]
fn quiet_hours_that_never_come_are_refused() {
    let hours = "[notifications.quiet]\nenabled = true\nfrom = \"08:00:00\"\nto = \"08:00:00\"";
    let said = refused(hours);
    assert!(
        said.contains("line 18") && said.contains("whole days. Belldot"),
        "{said}"
    );
    accepted(&format!("{hours}\ndays = [\"sunday\"]"));
}

#[test]
fn that_nothing_breaks_the_quiet_is_read_again_as_it_was_written() {
    let (_folder, path) = file(GOOD);
    let (mut file, mut settings, _) = SettingsFile::load(&path);
    settings.notifications.quiet.except = None;
    file.save(&settings).unwrap();
    let (_, again, error) = SettingsFile::load(&path);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(again.notifications.quiet.except, None);
    let text = settings.to_toml().unwrap();
    assert_eq!(Settings::from_toml(&text, &path).unwrap(), settings);
    let json = serde_json::to_string(&settings).unwrap();
    assert!(json.contains(r#""except":null"#), "{json}");
    assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    let said = refused("[notifications.quiet]\nexcept = \"some\"");
    assert!(
        said.contains("line 19") && said.contains("1 to 5"),
        "{said}"
    );
}

#[test]
fn an_import_that_cannot_be_names_its_line_and_says_that_nothing_was_changed() {
    let words = Localizer::new(Language::English);
    let without_id = "[[sources]]\nname = \"Work\"\nurl = \"https://todo.example/\"\n";
    let wrong = [
        ("nonsense", 1),
        (without_id, 1),
        (&GOOD.replace("\"plain\"", "\"work\""), 12),
    ];
    for (text, line) in wrong {
        let error = Settings::from_toml(text, "mine.toml".as_ref()).unwrap_err();
        let said = error.say_of_import(&words);
        assert!(
            said.starts_with(&format!("mine.toml, line {line}:"))
                && said.ends_with("Nothing was changed."),
            "{said}"
        );
    }
}

/// The examples of the page for administrators, in its order.
fn examples() -> Vec<String> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/admin.md"));
    let page = page.unwrap();
    let blocks = page.split("```toml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_examples_for_administrators_are_good() {
    let examples = examples();
    let [source, more, hours, policy, map] = examples.as_slice() else {
        panic!("{examples:?}");
    };
    for text in [&format!("{source}{more}{map}"), hours] {
        let settings = Settings::from_toml(text, "admin.md".as_ref());
        assert!(settings.is_ok(), "{settings:?}");
    }
    let (_folder, path) = file(policy);
    let policy = belldot_core::Policy::load(path);
    assert_eq!(
        policy.remarks(&Localizer::new(Language::English)),
        Vec::<String>::new()
    );
    assert_eq!(
        policy.locked().paths,
        [
            "general.autostart",
            "network.proxy",
            "notifications.quiet.enabled",
            "sources.company",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_as_settings_is_not_read_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    for path in [path.as_path(), "/dev/zero".as_ref(), folder.path()] {
        let (_, settings, error) = SettingsFile::load(path);
        assert_eq!(settings, Settings::default());
        let said = error.unwrap().say(&Localizer::new(Language::English));
        assert!(said.contains("not a regular file"), "{said}");
    }
}

#[test]
fn a_time_zone_that_nobody_knows_is_named() {
    let text = GOOD.replace("format = \"text\"", "time_zone = \"Mars/Olympus\"");
    let (said, _) = wrong(&text);
    assert!(
        said.contains("“Mars/Olympus” of the source “Plain” is not the name of a time zone"),
        "{said}"
    );
    let (_folder, path) = file(&GOOD.replace("format = \"text\"", "time_zone = \"Asia/Shanghai\""));
    let (_, settings, error) = SettingsFile::load(&path);
    assert!(error.is_none());
    assert!(settings.sources[1].zone().is_some());
}
