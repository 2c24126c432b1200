import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig, mergeConfig } from 'vitest/config';
import vite from './vite.config.ts';

export default mergeConfig(
  vite,
  defineConfig({
    plugins: [svelteTesting()],
    test: {
      environment: 'happy-dom',
      // The window that a bell opens.
      environmentOptions: { happyDOM: { width: 440, height: 720 } },
      include: ['tests/**/*.test.ts'],
      env: { TZ: 'UTC' },
      setupFiles: ['tests/setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }),
);
