//! What an administrator fixed stands above what the user wants.

use std::fs;

use belldot_core::{
    Policy,
    settings::{General, Language, Settings, SettingsError, SettingsFile, Theme},
    source::Source,
};

use crate::world::{Asked, World, plain, source, work};

const POLICY: &str = r#"
reason = "Company rules"

[general]
autostart = true

[notifications.quiet]
enabled = true
except = "none"

[network]
proxy = "direct"

[[sources]]
id = "company"
name = "Company"
url = "https://company.example/api/v1/events"
"#;

fn world(policy: &str, settings: Settings) -> World {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    World::in_folder(folder, settings)
}

fn with(sources: Vec<Source>) -> Settings {
    Settings {
        sources,
        ..Settings::default()
    }
}

fn kept(world: &World) -> Settings {
    SettingsFile::load(world.folder.path().join("settings.toml")).1
}

fn policy(text: &str) -> Policy {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.toml");
    fs::write(&path, text).unwrap();
    Policy::load(path)
}

fn started(source: &str) -> Asked {
    Asked::Start(source.to_owned(), String::new())
}

#[test]
fn without_a_policy_nothing_is_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let policy = Policy::load(folder.path().join("policy.toml"));
    let settings = with(vec![work()]);
    assert_eq!(policy.apply(settings.clone()), settings);
    assert_eq!(policy.locked().paths, Vec::<String>::new());
}

#[test]
fn what_is_fixed_is_in_effect_and_the_rest_is_the_users() {
    let mut wanted = with(vec![work()]);
    wanted.general.theme = Theme::Dark;
    let settings = policy(POLICY).apply(wanted.clone());
    let general = General {
        autostart: true,
        ..wanted.general
    };
    assert_eq!(settings.general, general);
    let (quiet, wanted) = (&settings.notifications.quiet, &wanted.notifications.quiet);
    assert!(quiet.enabled);
    assert_eq!((quiet.except, quiet.from), (None, wanted.from));
    let ids: Vec<_> = settings.sources.iter().map(|source| &source.id.0).collect();
    assert_eq!(ids, ["company", "work"]);
}

#[test]
fn every_fixed_value_and_source_is_told_with_the_reason() {
    let locked = policy(POLICY).locked();
    assert_eq!(
        locked.paths,
        [
            "general.autostart",
            "network.proxy",
            "notifications.quiet.enabled",
            "notifications.quiet.except",
            "sources.company",
        ]
    );
    assert_eq!(locked.reason.as_deref(), Some("Company rules"));
}

#[test]
fn the_policys_sources_run_beside_the_users_own() {
    let mut world = world(POLICY, with(vec![work()]));
    assert_eq!(world.asked(), [started("company"), started("work")]);
}

#[test]
fn a_source_of_the_policy_cannot_be_removed_or_changed() {
    let mut world = world(POLICY, with(vec![work()]));
    world.asked();
    world.change(|settings| settings.sources.clear()).unwrap();
    assert_eq!(world.asked(), [Asked::Stop("work".to_owned())]);
    let mine = source("company", "Mine", "https://mine.example/");
    world
        .change(|settings| settings.sources = vec![mine])
        .unwrap();
    assert_eq!(world.asked(), []);
    assert_eq!(kept(&world).sources, []);
}

#[test]
fn where_only_its_sources_are_allowed_the_users_own_rest_and_are_not_lost() {
    let only = format!("only_these_sources = true\n{POLICY}");
    let locked = policy(&only).locked();
    assert!(locked.paths.contains(&"sources".to_owned()), "{locked:?}");
    let mut world = world(&only, with(vec![work()]));
    assert_eq!(world.asked(), [started("company")]);
    world
        .change(|settings| settings.sources = vec![plain()])
        .unwrap();
    assert_eq!(world.asked(), []);
    world
        .change(|settings| settings.general.theme = Theme::Dark)
        .unwrap();
    assert_eq!(kept(&world).sources, [work()]);
}

#[test]
fn the_users_file_keeps_what_the_user_wrote() {
    let wanted = with(vec![work()]);
    let mut world = world(POLICY, wanted.clone());
    // As the window sends it: everything as it is in effect, and one thing changed.
    let effective = policy(POLICY).apply(wanted);
    world
        .change(|settings| {
            *settings = effective;
            settings.general.theme = Theme::Dark;
        })
        .unwrap();
    let kept = kept(&world);
    assert_eq!(kept.general.theme, Theme::Dark);
    assert!(!kept.general.autostart);
    assert!(!kept.notifications.quiet.enabled);
    assert!(kept.notifications.quiet.except.is_some());
    assert_eq!(kept.network, belldot_core::settings::Network::default());
    assert_eq!(kept.sources, [work()]);
}

