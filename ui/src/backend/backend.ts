import type { Action } from './types/Action';
import type { Listing } from './types/Listing';
import type { News } from './types/News';
import type { ProbeReport } from './types/ProbeReport';
import type { Query } from './types/Query';
import type { Settings } from './types/Settings';
import type { SettingsView } from './types/SettingsView';
import type { SourceId } from './types/SourceId';
import type { TodoKey } from './types/TodoKey';

/** Ends a subscription. */
export type Forget = () => void;

/**
 * Where the page's to-dos come from and where its wishes go. Every promise rejects with a
 * sentence that a person can read.
 */
export interface Backend {
  list(query: Query): Promise<Listing>;
  /** What is known now; nothing yet right after the start. */
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
  /** Keeps a source's token; `null` forgets it. Says whether it outlives this run: in a keyring. */
  setToken(source: SourceId, token: string | null): Promise<boolean>;
  /** Finds out what stands at an address; without a token, with the one kept for the source. */
  probe(url: string, token: string | null, source: SourceId | null): Promise<ProbeReport>;
  openSettings(): Promise<void>;
  openTodos(): Promise<void>;
  closeWindow(): Promise<void>;
  /** Adds the built-in demo server as a source. */
  startDemo(): Promise<void>;
  testToast(): Promise<void>;
  /** The to-do that the window was opened for. */
  initialTodo(): Promise<TodoKey | null>;
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

/** Any failure as the sentence to show. */
export function sentence(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
