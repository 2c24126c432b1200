//! Changed settings take effect at once, and only where something changed.

use belldot_core::{
    format::Format,
    input::DesktopEvent,
    settings::{Language, Settings, SettingsError},
    source::StreamState,
};

use crate::world::{Asked, World, plain, todo, work};

#[test]
fn a_new_source_starts_and_the_others_stay() {
    let mut world = World::open();
    world.asked();
    world
        .change(|settings| settings.sources.push(plain()))
        .unwrap();
    assert_eq!(
        world.asked(),
        [Asked::Start("plain".to_owned(), String::new())]
    );
}

#[test]
fn a_removed_source_stops_and_its_todos_leave_with_it() {
    let mut world = World::of(vec![work(), plain()]);
    world.say([todo("1", "Sign")]);
    world.asked();
    world
        .change(|settings| settings.sources.retain(|source| source.id != work().id))
        .unwrap();
    assert_eq!(world.asked(), [Asked::Stop("work".to_owned())]);
    assert_eq!((world.unread(), world.titles().len()), (0, 0));
}

#[test]
fn a_removed_source_that_comes_back_brings_its_todos_and_goes_on_where_it_was() {
    let mut world = World::of(vec![work(), plain()]);
    world.say([todo("7", "Sign")]);
    world
        .change(|settings| settings.sources.retain(|source| source.id != work().id))
        .unwrap();
    world.asked();
    world
        .change(|settings| settings.sources.push(work()))
        .unwrap();
    assert_eq!(
        world.asked(),
        [Asked::Start("work".to_owned(), "7".to_owned())]
    );
    assert_eq!(
        (world.unread(), world.titles()),
        (1, vec!["Sign".to_owned()])
    );
}

#[test]
fn another_name_or_page_leaves_the_stream_alone() {
    let mut world = World::open();
    world.asked();
    world
        .change(|settings| {
            settings.sources[0].name = "Office".to_owned();
            settings.sources[0].page = Some("https://todo.example/".parse().unwrap());
        })
        .unwrap();
    assert_eq!(world.asked(), []);
    assert!(world.bell().tooltip.contains("Office · connected"));
}

#[test]
fn another_format_restarts_the_stream_where_it_was() {
    let mut world = World::open();
    world.say([todo("7", "Sign")]);
    world.asked();
    world
        .change(|settings| settings.sources[0].format = Format::Text)
        .unwrap();
    assert_eq!(
        world.asked(),
        [
            Asked::Stop("work".to_owned()),
            Asked::Start("work".to_owned(), "7".to_owned())
        ]
    );
}

#[test]
fn another_address_restarts_the_stream_from_the_beginning() {
    let mut world = World::open();
    world.say([todo("7", "Sign")]);
    world.asked();
    let url = "https://new.example/api/v1/events".parse().unwrap();
    world
        .change(|settings| settings.sources[0].url = url)
        .unwrap();
    assert_eq!(
        world.asked(),
        [
            Asked::Stop("work".to_owned()),
            Asked::Start("work".to_owned(), String::new())
        ]
    );
}

#[test]
fn what_the_stream_of_the_old_address_still_had_to_say_is_ignored() {
    let mut world = World::open();
    let url = "https://new.example/api/v1/events".parse().unwrap();
    world
        .change(|settings| settings.sources[0].url = url)
        .unwrap();
    world.say([todo("8", "Late")]);
    world.is("work", StreamState::connecting());
    world.opens("work");
    world.say([todo("1", "New")]);
    assert_eq!(world.titles(), ["New"]);
    let mut world = world.killed_and_restarted();
    assert_eq!(
        world.asked(),
        [Asked::Start("work".to_owned(), "1".to_owned())]
    );
}

#[test]
fn a_source_is_paused_and_resumed_without_losing_its_place() {
    let mut world = World::open();
    world.asked();
    world
        .change(|settings| settings.sources[0].paused = true)
        .unwrap();
    assert_eq!(world.asked(), [Asked::Pause("work".to_owned(), true)]);
    world
        .change(|settings| settings.sources[0].paused = false)
        .unwrap();
    assert_eq!(world.asked(), [Asked::Pause("work".to_owned(), false)]);
}

#[test]
fn another_language_is_spoken_at_once() {
    let mut world = World::open();
    world
        .change(|settings| settings.general.language = Language::Chinese)
        .unwrap();
    world.todo("1", "签字");
    assert_eq!(world.bell().title, "1 条未读待办");
}

#[test]
fn what_cannot_be_is_refused_with_a_reason_and_changes_nothing() {
    let mut world = World::open();
    let before = world.settings();
    world.asked();
    let wrong = [
        world.change(|settings| settings.sources[0].url = "file:///etc/passwd".parse().unwrap()),
        world.change(|settings| settings.sources[0].name = "  ".to_owned()),
        world.change(|settings| settings.sources.push(work())),
    ];
    for result in wrong {
        assert!(
            matches!(result, Err(SettingsError::Validation(_))),
            "{result:?}"
        );
    }
    assert_eq!(world.asked(), []);
    assert_eq!(world.settings(), before);
    assert!(!world.folder.path().join("settings.toml").exists());
}

