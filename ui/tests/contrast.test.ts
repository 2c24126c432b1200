import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');
const light = tokens(/:root \{([^}]*)\}/);
const dark = tokens(/:root\[data-theme='dark'\] \{([^}]*)\}/);

/** What is written, and on what. */
const TEXT: [string, string[]][] = [
  ['ink', ['ground', 'panel', 'raised', 'hover', 'selected', 'warn-ground']],
  ['second', ['ground', 'panel', 'raised', 'hover', 'selected']],
  ['accent', ['ground', 'panel', 'raised', 'hover', 'selected']],
  ['red', ['ground', 'panel', 'hover', 'selected']],
  ['amber', ['ground', 'panel', 'warn-ground']],
  ['green', ['ground', 'panel', 'good-ground']],
  ['on-accent', ['accent', 'accent-strong']],
  ['on-badge', ['badge']],
];

/** Shapes that mean something, and on what they stand. */
const SHAPES: [string, string[]][] = [
  ['outline', ['ground', 'panel', 'hover']],
  ['badge', ['ground', 'panel', 'hover']],
  ['amber-mark', ['ground', 'panel']],
  ['green-mark', ['ground', 'panel']],
  ['on-mark', ['green-mark']],
  ['accent', ['ground', 'panel', 'hover']],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s theme', (_, theme) => {
  const both = [
    ...TEXT.flatMap(([front, backs]) => backs.map((back) => [front, back, 4.5] as const)),
    ...SHAPES.flatMap(([front, backs]) => backs.map((back) => [front, back, 3] as const)),
  ];
  test.each(both)('%s on %s has a contrast of at least %f', (front, back, least) => {
    expect(contrast(color(theme, front), color(theme, back))).toBeGreaterThanOrEqual(least);
  });
});

test('both themes know the same colours', () => {
  expect([...light.keys()].filter((name) => !dark.has(name))).toEqual([
    'font',
    'quick',
    'calm',
    'round',
  ]);
  expect([...dark.keys()].filter((name) => !light.has(name))).toEqual([]);
});

function tokens(block: RegExp): Map<string, string> {
  const body = block.exec(css)?.[1] ?? '';
  return new Map(
    [...body.matchAll(/--([a-z-]+):\s*([^;]+);/g)].map(([, name, value]) => [
      name ?? '',
      value ?? '',
    ]),
  );
}

function color(theme: Map<string, string>, name: string): string {
  const value = theme.get(name) ?? '';
  expect(value, name).toMatch(/^#[0-9a-f]{6}$/);
  return value;
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
