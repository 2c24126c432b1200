//! What was found, step by step, in words.

use belldot_core::{
    i18n::{Localizer, Value},
    page::{Found, ProbeReport, ProbeStep},
};
use url::Url;

/// A report that is being written.
pub struct Report<'a> {
    words: &'a Localizer,
    /// Hears each step as it comes.
    tell: &'a mut (dyn FnMut(&ProbeStep) + Send),
    steps: Vec<ProbeStep>,
}

/// One step, yet without words.
#[derive(Debug)]
pub struct ReportStep<'a> {
    /// What was tried: a stable word, named by the message `probe-step-…`.
    pub code: &'static str,
    /// Whether it went well; `None` for what is only worth knowing.
    pub ok: Option<bool>,
    /// What came of it: the message, `probe-…`; what to do then says `advice-…`, where there is
    /// something to do.
    pub key: &'static str,
    /// The variables of both messages.
    pub values: Vec<(&'static str, Value<'a>)>,
    /// How long it took, in milliseconds.
    pub millis: Option<u64>,
}

impl<'a> ReportStep<'a> {
    /// A step that took no time worth telling.
    pub fn new(code: &'static str, ok: Option<bool>, key: &'static str) -> Self {
        Self {
            code,
            ok,
            key,
            values: Vec::new(),
            millis: None,
        }
    }

    /// With a variable of its messages.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value<'a>>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// With the time that it took.
    #[must_use]
    pub fn took(mut self, millis: u64) -> Self {
        self.millis = Some(millis);
        self
    }
}

impl<'a> Report<'a> {
    /// An empty report.
    pub fn new(words: &'a Localizer, tell: &'a mut (dyn FnMut(&ProbeStep) + Send)) -> Self {
        Self {
            words,
            tell,
            steps: Vec::new(),
        }
    }

    /// The words that it is written in.
    pub fn words(&self) -> &'a Localizer {
        self.words
    }

    /// Adds a step.
    pub fn add(&mut self, step: ReportStep<'_>) {
        let advice = format!("advice-{}", step.key.trim_start_matches("probe-"));
        let detail = self.words.text(step.key, &step.values);
        let advice = self.advice(&advice, &step.values);
        self.push(step.code, step.ok, detail, advice, step.millis);
    }

    /// Adds the step at which it failed, in these words, with the first advice that there is.
    pub fn add_failure(
        &mut self,
        code: &'static str,
        detail: String,
        advice: &[String],
        values: &[(&str, Value<'_>)],
        millis: u64,
    ) {
        let advice = advice.iter().find_map(|key| self.advice(key, values));
        self.push(code, Some(false), detail, advice, Some(millis));
    }

    /// The report as a whole.
    pub fn finish(
        self,
        found: Found,
        (key, why): (&str, &str),
        url: Option<&Url>,
        instead: Option<&Url>,
    ) -> ProbeReport {
        let mut sentence = self.words.text(key, &[("why", why.into())]);
        if let Some(instead) = instead {
            let instead = self
                .words
                .text("probe-instead", &[("url", instead.as_str().into())]);
            sentence = self.words.text(
                "probe-two-sentences",
                &[("one", sentence.into()), ("two", instead.into())],
            );
        }
        ProbeReport {
            found,
            sentence,
            steps: self.steps,
            first: Vec::new(),
            samples: Vec::new(),
            url: url.map(Url::to_string),
            instead: instead.map(Url::to_string),
        }
    }

    fn advice(&self, key: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        self.words.knows(key).then(|| self.words.text(key, values))
    }

    fn push(
        &mut self,
        code: &str,
        ok: Option<bool>,
        detail: String,
        advice: Option<String>,
        millis: Option<u64>,
    ) {
        let step = ProbeStep {
            code: code.to_owned(),
            name: self.words.text(&format!("probe-step-{code}"), &[]),
            ok,
            detail,
            advice,
            millis,
        };
        (self.tell)(&step);
        self.steps.push(step);
    }
}
