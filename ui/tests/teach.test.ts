import { render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import type { Format } from '../src/backend/types/Format';
import type { Node } from '../src/backend/types/Node';
import type { PreviewRow } from '../src/backend/types/PreviewRow';
import Preview from '../src/settings/Preview.svelte';
import StreamView from '../src/stream/StreamView.svelte';
import { isMisread, isTaught, isTeachable, partsFor, initiallyOpen } from '../src/settings/teach';
import { configured, report, source, tree } from './fake';
import { desktop, open, part, prepare, user } from './settings-window';

prepare();

const UNKNOWN = { code: 0, biz: { zzz: [{ k1: 'A-1', k2: 'Sign the contract' }] } };
const samples = [{ kind: 'message', data: JSON.stringify(UNKNOWN), id: '' }];
const TAUGHT: Format = { json: { guess: true, each: '/biz/zzz' } };

const value = (name: string) => screen.findByRole('button', { name });
const at = (pointer: string) =>
  document.querySelector<HTMLElement>(`[data-part="value"][data-at="${pointer}"]`);
const atHand = (pointer: string, it: string) => {
  const button = at(pointer)?.parentElement?.querySelector<HTMLElement>(`[data-say="${it}"]`);
  if (!button) throw new Error(`nothing at hand at ${pointer}`);
  return button;
};

/** A preview in which each change is taken. */
function preview(format: Format = 'auto') {
  const changed = vi.fn((learned: Format) => void rerender({ format: learned }));
  const { rerender } = render(Preview, { desktop, samples, format, onchange: changed });
  return changed;
}

describe('an event that was not understood', () => {
  test('shows its values by names, and each can be said what it is in one click', async () => {
    const changed = preview();
    await value('k2: Sign the contract');
    expect(part('tree').textContent).toContain('1 entry');
    desktop.learned = [TAUGHT];
    await user.click(atHand('/biz/zzz/0/k2', 'title'));
    await waitFor(() => expect(changed).toHaveBeenCalledWith(TAUGHT));
    expect(desktop.said).toEqual([
      { which: 0, lesson: { say: 'part', at: '/biz/zzz/0/k2', part: 'title' } },
    ]);
  });

  test('offers each list as to-dos', async () => {
    preview();
    await user.click(await screen.findByRole('button', { name: 'Each of these is a to-do' }));
    await waitFor(() =>
      expect(desktop.said).toEqual([{ which: 0, lesson: { say: 'each', at: '/biz/zzz' } }]),
    );
  });

  test('is taught with the keyboard alone, by a menu with every part', async () => {
    preview();
    (await value('k1: A-1')).focus();
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(at('/biz/zzz/0/k2'));
    await user.keyboard('{Enter}');
    const menu = await screen.findByRole('menu', { name: 'What is this?' });
    const names = within(menu).getAllByRole('menuitem');
    expect(names.map((it) => it.textContent?.trim())).toEqual([
      'Title',
      'Text',
      'Due',
      'Id',
      'Link',
      'Sender',
      'Priority',
      'Status',
    ]);
    await user.keyboard('{End}{Enter}');
    await waitFor(() =>
      expect(desktop.said[0]?.lesson).toEqual({ say: 'part', at: '/biz/zzz/0/k2', part: 'status' }),
    );
  });

  test('is left out, and says so', async () => {
    preview();
    await user.click(await screen.findByRole('button', { name: 'Leave events like this out' }));
    await waitFor(() => expect(desktop.said).toEqual([{ which: 0, lesson: { say: 'leave-out' } }]));
  });

  test('cannot be taught where the format is fixed', async () => {
    render(Preview, { desktop, samples, format: 'auto' });
    await screen.findByText('Not understood with this format');
    expect(document.querySelector('[data-part="tree"]')).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('what was said', () => {
  test('is undone step by step, and started over', async () => {
    const changed = preview();
    desktop.learned = [TAUGHT, { json: { guess: true, each: '/biz/zzz', title: '/k2' } }];
    await value('k2: Sign the contract');
    await user.click(atHand('/biz/zzz/0/k2', 'title'));
    await user.click(atHand('/biz/zzz/0/k2', 'id'));
    await waitFor(() => expect(changed).toHaveBeenCalledTimes(2));
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(changed).toHaveBeenLastCalledWith(TAUGHT);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(changed).toHaveBeenLastCalledWith('auto');
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  test('is marked at its value, for a screen reader too', async () => {
    const marked = tree(UNKNOWN);
    const title = find(marked, '/biz/zzz/0/k2');
    title.parts = ['title'];
    find(marked, '/biz/zzz').each = true;
    const row = { kind: 'message', tree: marked, left_out: false, seen: 'json', todos: [] };
    vi.spyOn(desktop, 'preview').mockResolvedValue({
      decided: 'json',
      rows: [row as PreviewRow],
      unread: null,
    });
    preview(TAUGHT);
    const button = await value('k2: Title: Sign the contract');
    expect(within(button).getByText('Title')).toBeTruthy();
    const each = screen.getByRole('button', { name: 'Each of these is a to-do' });
    expect(each.getAttribute('aria-pressed')).toBe('true');
    await user.click(screen.getByRole('button', { name: 'Start over' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Start over' })).toBeNull());
  });

  test('waits for nothing, and two things at once are learned one after the other', async () => {
    const learned: Format[] = [];
    vi.spyOn(desktop, 'teach').mockImplementation(async (format) => {
      learned.push(format);
      await Promise.resolve();
      return { json: { guess: true, title: `/${learned.length}` } };
    });
    preview();
    await value('k2: Sign the contract');
    atHand('/biz/zzz/0/k2', 'title').click();
    atHand('/biz/zzz/0/k1', 'id').click();
    await waitFor(() => expect(learned).toHaveLength(2));
    expect(learned).toEqual(['auto', { json: { guess: true, title: '/1' } }]);
  });
});

test('nothing moves under a pointer: what comes meanwhile waits', async () => {
  const { rerender } = render(Preview, { desktop, samples, format: 'text' });
  await waitFor(() => expect(desktop.previewed?.samples).toEqual(samples));
  await user.hover(part('preview'));
  const later = [{ kind: 'message', data: 'Later', id: '' }];
  await rerender({ samples: later });
  await new Promise((wake) => setTimeout(wake, 300));
  expect(desktop.previewed?.samples).toEqual(samples);
  await user.unhover(part('preview'));
  await waitFor(() => expect(desktop.previewed?.samples).toEqual(later));
});

test('a source is kept as it was shown, and its format says so', async () => {
  desktop.streams.set('work', report({ samples }));
  await open(configured());
  desktop.learned = [TAUGHT];
  await value('k2: Sign the contract');
  await user.click(atHand('/biz/zzz/0/k2', 'title'));
  await waitFor(() => expect(desktop.kept.sources[0]?.format).toEqual(TAUGHT));
  expect(screen.getByRole('option', { name: 'Read as you showed' })).toBeTruthy();
  expect(part('pointers').hasAttribute('open')).toBe(false);
});

test('a stream names the events that were not understood, and leads to where they are taught', async () => {
  const teach = vi.fn();
  const latest = [
    { kind: 'message', words: '{"k1":"A-1"}', outline: '{k1}' },
    { kind: 'audit', words: 'hello', outline: null },
  ];
  desktop.streams.set('work', report());
  render(StreamView, {
    desktop,
    onteach: teach,
    view: source({ not_understood: { count: 1204, latest } }),
  });
  await screen.findByText('1,204 events were not understood');
  const named = within(part('not-understood')).getAllByRole('listitem');
  expect(named.map((it) => it.textContent)).toEqual(['audithello', 'message{"k1":"A-1"}']);
  await user.click(screen.getByRole('button', { name: 'Say what they mean' }));
  expect(teach).toHaveBeenCalled();
});

describe('which values show by themselves', () => {
  const row = (as: Partial<PreviewRow>): PreviewRow => ({
    kind: 'message',
    tree: tree(UNKNOWN),
    left_out: false,
    seen: 'json',
    todos: [],
    ...as,
  });

  test('those of the latest event that was not read', () => {
    const astray = row({ seen: 'not-understood' });
    expect(initiallyOpen([astray, astray, row({})], 'auto')).toBe(1);
    expect(initiallyOpen([row({}), row({})], 'auto')).toBe(-1);
  });

  test('JSON that is shown as it stands was not read, plain text was', () => {
    expect(isMisread(row({ seen: 'text' }))).toBe(true);
    expect(isMisread(row({ seen: 'text', tree: tree('Call Chen') }))).toBe(false);
    expect(isMisread(row({ seen: 'not-understood', left_out: true }))).toBe(false);
  });

  test('those of which something was said', () => {
    const said = tree(UNKNOWN);
    find(said, '/biz/zzz/0/k2').parts = ['title'];
    expect(initiallyOpen([row({ tree: said }), row({})], TAUGHT)).toBe(0);
    expect(initiallyOpen([row({ tree: said }), row({})], 'auto')).toBe(-1);
  });
});

test('a protocol that says what is what is not taught', () => {
  expect(['todo', 'ntfy', 'auto', 'text'].map((it) => isTeachable(it as Format))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect([isTaught('auto'), isTaught({ json: { title: '/t' } }), isTaught(TAUGHT)]).toEqual([
    false,
    false,
    true,
  ]);
});

test('a number may be the count of what is unread', () => {
  expect(partsFor(tree(3))).toContain('count');
  expect(partsFor(tree('3'))).not.toContain('count');
});

function find(node: Node, pointer: string): Node {
  if (node.at === pointer) return node;
  const next = node.inside.find(({ at }) => pointer === at || pointer.startsWith(`${at}/`));
  if (!next) throw new Error(`no ${pointer}`);
  return find(next, pointer);
}
