//! The messages of one language.

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::{i18n::language::of_system, settings::Language};

/// A value in a sentence: text or a number, by `.into()`.
pub use fluent_bundle::FluentValue as Value;

static ENGLISH: LazyLock<Localizer> = LazyLock::new(|| {
    Localizer::read(
        Language::English,
        include_str!("../../../../locales/en.ftl"),
    )
});
static CHINESE: LazyLock<Localizer> = LazyLock::new(|| {
    Localizer::read(
        Language::Chinese,
        include_str!("../../../../locales/zh-CN.ftl"),
    )
});

/// The sentences of one language; cheap to clone.
#[derive(Clone)]
pub struct Localizer {
    language: Language,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Localizer {
    /// Returns the messages of this language. [`Language::System`] is what the environment asks
    /// for, or the system where it asks for none: 简体中文 for any Chinese, English for everything
    /// else.
    pub fn new(language: Language) -> Self {
        match language {
            Language::System => Self::new(of_system()),
            Language::English => ENGLISH.clone(),
            Language::Chinese => CHINESE.clone(),
        }
    }

    /// Returns the message with this key, its variables filled in by name. A key that does not
    /// exist is returned as it is.
    pub fn text(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            tracing::error!(key, language = self.tag(), "no such message");
            return key.to_owned();
        };
        let values: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        let mut errors = Vec::new();
        let said = self
            .bundle
            .format_pattern(pattern, Some(&values), &mut errors)
            .into_owned();
        for error in errors {
            tracing::error!(key, language = self.tag(), %error, "a message is not complete");
        }
        said
    }

    /// Returns whether there is a message with this key.
    pub fn knows(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// Returns the language; never [`Language::System`], but what that came to.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns the language as a BCP 47 tag: `en` or `zh-CN`.
    pub fn tag(&self) -> &'static str {
        tag(self.language)
    }

    fn read(language: Language, text: &str) -> Self {
        let tag = tag(language);
        let id: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The marks would end up in tray tooltips and logs, whose hosts draw them as boxes.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(rest, errors)| {
            tracing::error!(language = tag, ?errors, "a locale is not well-formed");
            rest
        });
        bundle.add_resource_overriding(resource);
        Self {
            language,
            bundle: Arc::new(bundle),
        }
    }
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::System | Language::English => "en",
        Language::Chinese => "zh-CN",
    }
}

impl fmt::Debug for Localizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Localizer").field(&self.tag()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_is_its_own_text() {
        assert_eq!(
            Localizer::new(Language::English).text("no-such-key", &[]),
            "no-such-key"
        );
    }

    #[test]
    fn values_stand_in_the_sentence_without_isolation_marks() {
        let words = Localizer::new(Language::English);
        let said = words.text(
            "state-line",
            &[("source", "Work".into()), ("state", "x".into())],
        );
        assert_eq!(said, "Work · x");
    }
}
