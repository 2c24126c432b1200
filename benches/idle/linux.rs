use std::{
    collections::BTreeMap,
    env, fs,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use belldot_session::{Session, SessionOptions};
use belldot_testkit::{Belldot, BelldotServer, Figures, Home, SessionExt as _};
use serde_json::json;

/// The longest wait for a condition.
const LIMIT: Duration = Duration::from_secs(60);

const PSS_BAR: f64 = 15.0;
const DIRTY_BAR: f64 = 4.0;
const WAKE_UPS_BAR: f64 = 1.0;
/// Within what an allocator takes and gives back anyway.
const GROWTH_BAR: f64 = 0.75;

const MINUTE: Duration = Duration::from_secs(60);
/// Between two looks at the memory.
const LOOK: Duration = Duration::from_secs(2);
/// Memory has settled when so many looks in a row differ by less than this, in MiB.
const STEADY: usize = 8;
const STEADY_WITHIN: f64 = 0.1;

pub fn run() -> ExitCode {
    let server = BelldotServer::start(&[]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let belldot = Belldot::start(&session, &home, &["--hidden"]);
    session.wait_for_bell("that is connected", |bell| {
        bell.tooltip.1.contains("connected")
    });
    let mut figures = Figures::default();

    let processes = Processes {
        session: &session,
        belldot: belldot.pid(),
    };
    let memory = settled(&processes);
    figures.at_most("Idle, PSS", memory.pss, PSS_BAR, "MB");
    figures.at_most("Idle, private dirty", memory.dirty, DIRTY_BAR, "MB");
    wake_ups(&processes, &mut figures);
    soak(&processes, &server, &mut figures);
    let memory = after_a_window(&processes, &home);
    figures.at_most("After a window, PSS", memory.pss, PSS_BAR, "MB");
    figures.at_most(
        "After a window, private dirty",
        memory.dirty,
        DIRTY_BAR,
        "MB",
    );
    figures.exit_code()
}

/// Memory of all of Belldot's processes, in MB (MiB, as `smaps` counts).
#[derive(Clone, Copy, Debug)]
struct Memory {
    pss: f64,
    dirty: f64,
}

fn memory(processes: &Processes<'_>) -> Memory {
    let mut memory = Memory {
        pss: 0.0,
        dirty: 0.0,
    };
    for pid in processes.ids() {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let of = |name: &str| {
            let line = rollup.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.map_or(0.0, |kib| kib.parse::<f64>().unwrap() / 1024.0)
        };
        memory.pss += of("Pss:");
        memory.dirty += of("Private_Dirty:");
    }
    memory
}

/// Belldot's own process, that of its windows and those of WebKit.
struct Processes<'a> {
    session: &'a Session,
    belldot: u32,
}

impl Processes<'_> {
    /// By its number, for the file that it was started from may be built anew meanwhile.
    fn ids(&self) -> Vec<u32> {
        let all = self.session.processes().into_iter();
        all.filter(|process| {
            process.pid == self.belldot
                || process.name == "belldot-window"
                || process.name.starts_with("WebKit")
        })
        .map(|process| process.pid)
        .collect()
    }
}

/// The memory once it stands still.
fn settled(processes: &Processes<'_>) -> Memory {
    let begun = Instant::now();
    let mut looks: Vec<Memory> = Vec::new();
    loop {
        looks.push(memory(processes));
        let last = &looks[looks.len().saturating_sub(STEADY)..];
        let spread = |of: fn(&Memory) -> f64| {
            let values = last.iter().map(of);
            values.clone().fold(f64::MIN, f64::max) - values.fold(f64::MAX, f64::min)
        };
        let steady = spread(|memory| memory.pss).max(spread(|memory| memory.dirty));
        if (last.len() == STEADY && steady < STEADY_WITHIN) || begun.elapsed() > 3 * MINUTE {
            return looks[looks.len() - 1];
        }
        thread::sleep(LOOK);
    }
}

