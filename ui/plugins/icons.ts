import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/**
 * Makes a component of each `.svg` file when the page is built: markup that only has to be copied.
 * A component that puts icons together from data would hold up the first drawing.
 */
export function icons(): Plugin {
  return {
    name: 'icons',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('.svg')) return null;
      return PROPS + component(await readFile(id, 'utf8'));
    },
  };
}

const PROPS = `<script>
  let { size = 24, strokeWidth = 2, label } = $props();
</script>
`;

function component(drawing: string): string {
  return drawing
    .replace(/<!--.*?-->/s, '')
    .replace(/\s(class|xmlns)="[^"]*"/g, '')
    .replace(/\s(width|height)="24"/g, ' $1={size}')
    .replace('stroke-width="2"', 'stroke-width={strokeWidth}')
    .replace('<svg', `<svg role={label && 'img'} aria-label={label} aria-hidden={!label}`);
}
