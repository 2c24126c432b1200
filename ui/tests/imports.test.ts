import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * The tiers of `src`, the lowest first. A folder may import from its own tier's own folder and from
 * lower tiers; folders of one tier do not know each other. What stands at the top of `src`, the app
 * itself, is the highest tier. The types that Rust writes know nothing and may be used by any domain.
 */
const TIERS: readonly (readonly string[])[] = [
  ['platform', 'styles'],
  ['i18n'],
  ['shared'],
  ['backend/types'],
  ['backend'],
  ['stream'],
  ['todos', 'settings'],
  ['.'],
];

/** The imports between the files of a project: path to paths, relative to its root. */
type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of sources, of types as well; what is no file of them is left out. */
function importsOf(sources: ReadonlyMap<string, string>): Imports {
  const found = new Map<string, string[]>();
  for (const [path, text] of sources) {
    const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g)];
    const targets = specifiers.flatMap(([, specifier = '']) => {
      const base = posix.join(posix.dirname(path), specifier);
      return [base, `${base}.ts`, `${base}/index.ts`].filter((file) => sources.has(file));
    });
    found.set(path, targets);
  }
  return found;
}

/** Every import cycle, as the files in it. */
function cycles(imports: Imports): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

function folderOf(file: string): string {
  if (file.startsWith('backend/types/')) return 'backend/types';
  return file.includes('/') ? (file.split('/')[0] ?? '') : '.';
}

const tierOf = (file: string) => TIERS.findIndex((tier) => tier.includes(folderOf(file)));

/** Every import of a higher tier, or of another folder of the same one. */
function breaches(imports: Imports): string[] {
  const found: string[] = [];
  for (const [file, targets] of imports) {
    for (const target of targets) {
      if (folderOf(file) === folderOf(target)) continue;
      if (tierOf(target) >= tierOf(file)) found.push(`${file} imports ${target}`);
    }
  }
  return found;
}

const made = (files: Record<string, string>) => importsOf(new Map(Object.entries(files)));

const SRC = resolve(import.meta.dirname, '../src');

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.(svelte|ts)$/.test(entry.name) ? [path] : [];
  });
}

const source = importsOf(
  new Map(files(SRC).map((path) => [relative(SRC, path), readFileSync(path, 'utf8')])),
);

describe('the sources', () => {
  test('are read with their imports', () => {
    expect(source.size).toBeGreaterThan(100);
    expect(source.get('main.ts')).toContain('App.svelte');
    expect(source.get('todos/TodoPage.svelte')).toContain('todos/todo-page-controller.svelte.ts');
    const folders = new Set([...source.keys()].map((path) => dirname(path)));
    expect([...folders].sort()).toEqual(TIERS.flat().sort());
  });

  test('have no import cycle', () => {
    expect(cycles(source)).toEqual([]);
  });

  test('import from lower tiers only', () => {
    expect(breaches(source)).toEqual([]);
  });
});

describe('made-up sources', () => {
  test('with a cycle are found', () => {
    const imports = made({
      'todos/a.ts': "import { b } from './b';",
      'todos/b.ts': "import type { C } from './C.svelte';",
      'todos/C.svelte': "<script>\n  const a = await import('./a');\n</script>",
      'todos/d.ts': "import './a';",
    });
    expect(cycles(imports)).toEqual([['todos/a.ts', 'todos/b.ts', 'todos/C.svelte', 'todos/a.ts']]);
  });

  test('that import a higher tier, or a sibling, are found', () => {
    const imports = made({
      'shared/Button.svelte': "import type { News } from '../backend/types/News';",
      'settings/page.ts':
        "import { keys } from '../todos/keys';\nimport '../shared/Button.svelte';",
      'todos/keys.ts': "import { start } from '../start';",
      'start.ts': "export { keys } from './todos/keys';",
      'backend/types/News.ts': '',
    });
    expect(breaches(imports)).toEqual([
      'shared/Button.svelte imports backend/types/News.ts',
      'settings/page.ts imports todos/keys.ts',
      'todos/keys.ts imports start.ts',
    ]);
  });
});
