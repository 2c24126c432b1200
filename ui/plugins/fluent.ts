import { FluentResource } from '@fluent/bundle';
import type { Plugin } from 'vite';

/**
 * Reads `.ftl` files when the page is built, so that no window needs time for it: such a module
 * is the resource's body as JSON.
 */
export function fluent(): Plugin {
  return {
    name: 'fluent',
    transform(source, id) {
      if (!id.endsWith('.ftl')) return null;
      const { body } = new FluentResource(source);
      return `export default ${JSON.stringify(JSON.stringify(body))};`;
    },
  };
}
