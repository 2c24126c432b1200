//! The Tauri application: puts tray, toasts, windows, streams and controller together.

use std::{
    process::ExitCode,
    sync::{Arc, OnceLock},
    time::Duration,
};

use belldot_core::{
    Command, Controller,
    controller::{self, Parts},
    inbox::Inbox,
    input::DesktopHint,
    policy::Policy,
    private,
    settings::{Language, Settings, SettingsFile, Sound},
    toast::{Toast, ToastId, Urgency},
    words::Words,
};
use tauri::{AppHandle, Manager as _, RunEvent};
use tokio::{runtime::Runtime, time::timeout};

#[cfg(unix)]
use crate::instance::{self, Start, Wish};
use crate::{
    cli::{Cli, Verb},
    commands, demo,
    desktop::Screen,
    notify::Notifier,
    os::{self, keyring::Keyring, places::Places, runtime, signals},
    page_faults::PageFaults,
    rooms::Rooms,
    secrets,
    streams::Lines,
    tray::Tray,
    way::Way,
    windows::{self, Activation, REMEMBERED},
};

/// How many inputs may wait for the controller before a stream has to: while one transaction of a
/// backlog is written, the next one gathers.
const WAITING: usize = 1_024;

/// How long the way out may take; then the process ends as it is. What was committed is safe, and
/// what was not comes again.
const LEAVING: Duration = Duration::from_millis(1_800);

/// How long a toast may take that says why Belldot does not start.
const TELLING: Duration = Duration::from_secs(5);

/// Runs the desktop app until it quits. A second start hands its wish to the first and ends.
///
/// # Errors
/// In a sentence, when the app cannot start at all, or the first does not do it.
pub fn run(cli: Cli) -> Result<ExitCode, String> {
    let places = Places::choose(&cli)?;
    #[cfg(unix)]
    let only = match instance::start(places.data(), wish(&cli), &words())? {
        Start::First(only) => only,
        Start::Done => {
            if let Some(Verb::Demo { .. }) = cli.verb {
                say(&words().say("demo-runs-already", &[]));
            }
            return Ok(ExitCode::SUCCESS);
        }
    };
    os::display::look_for()
        .map_err(|detail| words().say("error-no-display", &[("detail", detail.into())]))?;
    os::webkit::prepare();
    os::memory::share_heaps();
    // It lives as long as the process: ending it would wait for a keyring that may never answer.
    let runtime: &'static Runtime = Box::leak(Box::new(
        runtime::start().map_err(|error| error.to_string())?,
    ));
    tauri::async_runtime::set(runtime.handle().clone());
    let kept = places.clone();
    let why_not = Arc::new(OnceLock::new());
    let refused = why_not.clone();
    let builder = tauri::Builder::default();
    #[cfg(not(unix))]
    let builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
        second_start(app, &arguments)
    }));
    let builder = builder
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
            commands::address,
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
            commands::page_fault,
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
            #[cfg(not(unix))]
            if matches!(cli.verb, Some(Verb::Quit)) {
                // Nothing runs, so nothing is to be ended.
                app.handle().exit(0);
                return Ok(());
            }
            let started = start(app.handle(), runtime, cli, kept);
            #[cfg(unix)]
            let started = started.map(|rooms| only.serve(runtime.handle(), rooms));
            if let Err(sentence) = started {
                tell_why_not(app.handle(), runtime, &sentence);
                let _ = refused.set(sentence);
                app.handle().exit(1);
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .map_err(|error| error.to_string())?;
    let windows = places.windows();
    let code = app.run_return(|_, event| {
        // The last window closed is no reason to end; a code means that somebody asked.
        if let RunEvent::ExitRequested {
            api, code: None, ..
        } = event
        {
            api.prevent_exit();
        }
    });
    // A plugin has written it, by its own lights.
    private::narrow(&windows);
    match why_not.get() {
        Some(sentence) => Err(sentence.clone()),
        None if code == 0 => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::FAILURE),
    }
}