#[test]
fn taken_settings_are_kept_in_the_file() {
    let mut world = World::open();
    world
        .change(|settings| settings.sources.push(plain()))
        .unwrap();
    let (_, kept, error) =
        belldot_core::settings::SettingsFile::load(world.folder.path().join("settings.toml"));
    assert!(error.is_none());
    assert_eq!(kept.sources.len(), 2);
    assert_eq!(kept, world.settings());
}

/// Edits the file by hand: with a comment, and as these settings say.
fn edit(world: &World, settings: &Settings) {
    let text = format!("# mine\n{}", settings.to_toml().unwrap());
    std::fs::write(world.folder.path().join("settings.toml"), text).unwrap();
}

fn file(world: &World) -> String {
    std::fs::read_to_string(world.folder.path().join("settings.toml")).unwrap()
}

/// The copies that were kept of it, by the end of their names.
fn kept_aside(world: &World, why: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(world.folder.path()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let start = format!("settings.toml.{why}-");
    paths
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(&start)
        })
        .collect()
}

#[test]
fn a_file_edited_by_hand_is_taken_at_once_and_its_comments_stay() {
    let mut world = World::open();
    world.asked();
    let mut edited = world.settings();
    edited.sources.push(plain());
    edited.notifications.private = true;
    edit(&world, &edited);
    world.hint(DesktopEvent::SettingsFile);
    assert_eq!(
        world.asked(),
        [Asked::Start("plain".to_owned(), String::new())]
    );
    assert_eq!(world.screen().settings, Some(edited));
    world.settle();
    assert!(world.screen().news.last().unwrap().settings_changed);
    assert!(file(&world).starts_with("# mine"));
    assert_eq!(world.new_notices(), Vec::<String>::new());
}

#[test]
fn an_edit_of_the_file_and_a_change_in_the_window_come_together() {
    let mut world = World::open();
    let mut edited = world.settings();
    edited.sources.push(plain());
    edited.notifications.quiet.enabled = true;
    edit(&world, &edited);
    // Before anybody has told that the file changed.
    world
        .change(|settings| settings.notifications.private = true)
        .unwrap();
    edited.notifications.private = true;
    assert_eq!(world.screen().settings, Some(edited.clone()));
    let kept = Settings::from_toml(&file(&world), "settings.toml".as_ref()).unwrap();
    assert_eq!(kept, edited);
    assert!(kept_aside(&world, "edited").is_empty());
}

#[test]
fn of_two_values_for_one_setting_the_windows_counts_and_the_file_is_kept_aside() {
    let mut world = World::open();
    let mut edited = world.settings();
    edited.sources[0].name = "By hand".to_owned();
    edit(&world, &edited);
    world
        .change(|settings| settings.sources[0].name = "In the window".to_owned())
        .unwrap();
    let in_effect = world.screen().settings.clone().unwrap();
    assert_eq!(in_effect.sources[0].name, "In the window");
    let said = world.new_notices();
    assert!(said[0].contains("settings.toml.edited-"), "{said:?}");
    let aside = kept_aside(&world, "edited");
    let text = std::fs::read_to_string(&aside[0]).unwrap();
    assert!(text.contains("By hand"), "{text}");
}

#[test]
fn a_wrong_edit_is_said_with_its_line_and_changes_nothing_until_it_is_corrected() {
    let mut world = World::open();
    world.change(|_| ()).unwrap();
    world.asked();
    let path = world.folder.path().join("settings.toml");
    std::fs::write(&path, "[general]\nlanguage = 7\n").unwrap();
    world.hint(DesktopEvent::SettingsFile);
    world.hint(DesktopEvent::SettingsFile);
    let said = world.new_notices();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("line 2"), "{said:?}");
    assert_eq!(world.asked(), [], "the streams go on");

    // The window is still of use, and the edit is not lost.
    world
        .change(|settings| settings.notifications.private = true)
        .unwrap();
    let aside = kept_aside(&world, "wrong");
    let text = std::fs::read_to_string(&aside[0]).unwrap();
    assert!(text.contains("language = 7"), "{text}");
}

#[test]
fn a_file_that_is_gone_changes_nothing() {
    let mut world = World::open();
    world
        .change(|settings| settings.notifications.private = true)
        .unwrap();
    world.asked();
    std::fs::remove_file(world.folder.path().join("settings.toml")).unwrap();
    world.hint(DesktopEvent::SettingsFile);
    assert_eq!(world.asked(), []);
    world
        .change(|settings| settings.sources[0].name = "Office".to_owned())
        .unwrap();
    assert!(file(&world).contains("Office"));
}

#[test]
fn what_belldot_wrote_itself_is_no_edit() {
    let mut world = World::open();
    world
        .change(|settings| settings.notifications.private = true)
        .unwrap();
    world.settle();
    world.screen().settings = None;
    world.hint(DesktopEvent::SettingsFile);
    assert_eq!(world.screen().settings, None);
}
