import { errorMessage } from '../platform/errors';
import type { DesktopApi } from '../backend/backend';
import type { Settings } from '../backend/types/Settings';
import type { SettingsView } from '../backend/types/SettingsView';
import type { Source } from '../backend/types/Source';
import type { SourceId } from '../backend/types/SourceId';
import { t } from '../i18n/locale.svelte';
import { isLocked } from './locked';

/** The owner of the proxy's password, among the sources that own secrets. */
export const PROXY = Symbol('proxy');

type SecretOwner = SourceId | typeof PROXY;

type Edit = (settings: Settings) => Settings;

type SettingsApi = Pick<DesktopApi, 'settings' | 'saveSettings' | 'setToken' | 'setProxyPassword'>;

/**
 * The settings as the window shows them. A change shows at once (optimistically) and is saved at
 * once, one after the other; a refused one is reverted, and its message shown.
 */
export class SettingsStore {
  view = $state.raw<SettingsView | null>(null);
  error = $state<string | null>(null);
  /** Whose secret is stored only until Belldot quits, since there is no keyring. */
  sessionOnly = $state<SecretOwner | null>(null);

  readonly #desktop: SettingsApi;
  #saving: Promise<void> = Promise.resolve();
  #pending = 0;
  /** The settings as the app last had them. */
  #saved: Settings | null = null;
  /** Changes that are not saved yet, in order. */
  #edits: readonly Edit[] = [];
  readonly #removed = new Set<SourceId>();
  /** Whether `error` is that of a failed load. */
  #loadFailed = false;

  constructor(desktop: SettingsApi) {
    this.#desktop = desktop;
  }

  /** Loads the settings, unless changes are being saved. */
  async load(): Promise<void> {
    if (this.#pending > 0) return;
    try {
      const view = await this.#desktop.settings();
      if (this.#pending === 0) [this.view, this.#saved] = [view, view.settings];
      if (this.#loadFailed) this.error = null;
      this.#loadFailed = false;
    } catch (failure) {
      this.error = errorMessage(failure);
      this.#loadFailed = true;
    }
  }

  get settings(): Settings | null {
    return this.view?.settings ?? null;
  }

  source(id: SourceId): Source | undefined {
    return this.settings?.sources.find((source) => source.id === id);
  }

  /** Whether a secret of that source is stored. */
  hasSecret(id: SourceId): boolean {
    return this.view?.signed_in.includes(id) ?? false;
  }

  /** Why a setting cannot be changed here; `null` for one that can. */
  lockReason(path: string): string | null {
    const locked = this.view?.locked;
    if (!locked || !isLocked(locked, path)) return null;
    const { reason } = locked;
    return reason === null ? t('settings-locked') : t('settings-locked-why', { reason });
  }

  /** Saves a change; shows why it was refused. Resolves to whether it was accepted. */
  change(edit: Edit): Promise<boolean> {
    return this.#showError(this.tryChange(edit));
  }

  /** Like `change`, but resolves to why it was refused, for a field that shows this itself. */
  tryChange(edit: Edit): Promise<string | null> {
    if (!this.view) return Promise.resolve(t('settings-not-read'));
    this.#edits = [...this.#edits, edit];
    this.#showPending();
    return this.#enqueue(() => this.#apply(edit));
  }

  /** Applies a change to the settings as they are by then, not as they were shown, and saves. */
  async #apply(edit: Edit): Promise<void> {
    try {
      if (!this.#saved) return;
      const settings = edit(this.#saved);
      await this.#desktop.saveSettings(settings);
      this.#saved = settings;
    } finally {
      this.#edits = this.#edits.filter((other) => other !== edit);
      this.#showPending();
    }
  }

  /** Shows the saved settings with the pending changes. */
  #showPending(): void {
    if (!this.view || !this.#saved) return;
    const settings = this.#edits.reduce((before, edit) => edit(before), this.#saved);
    this.view = { ...this.view, settings };
  }

  changeSource(id: SourceId, as: Partial<Source>): Promise<boolean> {
    return this.#showError(this.tryChangeSource(id, as));
  }

  /** Like `changeSource`, but resolves to why it was refused. */
  tryChangeSource(id: SourceId, as: Partial<Source>): Promise<string | null> {
    return this.tryChange((settings) => ({
      ...settings,
      sources: settings.sources.map((source) => (source.id === id ? { ...source, ...as } : source)),
    }));
  }

  /** Adds a source, or puts one back where it was. */
  addSource(source: Source, at?: number): Promise<boolean> {
    return this.change((settings) => ({
      ...settings,
      sources: settings.sources.toSpliced(at ?? settings.sources.length, 0, source),
    }));
  }

  removeSource(id: SourceId): Promise<boolean> {
    this.#removed.add(id);
    return this.change((settings) => ({
      ...settings,
      sources: settings.sources.filter((source) => source.id !== id),
    }));
  }

  /** An id for a new source: never that of a removed one, whose secret may still be stored. */
  newId(name: string): SourceId {
    const taken = this.settings?.sources.map((source) => source.id) ?? [];
    return newId(name, [...taken, ...this.#removed]);
  }

  /** Moves a source up or down. */
  moveSource(id: SourceId, by: 1 | -1): Promise<boolean> {
    return this.change((settings) => {
      const from = settings.sources.findIndex((source) => source.id === id);
      const source = settings.sources[from];
      if (!source) return settings;
      const sources = settings.sources.toSpliced(from, 1).toSpliced(from + by, 0, source);
      return { ...settings, sources };
    });
  }

  /** Stores or deletes a source's secret, for the origin of this address or of the source's own. */
  setToken(id: SourceId, token: string | null, url?: string): Promise<boolean> {
    return this.#storeSecret(id, token, () => this.#desktop.setToken(id, token, url));
  }

  /** Stores or deletes the proxy's password. */
  setProxyPassword(password: string | null): Promise<boolean> {
    return this.#storeSecret(PROXY, password, () => this.#desktop.setProxyPassword(password));
  }

  /** Resolves when nothing is being saved. */
  whenSaved(): Promise<void> {
    return this.#saving;
  }

  #storeSecret(
    owner: SecretOwner,
    secret: string | null,
    task: () => Promise<boolean>,
  ): Promise<boolean> {
    const stored = this.#enqueue(async () => {
      const lasting = await task();
      this.sessionOnly = secret !== null && !lasting ? owner : null;
    });
    return this.#showError(stored);
  }

  /** Shows why something was refused; resolves to whether it was accepted. */
  async #showError(saved: Promise<string | null>): Promise<boolean> {
    const refused = await saved;
    this.error = refused;
    this.#loadFailed = false;
    return refused === null;
  }

  #enqueue(task: () => Promise<unknown>): Promise<string | null> {
    this.#pending++;
    const saved = this.#saving.then(async () => {
      try {
        await task();
        return null;
      } catch (failure) {
        return errorMessage(failure);
      } finally {
        this.#pending--;
        await this.load();
      }
    });
    this.#saving = saved.then(() => {});
    return saved;
  }
}

/** A new source's id, from its name or its host: short, lower case, unique. */
export function newId(name: string, taken: readonly SourceId[]): SourceId {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 24)
    .replace(/-+$/, '');
  const base = plain === '' ? 'source' : plain;
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

/** The default name of a server. */
export function nameOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, '');
  } catch {
    return '';
  }
}
