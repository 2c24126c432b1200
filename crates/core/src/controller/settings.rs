//! The settings: changed in the window, or in the file by hand.

use crate::{
    controller::state::Controller,
    desktop::Desktop,
    i18n::Localizer,
    inbox::Edit,
    settings::{Settings, SettingsError, three_way},
    streams::Streams,
};

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Applies settings from the window, which are based on the ones in effect.
    pub(super) fn change_settings(&mut self, settings: Settings) -> Result<(), SettingsError> {
        if self.policy.is_broken() {
            return Err(SettingsError::Locked);
        }
        settings.check()?;
        let base = self.settings.clone();
        self.reload_file();
        let settings = self.with_edits_of_file(&base, settings)?;
        let wanted = self.policy.without(&settings, &self.wanted);
        let settings = self.policy.apply(settings);
        // Settings that the policy fixes may not be valid together with the user's.
        settings.check()?;
        if settings == self.settings && wanted == self.wanted {
            return Ok(());
        }
        self.use_network_of(&settings)?;
        if let Err(error) = self.file.save(&wanted) {
            self.take_network();
            return Err(error);
        }
        self.notices.over("error-settings-invalid");
        self.apply_settings(settings, wanted);
        Ok(())
    }

    /// Applies the settings file, if another program has changed it.
    pub(super) fn reload_file(&mut self) {
        let Some(wanted) = self.file.changed() else {
            return;
        };
        let taken = wanted.and_then(|wanted| {
            let settings = self.policy.apply(wanted.clone());
            settings.check()?;
            self.use_network_of(&settings)?;
            Ok((settings, wanted))
        });
        match taken {
            Ok((settings, wanted)) => {
                tracing::info!("the settings file was edited");
                self.notices.over("error-settings-invalid");
                self.apply_settings(settings, wanted);
            }
            Err(error) => {
                self.file.distrust();
                let said = error.say_as("error-settings-edit-invalid", &self.words);
                self.notice_while_it_says("error-settings-invalid", said);
            }
        }
    }

    /// Says why the program starts with other settings than the ones in the file.
    pub(super) fn say_wrong_settings(&mut self, error: &SettingsError) {
        let said = error.say(&self.words);
        self.notice_while_it_says("error-settings-invalid", said);
    }

    /// Returns the settings of the window, merged with what the file has just brought.
    fn with_edits_of_file(
        &mut self,
        base: &Settings,
        ours: Settings,
    ) -> Result<Settings, SettingsError> {
        if *base == self.settings {
            return Ok(ours);
        }
        let merged = three_way::merge(base, &ours, &self.settings);
        let conflict = merged.as_ref().is_none_or(|merged| merged.conflict);
        if conflict {
            let path = self.file.keep_edited()?.display().to_string();
            self.notice("notice-settings-both", &[("path", path.into())]);
        }
        let settings = merged.map_or(ours, |merged| merged.settings);
        settings.check()?;
        Ok(settings)
    }

    /// Applies the network settings, if they differ.
    fn use_network_of(&mut self, settings: &Settings) -> Result<(), SettingsError> {
        if settings.network != self.settings.network {
            self.streams
                .use_network(&settings.network)
                .map_err(SettingsError::Network)?;
            self.notices.over("error-settings-network");
        }
        Ok(())
    }

    /// Puts settings into effect; `wanted` is what the user's file has.
    fn apply_settings(&mut self, settings: Settings, wanted: Settings) {
        self.wanted = wanted;
        let old = std::mem::replace(&mut self.settings, settings);
        if old.general.language != self.settings.general.language {
            self.words = Localizer::new(self.settings.general.language);
        }
        self.desktop.use_settings(&self.settings);
        self.update_quiet_hours();
        self.apply_source_changes(&old);
        self.edits.push(Edit::Sources(self.source_entries()));
        // A new stream starts at the cursor that the inbox has.
        self.commit();
        self.start_streams();
        self.shown.settings_changed = true;
    }
}
