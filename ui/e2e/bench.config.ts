import base from './vitest.config.ts';

export default { test: { ...base.test, include: ['**/*.bench.ts'] } };
