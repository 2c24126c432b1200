import { configure } from '@testing-library/svelte';

/** A busy machine is slow: what is waited for is a condition, not a time. */
configure({ asyncUtilTimeout: 30_000 });
