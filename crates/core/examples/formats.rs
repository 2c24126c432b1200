//! Answers questions about formats, one JSON object a line, as the desktop app answers its
//! windows: `{"ask":"preview","format":…,"samples":…}` or
//! `{"ask":"teach","format":…,"samples":…,"which":…,"lesson":…}`. The page's tests in real
//! browsers ask it, so that no event is decoded there by anything but the decoder.

use std::io::{self, BufRead as _, Write as _};

use belldot_core::{
    format::{self, Format, Lesson},
    page::Sample,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
enum Question {
    Preview {
        format: Format,
        samples: Vec<Sample>,
    },
    Teach {
        format: Format,
        samples: Vec<Sample>,
        which: usize,
        lesson: Lesson,
    },
}

fn main() -> io::Result<()> {
    let events = |samples: Vec<Sample>| samples.into_iter().map(Into::into).collect::<Vec<_>>();
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?)? {
            Question::Preview { format, samples } => {
                serde_json::to_string(&format::preview(&format, &events(samples)))?
            }
            Question::Teach {
                format,
                samples,
                which,
                lesson,
            } => serde_json::to_string(&format::teach(&format, &events(samples), which, &lesson))?,
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
