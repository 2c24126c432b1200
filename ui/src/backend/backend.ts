import type { Action } from './types/Action';
import type { Export } from './types/Export';
import type { Format } from './types/Format';
import type { Lesson } from './types/Lesson';
import type { Listing } from './types/Listing';
import type { News } from './types/News';
import type { Preview } from './types/Preview';
import type { ProbeReport } from './types/ProbeReport';
import type { Query } from './types/Query';
import type { Sample } from './types/Sample';
import type { Settings } from './types/Settings';
import type { SettingsView } from './types/SettingsView';
import type { SignIn } from './types/SignIn';
import type { SourceId } from './types/SourceId';
import type { StreamReport } from './types/StreamReport';
import type { TodoKey } from './types/TodoKey';

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Ends a subscription that may still be starting, or may have failed to start. */
export function unsubscribe(subscription: Promise<Unsubscribe> | undefined): void {
  subscription?.then(
    (stop) => stop(),
    () => {},
  );
}

/**
 * The source of the page's to-dos and the receiver of its actions. Every promise rejects with a
 * message that can be shown to the user.
 */
export interface Backend {
  list(query: Query): Promise<Listing>;
  /** The index of a to-do in the results of a query; `null` if it is not among them. */
  position(query: Query, key: TodoKey): Promise<number | null>;
  /**
   * The current state; `null` right after the start. Listeners registered by then receive it again
   * once it is known.
   */
  news(): Promise<News | null>;
  onNews(listener: (news: News) => void): Promise<Unsubscribe>;
  act(action: Action): Promise<void>;
  /** Marks it as read and opens its address in the browser, if it has one. */
  openTodo(key: TodoKey): Promise<void>;
  /** A notification of a to-do was clicked while the page is open. */
  onShowTodo(show: (key: TodoKey) => void): Promise<Unsubscribe>;
  /** What only the desktop app can do; absent in a browser. */
  readonly desktop: DesktopApi | null;
  /** A connection that the user controls; absent in the app, whose streams need no window. */
  readonly connection: Connection | null;
}

/** The desktop app behind the window. */
export interface DesktopApi {
  settings(): Promise<SettingsView>;
  /** Takes effect at once. */
  saveSettings(settings: Settings): Promise<void>;
  /** What a format would make of received events; nothing is stored. */
  preview(format: Format, samples: Sample[]): Promise<Preview>;
  /** The format that follows from what the user says about one of the received events. */
  teach(format: Format, samples: Sample[], which: number, lesson: Lesson): Promise<Format>;
  /** The history and figures of a source's stream; `null` for an unknown source. */
  streamReport(source: SourceId): Promise<StreamReport | null>;
  /** Diagnostics as text, without secrets. */
  diagnosis(): Promise<string>;
  /** Writes the inbox to a file in the downloads folder; resolves to a message with its path. */
  exportInbox(kind: Export): Promise<string>;
  /** Writes the settings, without secrets, in the same way. */
  exportSettings(): Promise<string>;
  /** Replaces the settings by the text of such a file; secrets are not changed. */
  importSettings(text: string): Promise<void>;
  /** Opens the folder of Belldot's own files in the file manager. */
  openFolder(which: 'settings' | 'inbox' | 'logs'): Promise<void>;
  /** Stores the proxy's password; `null` deletes it. Resolves to whether it outlives this run. */
  setProxyPassword(password: string | null): Promise<boolean>;
  /**
   * Stores a source's token, password or header value; `null` deletes it. Resolves to whether it
   * outlives this run, in a keyring.
   */
  setToken(source: SourceId, token: string | null, url?: string): Promise<boolean>;
  /** Completes what was typed to a full URL; rejects with a message that shows an example. */
  address(text: string): Promise<string>;
  /** Tests an address; without a secret, with the one stored for the source. */
  probe(
    url: string,
    signIn: SignIn,
    secret: string | null,
    source: SourceId | null,
  ): Promise<ProbeReport>;
  openSettings(): Promise<void>;
  openTodos(): Promise<void>;
  closeWindow(): Promise<void>;
  /** Adds the built-in demo server as a source. */
  startDemo(): Promise<void>;
  testToast(): Promise<void>;
  /** The to-do that the window was opened for. */
  initialTodo(): Promise<TodoKey | null>;
  /** Whether the settings were opened for what Belldot is and how it is doing. */
  initialAbout(): Promise<boolean>;
  /** The page "About" was requested while the window is open. */
  onShowAbout(show: () => void): Promise<Unsubscribe>;
}

/**
 * The browser's own stream to the server that served the page, and what only a page in a browser
 * has. Every change of its state comes with `News`.
 */
export interface Connection {
  /** Opens a stream; without a token, with the one that was given before, if any. */
  connect(token: string | null): void;
  disconnect(): void;
  state(): ConnectionState;
  /** `null` where the browser shows none. */
  notifications(): NotificationState | null;
  /** May ask the user for a permission, and so has to be called on a click. */
  setNotifications(wanted: boolean): Promise<void>;
}

/** A stream is wanted, or not, or needs a token, or was refused with this one. */
export type ConnectionState = 'on' | 'off' | 'sign-in' | 'wrong-token';

/** Whether the browser's notifications are shown; `blocked`: the browser was told not to. */
export type NotificationState = 'off' | 'on' | 'blocked';