#[test]
fn a_change_of_what_is_fixed_has_no_effect() {
    let mut world = world("[general]\nlanguage = \"zh-CN\"\n", with(vec![work()]));
    world
        .change(|settings| settings.general.language = Language::English)
        .unwrap();
    world.todo("1", "签字");
    assert_eq!(world.bell().title, "1 条未读待办");
}

#[test]
fn a_source_that_both_have_is_as_the_policy_has_it_where_the_user_has_it() {
    let mine = source("company", "Mine", "https://mine.example/");
    let settings = policy(POLICY).apply(with(vec![work(), mine]));
    let names: Vec<_> = settings.sources.iter().map(|source| &source.name).collect();
    assert_eq!(names, ["Work", "Company"]);
}

#[test]
fn a_broken_policy_is_said_with_its_line_and_fails_closed() {
    let no_id = "[[sources]]\nname = \"Work\"\nurl = \"https://work.example\"\n";
    for (text, line) in [
        ("[general]\nautostart = maybe\n", "line 2"),
        ("[general]\nautostart = \"yes\"\n", "line 2"),
        ("only_these_sources = true\n[general\n", "line 2"),
        (no_id, "line 1"),
        (&format!("\n\n{no_id}id = \"A B\"\n"), "line 3"),
    ] {
        let mut world = world(text, with(vec![work()]));
        let said = world.new_notices();
        assert_eq!(said.len(), 1, "{said:?}");
        let parts = ["policy.toml", line, "administrator"];
        assert!(parts.iter().all(|part| said[0].contains(part)), "{said:?}");
        assert_eq!(world.asked(), [], "no source of the user runs");
        let locked = policy(text).locked().paths;
        assert!(locked.contains(&"sources".to_owned()), "{locked:?}");
        let refused = world.change(|settings| settings.general.theme = Theme::Dark);
        assert!(matches!(refused, Err(SettingsError::Locked)), "{refused:?}");
        assert_eq!(kept(&world), with(vec![work()]), "the user's file stays");
    }
}

#[test]
fn to_dos_stay_and_count_while_a_policy_is_broken() {
    let mut world = World::in_folder(tempfile::tempdir().unwrap(), with(vec![work()]));
    world.todo("1", "Sign the contract");
    fs::write(world.folder.path().join("policy.toml"), "[general\n").unwrap();
    let mut world = world.killed_and_restarted();
    assert_eq!(world.bell().unread, 1);
}

#[test]
fn an_unknown_key_is_named_and_skipped_and_the_rest_holds() {
    let newer = "shining = 3\nonly_these_sources = true\n\n[general]\nautostrat = true\n\
        autostart = true\n\n[later]\na = 1\n\n[[sources]]\nid = \"company\"\n\
        name = \"Company\"\nurl = \"https://company.example/\"\ncolour = \"red\"\n";
    let mut world = world(newer, with(vec![work()]));
    let said = world.new_notices();
    let expected = [
        ("line 1", "shining"),
        ("line 5", "general.autostrat"),
        ("line 8", "later"),
        ("line 15", "sources.0.colour"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for (line, key) in expected {
        let named = |said: &&String| said.contains(line) && said.contains(key);
        assert_eq!(said.iter().filter(named).count(), 1, "{key} in {said:?}");
    }
    assert_eq!(world.asked(), [started("company")]);
    let policy = policy(newer);
    assert!(policy.apply(Settings::default()).general.autostart);
    assert_eq!(
        policy.locked().paths,
        ["general.autostart", "sources", "sources.company"]
    );
}

#[cfg(unix)]
#[test]
fn a_policy_that_others_can_change_or_that_is_no_file_does_not_count() {
    use std::{os::unix::fs::PermissionsExt as _, process::Command};

    use belldot_core::i18n::Localizer;

    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.toml");
    fs::write(&path, POLICY).unwrap();
    mode(&path, 0o644);
    assert!(!Policy::load(&path).is_broken());
    mode(&path, 0o666);
    assert!(Policy::load(&path).is_broken());
    mode(&path, 0o644);
    mode(folder.path(), 0o777);
    assert!(
        Policy::load(&path).is_broken(),
        "another file can be put there"
    );
    mode(folder.path(), 0o755);
    assert!(!Policy::load(&path).is_broken());
    fs::remove_file(&path).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    let policy = Policy::load(&path);
    assert_eq!(policy.apply(with(vec![work()])).sources, []);
    let said = policy.remarks(&Localizer::new(Language::English));
    assert!(said[0].contains("not a regular file"), "{said:?}");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(Policy::load(&path).is_broken());
    assert!(Policy::load("/dev/zero").is_broken());
}