/// Everything that happens once, when this is the first start.
fn start(
    app: &AppHandle,
    runtime: &Runtime,
    cli: Cli,
    places: Places,
) -> Result<Arc<Rooms>, String> {
    #[cfg(target_os = "macos")]
    if let Err(error) = app.set_activation_policy(tauri::ActivationPolicy::Accessory) {
        tracing::warn!(%error, "Belldot has a symbol in the Dock");
    }
    os::log::start(Some(&places.logs()));
    os::narrow::narrow(&places);
    let left_behind = os::panic::left_behind(&places.logs());
    os::panic::describe_in(places.logs());
    let (mut file, mut settings, wrong) = SettingsFile::load(places.settings());
    let policy = Policy::load(Places::policy());
    let words = Words::new(policy.apply(settings.clone()).general.language);
    if let Some(Verb::Demo { listen }) = &cli.verb {
        prepare_demo(&mut file, &mut settings, runtime, &places, *listen, &words)?;
    }
    let keyring = Arc::new(Keyring::open(&places));
    let inbox = Inbox::open(places.inbox()).map_err(|error| error.say(&words))?;
    let (inputs, lanes) = controller::lanes(WAITING);
    let inputs = inputs.on_quit(leave_soon);
    let rooms = Arc::new(Rooms::new(
        app.clone(),
        inputs.clone(),
        places,
        keyring.clone(),
        Way::new(keyring.clone()),
        policy.clone(),
        settings.clone(),
    ));
    app.manage(rooms.clone());
    app.manage(PageFaults::default());

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
    // Settings that cannot be read name no sources, and mean nothing by that.
    if wrong.is_none() && !policy.is_broken() {
        windows::forget_all_but(rooms.places(), &in_effect);
    }
    keep_autostart(&in_effect, rooms.places());
    let screen = Screen::new(app.clone(), tray, notifier, rooms.clone(), lines.closing());
    let hints = lines.hints();
    let readable = wrong.is_none();
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
        .spawn(move || controller::run(controller, &lanes))
        .map_err(|error| error.to_string())?;

    // GIO may wait here for a network manager that hangs; the bell is there already.
    os::hints::watch(hints);
    os::memory::give_back_soon(app);
    os::panic::on_request();
    runtime.spawn(signals::quit_on_signal(inputs.clone()));
    runtime.spawn(secrets::keep_in_step(rooms.clone(), readable));
    let edited = inputs.clone();
    runtime.spawn(os::edits::watch(rooms.places().settings(), move || {
        edited.tell(DesktopHint::SettingsFile);
    }));
    if let Some(path) = left_behind {
        inputs.tell(DesktopHint::Panicked(path));
    }
    if let Some(command) = first_wish(&cli, has_source) {
        inputs.tell(command);
    }
    Ok(rooms)
}

/// Ends the process soon, whatever still holds it up: a disk that does not answer, say.
fn leave_soon() {
    let spawned = std::thread::Builder::new()
        .name("leaving".to_owned())
        .spawn(|| {
            std::thread::sleep(LEAVING);
            tracing::warn!("something holds up the end; ends without it");
            std::process::exit(0);
        });
    if let Err(error) = spawned {
        tracing::warn!(%error, "nobody sees to it that the process ends in time");
    }
}

/// Words before the settings are read.
fn words() -> Words {
    Words::new(Language::System)
}

/// Says something in the terminal, if there is one.
fn say(sentence: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{sentence}");
}

/// Whoever starts Belldot from a menu sees no terminal: a toast says why it does not start.
fn tell_why_not(app: &AppHandle, runtime: &Runtime, sentence: &str) {
    let (inputs, _) = controller::lanes(1);
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
    say(&words.say("demo-running", &[("url", url.as_str().into())]));
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

/// What a second start wants of the first.
#[cfg(unix)]
fn wish(cli: &Cli) -> Wish {
    match &cli.verb {
        _ if cli.todo.is_some() => cli.todo.clone().map_or(Wish::Open, Wish::Todo),
        Some(Verb::Settings) => Wish::Settings,
        Some(Verb::Quit) => Wish::Quit,
        None if cli.hidden => Wish::Run,
        _ => Wish::Open,
    }
}

/// A second start on the same session: what it wants, the running one does.
#[cfg(not(unix))]
fn second_start(app: &AppHandle, arguments: &[String]) {
    use clap::Parser as _;
    let Some(rooms) = crate::rooms::of(app) else {
        return;
    };
    let cli = Cli::try_parse_from(arguments).ok();
    let command = match cli.map(|cli| (cli.verb, cli.todo)) {
        Some((Some(Verb::Settings), _)) => Command::OpenSettings,
        Some((Some(Verb::Quit), _)) => Command::Quit,
        Some((_, Some(todo))) => Command::OpenTodoById(todo),
        _ => Command::OpenPage,
    };
    rooms.inputs().tell(command);
}
