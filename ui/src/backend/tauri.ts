import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Backend } from './backend';
import type { News } from './types/News';
import type { TodoKey } from './types/TodoKey';

/** The desktop app, through its commands and events. */
export function tauriBackend(): Backend {
  return {
    list: (query) => invoke('list', { query }),
    news: () => invoke('news'),
    onNews: (hear) => listen<News>('news', (event) => hear(event.payload)),
    act: (action) => invoke('act', { action }),
    openTodo: (key) => invoke('open_todo', { key }),
    app: {
      settings: () => invoke('settings'),
      saveSettings: (settings) => invoke('save_settings', { settings }),
      setToken: (source, token) => invoke('set_token', { source, token }),
      probe: (url, signIn, secret, source) => invoke('probe', { url, signIn, secret, source }),
      openSettings: () => invoke('open_settings'),
      openTodos: () => invoke('open_todos'),
      closeWindow: () => invoke('close_window'),
      position: (query, key) => invoke('position', { query, key }),
      preview: (format, samples) => invoke('preview', { format, samples }),
      streamReport: (source) => invoke('stream_report', { source }),
      diagnosis: () => invoke('diagnosis'),
      exportInbox: (kind) => invoke('export_inbox', { kind }),
      exportSettings: () => invoke('export_settings'),
      importSettings: (text) => invoke('import_settings', { text }),
      openFolder: (which) => invoke('open_folder', { which }),
      setProxyPassword: (password) => invoke('set_proxy_password', { password }),
      initialAbout: () => invoke('initial_about'),
      onShowAbout: (show) => listen('show-about', () => show()),
      startDemo: () => invoke('start_demo'),
      testToast: () => invoke('test_toast'),
      initialTodo: () => invoke('initial_todo'),
      onShowTodo: (show) => listen<TodoKey>('show-todo', (event) => show(event.payload)),
    },
    connection: null,
  };
}
