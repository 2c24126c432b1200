import { invoke } from '@tauri-apps/api/core';
import { listen, type UnlistenFn } from '@tauri-apps/api/event';
import type { Backend } from './backend';
import type { News } from './types/News';
import type { TodoKey } from './types/TodoKey';

/** Whether the page is in a window of the desktop app. */
export function isInDesktopApp(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** Notes in the app's log that the page met a fault. */
export function logError(what: string, at: string): Promise<void> {
  return invoke('page_fault', { what, at });
}

/** The desktop app, through its commands and events. */
export function tauriBackend(): Backend {
  let listening: Promise<unknown> = Promise.resolve();

  function subscribe<T>(event: string, listener: (payload: T) => void): Promise<UnlistenFn> {
    const begun = listen<T>(event, ({ payload }) => listener(payload));
    listening = Promise.all([listening, begun]);
    return begun;
  }

  /** Waits for the listeners first: the answer may come as an event, which would be missed. */
  async function invokeWhenListening<T>(command: string): Promise<T> {
    await listening;
    return invoke<T>(command);
  }

  return {
    list: (query) => invoke('list', { query }),
    position: (query, key) => invoke('position', { query, key }),
    news: () => invokeWhenListening('news'),
    onNews: (listener) => subscribe<News>('news', listener),
    act: (action) => invoke('act', { action }),
    openTodo: (key) => invoke('open_todo', { key }),
    onShowTodo: (show) => subscribe<TodoKey>('show-todo', show),
    desktop: {
      settings: () => invoke('settings'),
      saveSettings: (settings) => invoke('save_settings', { settings }),
      setToken: (source, token, url) => invoke('set_token', { source, token, url }),
      address: (text) => invoke('address', { text }),
      probe: (url, signIn, secret, source) => invoke('probe', { url, signIn, secret, source }),
      openSettings: () => invoke('open_settings'),
      openTodos: () => invoke('open_todos'),
      closeWindow: () => invoke('close_window'),
      preview: (format, samples) => invoke('preview', { format, samples }),
      teach: (format, samples, which, lesson) =>
        invoke('teach', { format, samples, which, lesson }),
      streamReport: (source) => invoke('stream_report', { source }),
      diagnosis: () => invoke('diagnosis'),
      exportInbox: (kind) => invoke('export_inbox', { kind }),
      exportSettings: () => invoke('export_settings'),
      importSettings: (text) => invoke('import_settings', { text }),
      openFolder: (which) => invoke('open_folder', { which }),
      setProxyPassword: (password) => invoke('set_proxy_password', { password }),
      initialAbout: () => invokeWhenListening('initial_about'),
      onShowAbout: (show) => subscribe('show-about', show),
      startDemo: () => invoke('start_demo'),
      testToast: () => invoke('test_toast'),
      initialTodo: () => invokeWhenListening('initial_todo'),
    },
    connection: null,
  };
}
