import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import { configs, parser } from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// What neither Prettier nor svelte-check sees: promises that nobody waits for, cases that nobody
// thought of, and Svelte's own traps.
export default defineConfig(
  globalIgnores(['dist', 'src/backend/types']),
  configs.recommended,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
        parser,
        svelteConfig,
      },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // What is shown is replaced as a whole ($state.raw), and no collection is changed in place.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  { files: ['*.js'], extends: [configs.disableTypeChecked] },
);
