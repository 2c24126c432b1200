//! The application: puts streams, inbox, tray, toasts and windows together.

#[cfg(all(target_os = "linux", not(feature = "portable")))]
use std::process::ExitCode;
use std::{sync::Arc, time::Duration};

use belldot_core::{
    Command, Controller,
    controller::{self, Inputs, Parts},
    i18n::Localizer,
    inbox::Inbox,
    input::DesktopEvent,
    policy::Policy,
    settings::{Language, Settings, SettingsFile, Sound},
    toast::{Toast, ToastId, Urgency},
};
use tokio::{runtime::Runtime, time::timeout};

#[cfg(unix)]
use crate::instance::{self, InstanceCommand, InstanceStart};
use crate::{
    cli::{Cli, Verb},
    demo,
    desktop::Screen,
    notify::Notifier,
    os::{self, keyring::Keyring, paths::AppPaths, runtime, signals},
    pages, secrets,
    state::AppState,
    streams::StreamSupervisor,
    tray::Tray,
    windows::{self, Activation, FromWindows, WindowHost, WindowOwner},
};

/// How many inputs may wait for the controller before a stream has to: while one transaction of a
/// backlog is written, the next one gathers.
const WAITING: usize = 1_024;

/// How long the way out may take; then the process ends as it is. What was committed is safe, and
/// what was not comes again.
const LEAVING: Duration = Duration::from_millis(1_800);

/// How long a toast may take that says why Belldot does not start.
const TELLING: Duration = Duration::from_secs(5);

/// What this desktop shows things by.
pub trait Shell {
    /// The bell in the tray.
    fn tray(&self, inputs: Inputs, activation: Activation) -> Box<dyn Tray>;

    /// What toasts are shown by.
    fn notifier(&self, inputs: Inputs, activation: Activation) -> Arc<dyn Notifier>;

    /// Whoever shows windows; what they tell is sent there.
    fn windows(&self, paths: &AppPaths, told: WindowMessages) -> Arc<dyn WindowHost>;

    /// Ends the program, with this code.
    fn exit(&self) -> Box<dyn Fn(i32) + Send>;
}

/// Where windows tell something.
pub type WindowMessages = flume::Sender<(WindowOwner, FromWindows)>;

/// The first start of a profile.
pub struct FirstStart {
    cli: Cli,
    paths: AppPaths,
    runtime: &'static Runtime,
    #[cfg(unix)]
    only: instance::InstanceLock,
}

impl FirstStart {
    /// The first start; nothing where another one runs and has done what this one wants.
    ///
    /// # Errors
    /// In a sentence, when the app cannot start at all, or the one that runs does not do it.
    pub fn of(cli: Cli) -> Result<Option<Self>, String> {
        let paths = AppPaths::choose(&cli)?;
        #[cfg(unix)]
        let only = match instance::start(paths.data(), wish(&cli), &words())? {
            InstanceStart::First(only) => only,
            InstanceStart::Done => {
                if let Some(Verb::Demo { .. }) = cli.verb {
                    say(&words().text("demo-runs-already", &[]));
                }
                return Ok(None);
            }
        };
        os::display::look_for()
            .map_err(|detail| words().text("error-no-display", &[("detail", detail.into())]))?;
        // It lives as long as the process: ending it would wait for a keyring that may never
        // answer.
        let runtime = Box::leak(Box::new(
            runtime::start().map_err(|error| error.to_string())?,
        ));
        Ok(Some(Self {
            cli,
            paths,
            runtime,
            #[cfg(unix)]
            only,
        }))
    }

    /// Whether the running one was to end; there is none.
    #[cfg(not(unix))]
    pub fn is_to_quit(&self) -> bool {
        matches!(self.cli.verb, Some(Verb::Quit))
    }

    /// Where files are.
    pub fn paths(&self) -> &AppPaths {
        &self.paths
    }

    /// Where tasks run.
    pub fn runtime(&self) -> &'static Runtime {
        self.runtime
    }

    /// Starts everything.
    ///
    /// # Errors
    /// Why Belldot does not start, in a sentence, which was shown as a toast, too.
    pub fn start(self, shell: &dyn Shell) -> Result<Arc<AppState>, String> {
        #[cfg(unix)]
        let Self {
            cli,
            paths,
            runtime,
            only,
        } = self;
        #[cfg(not(unix))]
        let Self {
            cli,
            paths,
            runtime,
        } = self;
        let state = start(shell, runtime, &cli, paths);
        if let Err(sentence) = &state {
            tell_why_not(shell, runtime, sentence);
        }
        #[cfg(unix)]
        if let Ok(state) = &state {
            only.serve(runtime.handle(), state.clone());
        }
        state
    }
}

