import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { fluent } from './plugins/fluent.ts';
import { icons } from './plugins/icons.ts';

export default defineConfig({
  plugins: [icons(), svelte({ extensions: ['.svelte', '.svg'] }), fluent()],
  // One build serves Tauri's own protocol and any path of an HTTP server.
  base: './',
  // WebKitGTK 2.40 and later stand behind the app's windows on Linux.
  build: { target: 'safari16', modulePreload: { polyfill: false } },
  // The words live at the root of the repository, for Rust and the page alike.
  server: { fs: { allow: ['..'] } },
});
