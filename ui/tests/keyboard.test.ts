import { describe, expect, test } from 'vitest';
import { SHORTCUTS, command, isComposing, keyContextOf } from '../src/shared/keyboard';
import { snoozeOptions } from '../src/todos/snooze';

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('a key', () => {
  test.each([
    ['j', 'next'],
    ['ArrowDown', 'next'],
    ['k', 'previous'],
    ['Enter', 'open'],
    [' ', 'show'],
    ['e', 'done'],
    ['r', 'read'],
    ['s', 'snooze'],
    ['p', 'pin'],
    ['x', 'select'],
    ['z', 'undo'],
    ['/', 'search'],
    ['Escape', 'dismiss'],
    ['q', null],
  ])('%j among the rows means %s', (key, meaning) => {
    expect(command(press(key), 'list')).toBe(meaning);
  });

  test('with Control is another one', () => {
    expect(command(press(',', { ctrlKey: true }), 'list')).toBe('settings');
    expect(command(press('w', { ctrlKey: true }), 'list')).toBe('close');
    expect(command(press('e', { ctrlKey: true }), 'list')).toBeNull();
    expect(command(press('e', { altKey: true }), 'list')).toBeNull();
    // Those of the browser: reload, larger and smaller text.
    for (const key of ['r', '+', '-', '0'])
      expect(command(press(key, { ctrlKey: true }), 'list')).toBeNull();
    expect(command(press('F5'), 'list')).toBeNull();
  });

  test('with Shift extends the selection', () => {
    expect(command(press('ArrowDown', { shiftKey: true }), 'list')).toBe('extend-next');
    expect(command(press('?', { shiftKey: true }), 'list')).toBe('help');
  });

  test('is a letter while somebody writes', () => {
    expect(command(press('e'), 'field')).toBeNull();
    expect(command(press('Enter'), 'field')).toBeNull();
    expect(command(press('Escape'), 'field')).toBe('dismiss');
    expect(command(press(',', { ctrlKey: true }), 'field')).toBe('settings');
  });

  test('over the page is only for the window as a whole', () => {
    expect(command(press('e'), 'dialog')).toBeNull();
    expect(command(press('Escape'), 'dialog')).toBeNull();
    expect(command(press('w', { ctrlKey: true }), 'dialog')).toBe('close');
  });

  test('is the same letter with Caps Lock on, and with Shift beside it', () => {
    expect(command(press('J'), 'list')).toBe('next');
    expect(command(press('E'), 'list')).toBe('done');
    expect(command(press('j', { shiftKey: true }), 'list')).toBe('extend-next');
  });

  test.each([
    ['о', 'KeyJ', 'next'],
    ['У', 'KeyE', 'done'],
    ['ξ', 'KeyJ', 'next'],
    ['ε', 'KeyE', 'done'],
    ['ק', 'KeyE', 'done'],
  ])('%s on another alphabet is the letter in its place, %s', (key, code, meaning) => {
    expect(command(press(key, { code }), 'list')).toBe(meaning);
  });

  test('on another alphabet with Control is the key in its place', () => {
    expect(command(press('б', { code: 'Comma', ctrlKey: true }), 'list')).toBe('settings');
    expect(command(press('ц', { code: 'KeyW', ctrlKey: true }), 'list')).toBe('close');
  });

  test('on another Latin keyboard is what is printed on it', () => {
    expect(command(press('z', { code: 'KeyY' }), 'list')).toBe('undo');
    expect(command(press('é', { code: 'KeyE' }), 'list')).toBeNull();
  });

  test('that an input method takes is none', () => {
    const taken = (held: KeyboardEventInit & { keyCode?: number }) =>
      isComposing(new KeyboardEvent('keydown', held));
    expect(taken({ key: 'e', isComposing: true })).toBe(true);
    expect(taken({ key: 'e', keyCode: 229 })).toBe(true);
    expect(taken({ key: 'e', keyCode: 69 })).toBe(false);
  });

  test('that scrolls the text of a to-do is left to it', () => {
    for (const key of ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', ' ']) {
      expect(command(press(key), 'text')).toBeNull();
    }
    expect(command(press('j'), 'text')).toBe('next');
    expect(command(press('Escape'), 'text')).toBe('dismiss');
  });

  test('presses the button that it is on', () => {
    expect(command(press('Enter'), 'button')).toBeNull();
    expect(command(press(' '), 'button')).toBeNull();
    expect(command(press('j'), 'button')).toBe('next');
  });
});

test('where the focus is', () => {
  document.body.innerHTML =
    '<input id="a"><dialog><button id="b"></button></dialog><button id="c"></button>' +
    '<button id="d" data-part="row"><i id="e"></i></button>' +
    '<div id="f" data-part="text"><a id="g" href="#x"></a></div>';
  const where = (id: string) => keyContextOf(document.getElementById(id));
  expect([where('a'), where('b'), where('c'), where('d'), where('e')]).toEqual([
    'field',
    'button',
    'button',
    'list',
    'list',
  ]);
  expect([where('f'), where('g')]).toEqual(['text', 'button']);
  expect(keyContextOf(null)).toBe('list');
  document.querySelector('dialog')?.setAttribute('open', '');
  expect([where('a'), where('b'), keyContextOf(document.body)]).toEqual([
    'dialog',
    'dialog',
    'dialog',
  ]);
});

test('the help names every shortcut once', () => {
  const words = SHORTCUTS.map((shortcut) => shortcut.help);
  expect(new Set(words).size).toBe(words.length);
});

test('the help shows every key of a shortcut by its label', () => {
  const keysOf = (help: string) => SHORTCUTS.find((shortcut) => shortcut.help === help)?.keys;
  expect(keysOf('page-key-open')).toEqual(['Enter', 'O']);
  expect(keysOf('page-key-show')).toEqual(['Space', '→', 'L']);
  expect(keysOf('page-key-settings')).toEqual(['Ctrl', ',']);
});

describe('to put a to-do off', () => {
  const words = (now: string) => snoozeOptions(Date.parse(now)).map((choice) => choice.words);
  const until = (now: string, which: string) =>
    snoozeOptions(Date.parse(now))
      .find((choice) => choice.words === which)
      ?.until.toISOString();

  test('in the morning there is this evening', () => {
    expect(words('2026-11-25T09:00:00Z')).toContain('page-snooze-evening');
    expect(until('2026-11-25T09:00:00Z', 'page-snooze-evening')).toBe('2026-11-25T18:00:00.000Z');
  });

  test('in the evening there is not', () => {
    expect(words('2026-11-25T17:00:00Z')).not.toContain('page-snooze-evening');
  });

  test('tomorrow is at nine', () => {
    expect(until('2026-11-30T23:59:00Z', 'page-snooze-tomorrow')).toBe('2026-12-01T09:00:00.000Z');
  });

  test('Monday is the next one, and not offered where it is tomorrow', () => {
    expect(until('2026-11-25T09:00:00Z', 'page-snooze-monday')).toBe('2026-11-30T09:00:00.000Z');
    expect(until('2026-11-30T09:00:00Z', 'page-snooze-monday')).toBe('2026-12-07T09:00:00.000Z');
    expect(words('2026-11-29T09:00:00Z')).not.toContain('page-snooze-monday');
  });
});
