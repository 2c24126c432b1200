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
export type Forget = () => void;

/** Ends a subscription that may not have begun, nor ever begin. */
export function unsubscribe(subscription: Promise<Forget> | undefined): void {
  subscription?.then(
    (forget) => forget(),
    () => {},
  );
}

/**
 * Where the page's to-dos come from and where its wishes go. Every promise rejects with a
 * sentence that a person can read.
 */
export interface Backend {
  list(query: Query): Promise<Listing>;
  /**
   * What is known now; nothing yet right after the start. Who hears by then is told anew what
   * still holds.
   */
  news(): Promise<News | null>;
  onNews(hear: (news: News) => void): Promise<Forget>;
  act(action: Action): Promise<void>;
  /** Marks it as read and opens its address in the browser, if it has one. */
  openTodo(key: TodoKey): Promise<void>;
  /** What only the desktop app can do; absent in a browser. */
  readonly app: App | null;
  /** A connection made by hand; absent in the app, whose streams live without a window. */
  readonly connection: Connection | null;
}

/** The desktop app behind the window. */
export interface App {
  settings(): Promise<SettingsView>;
  /** Takes effect at once. */
  saveSettings(settings: Settings): Promise<void>;
  /** Where a to-do stands in the answer to a query, counted from 0; `null` where it does not. */
  position(query: Query, key: TodoKey): Promise<number | null>;
  /** What a format would make of events that came; nothing is kept. */
  preview(format: Format, samples: Sample[]): Promise<Preview>;
  /** The format that a person means who says something of one of the events that came. */
  teach(format: Format, samples: Sample[], which: number, lesson: Lesson): Promise<Format>;
  /** What a source's stream has been doing; `null` for a source that is not known. */
  streamReport(source: SourceId): Promise<StreamReport | null>;
  /** All that helps to see why something does not work, as text without secrets. */
  diagnosis(): Promise<string>;
  /** Writes the inbox to a file in the downloads folder; says where it is. */
  exportInbox(kind: Export): Promise<string>;
  /** Writes the settings, without secrets, to a file in the downloads folder; says where. */
  exportSettings(): Promise<string>;
  /** Takes settings from the text of such a file; secrets stay as they are. */
  importSettings(text: string): Promise<void>;
  /** Opens the folder of Belldot's own files in the file manager. */
  openFolder(which: 'settings' | 'inbox' | 'logs'): Promise<void>;
  /** Keeps the proxy's password; `null` forgets it. Says whether it outlives this run. */
  setProxyPassword(password: string | null): Promise<boolean>;
  /** Keeps a source's token, password or header value; `null` forgets it. Says whether it outlives this run: in a keyring. */
  setToken(source: SourceId, token: string | null, url?: string): Promise<boolean>;
  /** What somebody means by an address, as one that can be asked; else a sentence that shows one. */
  address(text: string): Promise<string>;
  /** Finds out what stands at an address; without a secret, with the one kept for the source. */
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
  /** The same was asked for while the window is open. */
  onShowAbout(show: () => void): Promise<Forget>;
  /** A toast was clicked while the window is open. */
  onShowTodo(show: (key: TodoKey) => void): Promise<Forget>;
}

/** The browser's own stream to the server that served the page. News tells of every change. */
export interface Connection {
  /** Opens a stream; without a token, with the one that was given before, if any. */
  connect(token: string | null): void;
  disconnect(): void;
  state(): Link;
}

/** A stream is wanted, or not, or cannot be had without a token, or with this one. */
export type Link = 'on' | 'off' | 'sign-in' | 'wrong-token';