/// The memory once a window was opened and closed, and what it left was given back.
fn after_a_window(processes: &Processes<'_>, home: &Home) -> Memory {
    let session = processes.session;
    Belldot::start(session, home, &["open"]).wait_for_end();
    let window = session.wait_for_window("My to-dos", LIMIT).unwrap();
    session.close_window(&window).unwrap();
    session.wait_for_no_process("belldot-window");
    session.wait_for_no_process("WebKitNetworkProcess");
    settled(processes)
}

/// How often each thread slept and was woken again, over a minute.
fn wake_ups(processes: &Processes<'_>, figures: &mut Figures) {
    let before = sleeps(processes);
    let begun = Instant::now();
    thread::sleep(MINUTE);
    let seconds = begun.elapsed().as_secs_f64();
    let mut by_name = BTreeMap::new();
    for (thread, (name, count)) in sleeps(processes) {
        let already = before.get(&thread).map_or(0, |(_, count)| *count);
        *by_name.entry(name).or_insert(0) += count - already;
    }
    let all: u64 = by_name.values().sum();
    figures.at_most("Idle, wake-ups", all as f64 / seconds, WAKE_UPS_BAR, "/s");
    for (name, count) in by_name.into_iter().filter(|(_, count)| *count > 0) {
        figures.tell(&format!("  thread {name}"), count as f64 / seconds, "/s");
    }
}

/// By process and thread: its name, and how often it slept so far.
fn sleeps(processes: &Processes<'_>) -> BTreeMap<(u32, String), (String, u64)> {
    let mut sleeps = BTreeMap::new();
    for pid in processes.ids() {
        let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter();
        for thread in threads.flatten().flatten() {
            let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
            let of = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_default().trim().to_owned()
            };
            let count = of("voluntary_ctxt_switches:").parse().unwrap_or(0);
            let id = thread.file_name().to_string_lossy().into_owned();
            sleeps.insert((pid, id), (of("Name:"), count));
        }
    }
    sleeps
}

/// An event a second: a new to-do, told, and an earlier one done, so that the list stays as long.
fn soak(processes: &Processes<'_>, server: &BelldotServer, figures: &mut Figures) {
    let minutes = env::var("BELLDOT_SOAK_MINUTES").map_or(30.0, |text| text.parse().unwrap());
    let length = MINUTE.mul_f64(minutes);
    if length.is_zero() {
        return;
    }
    let (mut looks, mut ids) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    for number in 0_u32.. {
        let next = begun + Duration::from_secs(1) * number;
        thread::sleep(next.saturating_duration_since(Instant::now()));
        if begun.elapsed() >= length {
            break;
        }
        // In turns, so that it is one event a second.
        if number % 2 == 1 && ids.len() > 10 {
            let id: String = ids.remove(0);
            server.patch(&id, &json!({ "status": "done" }));
        } else {
            ids.push(server.post(&format!("To-do {number}")));
        }
        if number % 5 == 4 {
            let look = memory(processes);
            assert!(look.pss > 0.0, "Belldot has ended after {number} events");
            looks.push(look);
        }
    }
    // What is needed once is there after a fifth of the time.
    let warm = &looks[looks.len() / 5..];
    let part = warm.len() / 4;
    assert!(part > 0, "too short to tell");
    let (first, last) = (&warm[..part], &warm[warm.len() - part..]);
    let dirty = |memory: &Memory| memory.dirty;
    let (from, to) = (median(first, dirty), median(last, dirty));
    figures.tell("Soak, private dirty after warming up", from, "MB");
    figures.tell("Soak, private dirty at the end", to, "MB");
    let pss = |memory: &Memory| memory.pss;
    figures.tell("Soak, PSS after warming up", median(first, pss), "MB");
    figures.tell("Soak, PSS at the end", median(last, pss), "MB");
    let what = format!("Soak, growth in {minutes} minutes");
    figures.at_most(&what, to - from, GROWTH_BAR, "MB");
}

fn median(looks: &[Memory], of: impl Fn(&Memory) -> f64) -> f64 {
    let mut values: Vec<_> = looks.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
