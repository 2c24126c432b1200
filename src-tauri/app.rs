//! The Tauri application: puts tray, toasts, windows, streams and controller together.

use std::{
    process::ExitCode,
    sync::{Arc, OnceLock},
    time::Duration,
};

use belldot_core::{
    Command, Controller, Input,
    controller::{self, Parts},
    inbox::Inbox,
    input::DesktopHint,
    policy::Policy,
    settings::{Language, Settings, SettingsFile, Sound},
    toast::{Toast, ToastId, Urgency},
    words::Words,
};
use clap::Parser as _;
use tauri::{AppHandle, Manager as _, RunEvent};
use tokio::{runtime::Runtime, time::timeout};

use crate::{
    cli::{Cli, Verb},
    commands, demo,
    desktop::Screen,
    notify::Notifier,
    os::{self, keyring::Keyring, places::Places, runtime, signals},
    rooms::{self, Rooms},
    streams::Lines,
    tray::Tray,
    way::Way,
    windows::{Activation, REMEMBERED},
};

/// How many inputs may wait for the controller before a stream has to: while one transaction of a
/// backlog is written, the next one gathers.
const WAITING: usize = 1_024;

/// How long a toast may take that says why Belldot does not start.
const TELLING: Duration = Duration::from_secs(5);

/// Runs the desktop app until it quits. A second start hands its wish to the first and ends.
///
/// # Errors
/// In a sentence, when the app cannot start at all.
pub fn run(cli: Cli) -> Result<ExitCode, String> {
    os::webkit::prepare();
    os::memory::share_heaps();
    // It lives as long as the process: ending it would wait for a keyring that may never answer.
    let runtime: &'static Runtime = Box::leak(Box::new(
        runtime::start().map_err(|error| error.to_string())?,
    ));
    tauri::async_runtime::set(runtime.handle().clone());
    let wish = cli.clone();
    let places = Places::choose(&cli)?;
    let kept = places.clone();
    let why_not = Arc::new(OnceLock::new());
    let refused = why_not.clone();
    let builder = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            second_start(app, &arguments)
        }))
        .plugin(
            // Pages do not open links by it: the windows see to that, for pages without access, too.
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filename(places.windows().to_string_lossy())
                .with_state_flags(REMEMBERED)
                .build(),
        );
    #[cfg(any(not(target_os = "linux"), feature = "portable"))]
    let builder = builder.plugin(tauri_plugin_notification::init());
    let app = builder
        .invoke_handler(tauri::generate_handler![
            commands::act,
            commands::close_window,
            commands::diagnosis,
            commands::export_inbox,
            commands::export_settings,
            commands::import_settings,
            commands::initial_about,
            commands::initial_todo,
            commands::list,
            commands::news,
            commands::open_folder,
            commands::open_settings,
            commands::open_todo,
            commands::open_todos,
            commands::position,
            commands::preview,
            commands::probe,
            commands::save_settings,
            commands::set_proxy_password,
            commands::set_token,
            commands::settings,
            commands::start_demo,
            commands::stream_report,
            commands::teach,
            commands::test_toast,
        ])
        .setup(move |app| {
            if let Err(sentence) = start(app.handle(), runtime, wish, kept) {
                tell_why_not(app.handle(), runtime, &sentence);
                let _ = refused.set(sentence);
                app.handle().exit(1);
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .map_err(|error| error.to_string())?;
    let code = app.run_return(|_, event| {
        // The last window closed is no reason to end; a code means that somebody asked.
        if let RunEvent::ExitRequested {
            api, code: None, ..
        } = event
        {
            api.prevent_exit();
        }
    });
    match why_not.get() {
        Some(sentence) => Err(sentence.clone()),
        None if code == 0 => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Everything that happens once, when this is the first start.
fn start(app: &AppHandle, runtime: &Runtime, cli: Cli, places: Places) -> Result<(), String> {
    if matches!(cli.verb, Some(Verb::Quit)) {
        // Nothing runs, so nothing is to be ended.
        app.exit(0);
        return Ok(());
    }
    #[cfg(target_os = "macos")]
    let _ = app
        .handle()
        .set_activation_policy(tauri::ActivationPolicy::Accessory);
    os::log::start(Some(&places.logs()));
    let left_behind = os::panic::left_behind(&places.logs());
    os::panic::describe_in(places.logs());
    let (mut file, mut settings, wrong) = SettingsFile::load(places.settings());
    let policy = Policy::load(Places::policy());
    let words = Words::new(policy.apply(settings.clone()).general.language);
    if let Some(Verb::Demo { listen }) = &cli.verb {
        prepare_demo(&mut file, &mut settings, runtime, &places, *listen, &words)?;
    }
    let inbox = Inbox::open(places.inbox()).map_err(|error| error.say(&words))?;
    let (inputs, waiting) = flume::bounded(WAITING);
    let keyring = Arc::new(Keyring::default());
    let rooms = Arc::new(Rooms::new(
        app.clone(),
        inputs.clone(),
        places,
        keyring.clone(),
        Way::new(runtime.handle().clone(), keyring.clone()),
        policy.clone(),
        settings.clone(),
    ));
    app.manage(rooms.clone());

    let lines = Lines::new(
        runtime.handle().clone(),
        inputs.clone(),
        keyring,
        rooms.way().clone(),
        rooms.records().clone(),
    );
    let notifier = Arc::new(Notifier::start(
        app,
        inputs.clone(),
        rooms.activation().clone(),
    ));
    rooms.keep_notifier(notifier.clone());
    let tray = Tray::start(app, inputs.clone(), rooms.activation().clone());
    let in_effect = rooms.settings();
    keep_autostart(&in_effect, rooms.places());
    let screen = Screen::new(app.clone(), tray, notifier, rooms, lines.closing());
    os::hints::watch(lines.hints());
    let has_source = !in_effect.sources.is_empty();
    let controller = Controller::new(Parts {
        inbox,
        file,
        settings,
        policy,
        wrong_settings: wrong,
        // Who asks for a window gets that one only.
        hidden: cli.hidden || cli.verb.is_some(),
        desktop: screen,
        streams: lines,
    });
    std::thread::Builder::new()
        .name("controller".to_owned())
        .spawn(move || controller::run(controller, &waiting))
        .map_err(|error| error.to_string())?;

    os::memory::give_back_soon(app);
    os::panic::on_request();
    runtime.spawn(signals::quit_on_signal(inputs.clone()));
    if let Some(path) = left_behind {
        let _ = inputs.send(Input::Desktop(DesktopHint::Panicked(path)));
    }
    if let Some(command) = first_wish(&cli, has_source) {
        let _ = inputs.send(Input::Command(command));
    }
    Ok(())
}

/// Whoever starts Belldot from a menu sees no terminal: a toast says why it does not start.
fn tell_why_not(app: &AppHandle, runtime: &Runtime, sentence: &str) {
    let (inputs, _) = flume::unbounded();
    let notifier = Notifier::start(app, inputs, Activation::default());
    let toast = Toast {
        id: ToastId::Notice("start".to_owned()),
        title: Words::new(Language::System).say("notice-title", &[]),
        body: sentence.to_owned(),
        urgency: Urgency::Normal,
        sound: Sound::Desktop,
        click: Command::OpenPage,
        actions: Vec::new(),
    };
    // A desktop that takes no toasts must not keep us.
    let _ = runtime.block_on(async { timeout(TELLING, notifier.try_show(&toast)).await });
}

fn prepare_demo(
    file: &mut SettingsFile,
    settings: &mut Settings,
    runtime: &Runtime,
    places: &Places,
    listen: std::net::SocketAddr,
    words: &Words,
) -> Result<(), String> {
    let url = runtime.block_on(demo::start(places.demo(), listen, words.clone()))?;
    demo::add_source(settings, url.clone(), words);
    file.save(settings).map_err(|error| error.say(words))?;
    use std::io::Write as _;
    let said = words.say("demo-running", &[("url", url.as_str().into())]);
    let _ = writeln!(std::io::stdout(), "{said}");
    Ok(())
}

/// Sees to it that what was set about starting with the session still holds.
fn keep_autostart(settings: &Settings, places: &Places) {
    if settings.general.autostart
        && let Err(error) = os::autostart::keep(places)
    {
        tracing::warn!(error, "Belldot does not start with the session");
    }
}

/// What the first start shows; without a source a plain start shows the settings by itself.
fn first_wish(cli: &Cli, has_source: bool) -> Option<Command> {
    match &cli.verb {
        _ if cli.todo.is_some() => cli.todo.clone().map(Command::OpenTodoById),
        Some(Verb::Settings) => Some(Command::OpenSettings),
        Some(Verb::Demo { .. }) => None,
        Some(Verb::Open) => Some(Command::OpenPage),
        _ if cli.hidden || !has_source => None,
        _ => Some(Command::OpenPage),
    }
}

/// A second start on the same session: what it wants, the running one does.
fn second_start(app: &AppHandle, arguments: &[String]) {
    let Some(rooms) = rooms::of(app) else {
        return;
    };
    let cli = Cli::try_parse_from(arguments).ok();
    let command = match cli.map(|cli| (cli.verb, cli.todo)) {
        Some((Some(Verb::Settings), _)) => Command::OpenSettings,
        Some((Some(Verb::Quit), _)) => Command::Quit,
        Some((_, Some(todo))) => Command::OpenTodoById(todo),
        _ => Command::OpenPage,
    };
    rooms.wish(command);
}