/// Runs Belldot until it quits: the bell in this process, windows in others.
///
/// # Errors
/// In a sentence, when it cannot start at all, or the one that runs does not do what this one
/// wants.
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub fn run(cli: Cli) -> Result<ExitCode, String> {
    let Some(first) = FirstStart::of(cli)? else {
        return Ok(ExitCode::SUCCESS);
    };
    let (exit, exited) = flume::unbounded();
    let shell = native::Native {
        runtime: first.runtime(),
        exit,
    };
    let _state = first.start(&shell)?;
    match exited.recv() {
        Ok(0) => Ok(ExitCode::SUCCESS),
        _ => Ok(ExitCode::FAILURE),
    }
}

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod native {
    use std::sync::Arc;

    use belldot_core::controller::Inputs;
    use tokio::runtime::Runtime;

    use super::{Shell, WindowMessages};
    use crate::{
        notify::{Notifier, freedesktop},
        os::paths::AppPaths,
        tray::{StatusNotifier, Tray},
        windows::{Activation, WindowHost, process::WindowProcesses},
    };

    /// The bus for tray and toasts, processes for windows.
    pub struct Native {
        pub runtime: &'static Runtime,
        pub exit: flume::Sender<i32>,
    }

    impl Shell for Native {
        fn tray(&self, inputs: Inputs, activation: Activation) -> Box<dyn Tray> {
            Box::new(StatusNotifier::start(
                self.runtime.handle(),
                inputs,
                activation,
            ))
        }

        fn notifier(&self, inputs: Inputs, activation: Activation) -> Arc<dyn Notifier> {
            Arc::new(freedesktop::FreedesktopNotifier::start(inputs, activation))
        }

        fn windows(&self, paths: &AppPaths, told: WindowMessages) -> Arc<dyn WindowHost> {
            let runtime = self.runtime.handle().clone();
            Arc::new(WindowProcesses::new(runtime, paths, told))
        }

        fn exit(&self) -> Box<dyn Fn(i32) + Send> {
            let exit = self.exit.clone();
            Box::new(move |code| {
                let _ = exit.send(code);
            })
        }
    }
}

/// Everything that happens once, when this is the first start.
fn start(
    shell: &dyn Shell,
    runtime: &'static Runtime,
    cli: &Cli,
    paths: AppPaths,
) -> Result<Arc<AppState>, String> {
    os::log::start(Some(&paths.logs()));
    os::narrow::narrow(&paths);
    let left_behind = os::panic::left_behind(&paths.logs());
    os::panic::describe_in(paths.logs());
    let (mut file, mut settings, wrong) = SettingsFile::load(paths.settings());
    let policy = Policy::load(AppPaths::policy());
    let words = Localizer::new(policy.apply(settings.clone()).general.language);
    if let Some(Verb::Demo { listen }) = &cli.verb {
        prepare_demo(&mut file, &mut settings, runtime, &paths, *listen, &words)?;
    }
    let keyring = Arc::new(Keyring::open(&paths));
    let inbox = Inbox::open(paths.inbox()).map_err(|error| error.say(&words))?;
    let (inputs, lanes) = controller::lanes(WAITING);
    let inputs = inputs.on_quit(leave_soon);
    let (told, heard) = flume::unbounded();
    let state = Arc::new(AppState::new(
        runtime.handle().clone(),
        shell.windows(&paths, told),
        inputs.clone(),
        paths,
        keyring.clone(),
        policy.clone(),
        settings.clone(),
    ));
    let hearing = state.clone();
    runtime.spawn(async move {
        while let Ok((owner, message)) = heard.recv_async().await {
            pages::hear(&hearing, &owner, message);
        }
    });

    let streams = StreamSupervisor::new(
        runtime.handle().clone(),
        inputs.clone(),
        keyring,
        state.http().clone(),
        state.histories().clone(),
    );
    let notifier = shell.notifier(inputs.clone(), state.activation().clone());
    state.keep_notifier(notifier.clone());
    let tray = shell.tray(inputs.clone(), state.activation().clone());
    let in_effect = state.settings();
    // Settings that cannot be read name no sources, and mean nothing by that.
    if wrong.is_none() && !policy.is_broken() {
        windows::forget_all_but(state.paths(), &in_effect);
    }
    keep_autostart(&in_effect, state.paths());
    let screen = Screen::new(
        tray,
        notifier,
        state.clone(),
        streams.closing(),
        shell.exit(),
    );
    let connectivity = streams.connectivity();
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
        streams,
    });
    std::thread::Builder::new()
        .name("controller".to_owned())
        .spawn(move || controller::run(controller, &lanes))
        .map_err(|error| error.to_string())?;

    os::connectivity::watch(runtime.handle(), move |event| {
        // Mostly there is a stream that hears it.
        let _ = connectivity.send(event);
    });
    os::panic::on_request();
    runtime.spawn(signals::quit_on_signal(inputs.clone()));
    runtime.spawn(secrets::keep_in_step(state.clone(), readable));
    let edited = inputs.clone();
    runtime.spawn(os::edits::watch(state.paths().settings(), move || {
        edited.tell(DesktopEvent::SettingsFile);
    }));
    if let Some(path) = left_behind {
        inputs.tell(DesktopEvent::Panicked(path));
    }
    if let Some(command) = first_wish(cli, has_source) {
        inputs.tell(command);
    }
    Ok(state)
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
fn words() -> Localizer {
    Localizer::new(Language::System)
}

