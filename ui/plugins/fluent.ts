import { FluentResource } from '@fluent/bundle';
import type { Plugin } from 'vite';

/** The messages that the page shows; the others are the app's own. */
export const PAGE_MESSAGE = /^(page|settings|stream|web|state|cause)-/;

/**
 * Reads `.ftl` files when the page is built, so that no window needs time for it: such a module
 * is the page's part of the resource's body as JSON.
 */
export function fluent(): Plugin {
  return {
    name: 'fluent',
    transform(source, id) {
      if (!id.endsWith('.ftl')) return null;
      const { body: all } = new FluentResource(source);
      const body = all.filter((message) => PAGE_MESSAGE.test(message.id));
      return `export default ${JSON.stringify(JSON.stringify(body))};`;
    },
  };
}
