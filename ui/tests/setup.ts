import { configure } from '@testing-library/svelte';
import { loadLocale } from '../src/i18n/locale.svelte';

/** A busy machine is slow: what is waited for is a condition, not a time. */
configure({ asyncUtilTimeout: 30_000 });

/** As after the start of the page; and the other one, so that tests change it at once. */
await Promise.all([loadLocale('en'), loadLocale('zh-CN')]);
