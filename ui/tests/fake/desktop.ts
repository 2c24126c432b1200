import type { DesktopApi } from '../../src/backend/backend';
import type { Export } from '../../src/backend/types/Export';
import type { Format } from '../../src/backend/types/Format';
import type { Lesson } from '../../src/backend/types/Lesson';
import type { Locked } from '../../src/backend/types/Locked';
import type { Preview } from '../../src/backend/types/Preview';
import type { ProbeReport } from '../../src/backend/types/ProbeReport';
import type { ProbeStep } from '../../src/backend/types/ProbeStep';
import type { Sample } from '../../src/backend/types/Sample';
import type { Settings } from '../../src/backend/types/Settings';
import type { SettingsView } from '../../src/backend/types/SettingsView';
import type { SignIn } from '../../src/backend/types/SignIn';
import type { StreamReport } from '../../src/backend/types/StreamReport';
import type { FakeBackend } from './backend';
import { preview } from './preview';

/** The desktop app of a fake backend. */
export class FakeDesktop implements DesktopApi {
  kept: Settings = {
    general: { language: 'system', theme: 'system', autostart: false },
    notifications: {
      enabled: true,
      private: false,
      quiet: { enabled: false, from: '20:00:00', to: '08:00:00', days: [], except: 5 },
      sounds: { low: 'desktop', normal: 'desktop', high: 'desktop' },
    },
    network: { proxy: 'system', extra_ca: [], client_certificate: null },
    sources: [],
  };
  language = 'en';
  locked: Locked = { paths: [], reason: null };
  readonly tokens = new Map<string, string>();
  proxyPassword: string | null = null;
  /** What each stream has been doing, by source. */
  readonly streams = new Map<string, StreamReport>();
  /** What the last preview was asked for. */
  previewed: { format: Format; samples: Sample[] } | null = null;
  /** What was said of events, in order. */
  readonly said: { which: number; lesson: Lesson }[] = [];
  /** The formats that are learned from it, one after the other. */
  learned: Format[] = [];
  /** Whether the settings open for what Belldot is. */
  about = false;
  showAbout: () => void = () => {};
  /** What was called besides saving, in order. */
  readonly called: string[] = [];
  report: ProbeReport = {
    found: 'belldot',
    sentence: 'A Belldot server. It replays what you missed and takes back what you finish.',
    steps: [
      step('name', 'Name and address', true, 'todo.example.com → 10.20.0.7', 4),
      step('stream', 'Stream', true, 'open', 21),
      step('replay', 'Replay', null, 'there was nothing to send again', null),
      step('event', 'First event', true, '“Approve travel expenses”', 1210),
    ],
    first: ['Approve travel expenses', 'Read the new travel policy'],
    samples: [],
  };
  /** Whether tokens outlive the program. */
  keyring = true;
  first: number | null = null;
  refuse: string | null = null;

  constructor(readonly backend: Pick<FakeBackend, 'tell'>) {}

  async settings(): Promise<SettingsView> {
    return {
      settings: structuredClone(this.kept),
      signed_in: [...this.tokens.keys()],
      language: this.language,
      version: '0.1.0',
      settings_path: '/home/chen/.config/belldot/settings.toml',
      inbox_path: '/home/chen/.local/share/belldot/inbox.db',
      log_path: '/home/chen/.local/state/belldot/logs',
      proxy_signed_in: this.proxyPassword !== null,
      locked: structuredClone(this.locked),
    };
  }

  async saveSettings(settings: Settings): Promise<void> {
    if (this.refuse !== null) throw this.refuse;
    this.kept = structuredClone(settings);
    if (settings.general.language !== 'system') this.language = settings.general.language;
    this.backend.tell({ settings_changed: true, todos_changed: false });
  }

  async setToken(id: string, token: string | null): Promise<boolean> {
    if (token === null) this.tokens.delete(id);
    else this.tokens.set(id, token);
    this.backend.tell({ settings_changed: true, todos_changed: false });
    return this.keyring;
  }

  /** Knows addresses, and names with a dot. */
  async address(text: string): Promise<string> {
    if (/^https?:/.test(text)) return text;
    if (/^\w+(\.\w+)+/.test(text)) return `https://${text}`;
    throw 'That is not an address of a server. An address looks like https://…';
  }

  async probe(
    url: string,
    signIn: SignIn,
    secret: string | null,
    source: string | null,
  ): Promise<ProbeReport> {
    const way = signIn === 'token' ? null : JSON.stringify(signIn);
    this.called.push(
      ['probe', url, way, secret, source && `(${source})`].filter(Boolean).join(' '),
    );
    return this.report;
  }

  async preview(format: Format, samples: Sample[]): Promise<Preview> {
    this.previewed = { format, samples };
    return preview(format, samples);
  }

  /** Learns what a test says that it learns. */
  async teach(format: Format, _: Sample[], which: number, lesson: Lesson): Promise<Format> {
    this.said.push({ which, lesson });
    return this.learned.shift() ?? format;
  }

  async streamReport(source: string): Promise<StreamReport | null> {
    return this.streams.get(source) ?? null;
  }

  async diagnosis(): Promise<string> {
    this.called.push('diagnosis');
    return 'Belldot 0.1.0\nWork: connected';
  }

  async exportInbox(kind: Export): Promise<string> {
    this.called.push(`export inbox ${kind}`);
    if (this.refuse !== null) throw this.refuse;
    return `Written to /home/chen/Downloads/belldot-inbox.${kind === 'json' ? 'json' : 'ics'}.`;
  }

  async exportSettings(): Promise<string> {
    this.called.push('export settings');
    if (this.refuse !== null) throw this.refuse;
    return 'Written to /home/chen/Downloads/belldot-settings.toml.';
  }

  async importSettings(text: string): Promise<void> {
    this.called.push(`import settings ${text}`);
    if (this.refuse !== null) throw this.refuse;
    this.backend.tell({ settings_changed: true, todos_changed: false });
  }

  async openFolder(which: 'settings' | 'inbox' | 'logs'): Promise<void> {
    this.called.push(`open folder ${which}`);
    if (this.refuse !== null) throw this.refuse;
  }

  async setProxyPassword(password: string | null): Promise<boolean> {
    this.proxyPassword = password;
    this.backend.tell({ settings_changed: true, todos_changed: false });
    return this.keyring;
  }

  async initialAbout(): Promise<boolean> {
    return this.about;
  }

  async onShowAbout(show: () => void) {
    this.showAbout = show;
    return () => {};
  }

  openSettings = this.#call('open settings');
  openTodos = this.#call('open todos');
  closeWindow = this.#call('close window');
  startDemo = this.#call('start demo');
  testToast = this.#call('test toast');

  async initialTodo() {
    return this.first;
  }

  #call(name: string) {
    return async () => {
      this.called.push(name);
      if (this.refuse !== null) throw this.refuse;
    };
  }
}

function step(
  code: string,
  name: string,
  ok: boolean | null,
  detail: string,
  millis: number | null,
): ProbeStep {
  return { code, name, ok, detail, millis };
}