/// Says something in the terminal, if there is one.
fn say(sentence: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{sentence}");
}

/// Whoever starts Belldot from a menu sees no terminal: a toast says why it does not start.
fn tell_why_not(shell: &dyn Shell, runtime: &Runtime, sentence: &str) {
    let (inputs, _) = controller::lanes(1);
    let notifier = shell.notifier(inputs, Activation::default());
    let toast = Toast {
        id: ToastId::Notice("start".to_owned()),
        title: Localizer::new(Language::System).text("notice-title", &[]),
        body: sentence.to_owned(),
        urgency: Urgency::Normal,
        sound: Sound::Desktop,
        click: Command::OpenPage,
        actions: Vec::new(),
    };
    // A desktop that takes no toasts must not keep us.
    let (reply, shown) = flume::bounded(1);
    notifier.try_show(&toast, reply);
    let _ = runtime.block_on(async { timeout(TELLING, shown.recv_async()).await });
}

fn prepare_demo(
    file: &mut SettingsFile,
    settings: &mut Settings,
    runtime: &Runtime,
    paths: &AppPaths,
    listen: std::net::SocketAddr,
    words: &Localizer,
) -> Result<(), String> {
    let url = runtime.block_on(demo::start(paths.demo(), listen, words.clone()))?;
    demo::add_source(settings, url.clone(), words);
    file.save(settings).map_err(|error| error.say(words))?;
    say(&words.text("demo-running", &[("url", url.as_str().into())]));
    Ok(())
}

/// Sees to it that what was set about starting with the session still holds.
fn keep_autostart(settings: &Settings, paths: &AppPaths) {
    if settings.general.autostart
        && let Err(error) = os::autostart::keep(paths)
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
fn wish(cli: &Cli) -> InstanceCommand {
    match &cli.verb {
        _ if cli.todo.is_some() => cli
            .todo
            .clone()
            .map_or(InstanceCommand::Open, InstanceCommand::Todo),
        Some(Verb::Settings) => InstanceCommand::Settings,
        Some(Verb::Quit) => InstanceCommand::Quit,
        None if cli.hidden => InstanceCommand::Run,
        _ => InstanceCommand::Open,
    }
}

/// What a second start on the same session wants, the running one does.
#[cfg(not(unix))]
pub fn second_start(state: &AppState, arguments: &[String]) {
    use clap::Parser as _;
    let cli = Cli::try_parse_from(arguments).ok();
    let command = match cli.map(|cli| (cli.verb, cli.todo)) {
        Some((Some(Verb::Settings), _)) => Command::OpenSettings,
        Some((Some(Verb::Quit), _)) => Command::Quit,
        Some((_, Some(todo))) => Command::OpenTodoById(todo),
        _ => Command::OpenPage,
    };
    state.inputs().tell(command);
}
