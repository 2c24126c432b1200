import { errorMessage } from '../platform/errors';
import type { DesktopApi } from '../backend/backend';
import type { Settings } from '../backend/types/Settings';
import type { SettingsView } from '../backend/types/SettingsView';
import type { Source } from '../backend/types/Source';
import type { SourceId } from '../backend/types/SourceId';
import { t } from '../i18n/locale.svelte';
import { isLocked } from './locked';

type Edit = (settings: Settings) => Settings;

type Kept = Pick<DesktopApi, 'settings' | 'saveSettings' | 'setToken' | 'setProxyPassword'>;

/**
 * The settings as the window shows them. A change shows at once and is saved at once, one after
 * the other; one that is refused is taken back, with the sentence that says why.
 */
export class Preferences {
  view = $state.raw<SettingsView | null>(null);
  error = $state<string | null>(null);
  /** Whose secret is known only until Belldot quits, since there is no keyring. */
  fleeting = $state<SourceId | 'the proxy' | null>(null);

  readonly #desktop: Kept;
  #saving: Promise<void> = Promise.resolve();
  #pending = 0;
  /** The settings as the app has them, as far as it said. */
  #kept: Settings | null = null;
  /** Changes that it has not taken yet, in order. */
  #edits: readonly Edit[] = [];
  readonly #removed = new Set<SourceId>();
  /** Whether the sentence that stands there is of a failed load. */
  #unread = false;

  constructor(desktop: Kept) {
    this.#desktop = desktop;
  }

  /** Reads the settings again, unless they are just being changed here. */
  async load(): Promise<void> {
    if (this.#pending > 0) return;
    try {
      const view = await this.#desktop.settings();
      if (this.#pending === 0) [this.view, this.#kept] = [view, view.settings];
      if (this.#unread) this.error = null;
      this.#unread = false;
    } catch (failure) {
      this.error = errorMessage(failure);
      this.#unread = true;
    }
  }

  get settings(): Settings | null {
    return this.view?.settings ?? null;
  }

  source(id: SourceId): Source | undefined {
    return this.settings?.sources.find((source) => source.id === id);
  }

  /** Whether a token of that source is kept. */
  signedIn(id: SourceId): boolean {
    return this.view?.signed_in.includes(id) ?? false;
  }

  /** Why a setting cannot be changed here; `null` for one that can. */
  lock(path: string): string | null {
    const locked = this.view?.locked;
    if (!locked || !isLocked(locked, path)) return null;
    const { reason } = locked;
    return reason === null ? t('settings-locked') : t('settings-locked-why', { reason });
  }

  change(edit: Edit): Promise<boolean> {
    return this.#told(this.attempt(edit));
  }

  /** Like `change`, for a field that tells by itself why it was refused; `null` when it was not. */
  attempt(edit: Edit): Promise<string | null> {
    if (!this.view) return Promise.resolve(t('settings-not-read'));
    this.#edits = [...this.#edits, edit];
    this.#show();
    return this.#save(() => this.#take(edit));
  }

  /** Saves what a change makes of the settings as they are by then, not as they were shown. */
  async #take(edit: Edit): Promise<void> {
    try {
      if (!this.#kept) return;
      const settings = edit(this.#kept);
      await this.#desktop.saveSettings(settings);
      this.#kept = settings;
    } finally {
      this.#edits = this.#edits.filter((other) => other !== edit);
      this.#show();
    }
  }

  /** Shows what the app has, with the changes that are on their way. */
  #show(): void {
    if (!this.view || !this.#kept) return;
    const settings = this.#edits.reduce((before, edit) => edit(before), this.#kept);
    this.view = { ...this.view, settings };
  }

  changeSource(id: SourceId, as: Partial<Source>): Promise<boolean> {
    return this.#told(this.attemptSource(id, as));
  }

  /** Like `changeSource`, for a field that tells by itself why it was refused. */
  attemptSource(id: SourceId, as: Partial<Source>): Promise<string | null> {
    return this.attempt((settings) => ({
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

  /** An id for a new source; that of a removed one, whose secret may still be kept, is none. */
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

  /** Keeps or forgets a source's secret, for the origin of this address or of the source's own. */
  setToken(id: SourceId, token: string | null, url?: string): Promise<boolean> {
    return this.#keep(id, token, () => this.#desktop.setToken(id, token, url));
  }

  /** Keeps or forgets the proxy's password. */
  setProxyPassword(password: string | null): Promise<boolean> {
    return this.#keep('the proxy', password, () => this.#desktop.setProxyPassword(password));
  }

  /** Resolves when nothing is being saved. */
  saved(): Promise<void> {
    return this.#saving;
  }

  #keep(
    whose: NonNullable<typeof this.fleeting>,
    secret: string | null,
    how: () => Promise<boolean>,
  ): Promise<boolean> {
    const kept = this.#save(async () => {
      const lasting = await how();
      this.fleeting = secret !== null && !lasting ? whose : null;
    });
    return this.#told(kept);
  }

  /** Shows why something was refused; says whether it was not. */
  async #told(saved: Promise<string | null>): Promise<boolean> {
    const refused = await saved;
    this.error = refused;
    this.#unread = false;
    return refused === null;
  }

  #save(how: () => Promise<unknown>): Promise<string | null> {
    this.#pending++;
    const saved = this.#saving.then(async () => {
      try {
        await how();
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

/** A new source's id, from its name or its host: short, lower case, unlike the others. */
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

/** What a server is called until the user says otherwise. */
export function nameOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, '');
  } catch {
    return '';
  }
}
