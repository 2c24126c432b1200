import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import App from '../src/App.svelte';
import { setLocale } from '../src/i18n/locale.svelte';
import { FakeBackend, report, source, todo } from './fake';

let backend: FakeBackend;
let user: UserEvent;

beforeEach(() => {
  backend = new FakeBackend();
  user = userEvent.setup();
  location.hash = '#todos';
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.useRealTimers();
  void setLocale('en');
  document.body.innerHTML = '';
});

async function open(...todos: ReturnType<typeof todo>[]) {
  backend.todos = todos;
  render(App, { backend });
  if (todos.length > 0) await rowOf(todos[0]?.key ?? 0);
}

function rowOf(key: number): Promise<HTMLElement> {
  return waitFor(() => {
    const row = document.querySelector<HTMLElement>(`[data-todo-key="${key}"]`);
    if (!row) throw new Error(`no row ${key}`);
    return row;
  });
}

const part = (name: string, within: ParentNode = document) =>
  within.querySelector<HTMLElement>(`[data-part="${name}"]`);
const shownKeys = () =>
  [...document.querySelectorAll('[data-todo-key]')].map((row) =>
    Number(row.getAttribute('data-todo-key')),
  );

describe('the list', () => {
  test('shows to-dos in their groups with sender, time and due', async () => {
    await open(
      todo({
        key: 1,
        title: 'Sign',
        group: 'today',
        due: new Date().toISOString(),
        sender: 'Chen',
      }),
      todo({ key: 2, title: 'Read', group: 'no-date', read: true }),
    );
    const sign = await rowOf(1);
    expect(part('title', sign)?.textContent).toBe('Sign');
    expect(sign.textContent).toContain('Chen');
    expect(sign.textContent).toContain('2 min. ago');
    expect(screen.getByRole('heading', { name: /Today/ })).toBeTruthy();
    expect(screen.getByRole('heading', { name: /No date/ })).toBeTruthy();
  });

  test('says what is unread, and how many', async () => {
    await open(todo({ key: 1 }), todo({ key: 2, read: true }));
    expect((await rowOf(1)).textContent).toContain('Unread:');
    expect((await rowOf(2)).textContent).not.toContain('Unread:');
    expect(part('unread-count')?.textContent).toBe('1');
    expect(screen.getByText('1 unread to-do')).toBeTruthy();
    expect(document.title).toBe('(1) My to-dos');
  });

  test('names the source only where there are several', async () => {
    await open(todo({ key: 1, sender: 'Chen' }));
    expect((await rowOf(1)).textContent).not.toContain('Work');
    backend.sources = [source(), source({ id: 'hr', name: 'HR' })];
    backend.tell();
    await waitFor(async () => expect((await rowOf(1)).textContent).toContain('Work'));
  });

  test('takes in what arrives', async () => {
    await open(todo({ key: 1 }));
    backend.arrive(todo({ key: 2, title: 'New' }));
    expect(part('title', await rowOf(2))?.textContent).toBe('New');
  });

  test('shows hostile text as text', async () => {
    await open(todo({ key: 1, title: '<img src=x onerror=alert(1)>', sender: '<b>' }));
    const row = await rowOf(1);
    expect(part('title', row)?.textContent).toBe('<img src=x onerror=alert(1)>');
    expect(row.querySelector('img, b')).toBeNull();
  });
});

describe('done', () => {
  test('shows at once, stays in place, and can be taken back', async () => {
    await open(todo({ key: 1, title: 'Sign' }), todo({ key: 2 }));
    await user.click(within(await rowOf(1)).getByRole('checkbox'));
    expect(backend.acted).toContainEqual({ do: 'done', todos: [1], done: true });
    await waitFor(async () =>
      expect(
        within(await rowOf(1))
          .getByRole('checkbox')
          .getAttribute('aria-checked'),
      ).toBe('true'),
    );
    expect(shownKeys()).toEqual([1, 2]);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(backend.acted).toContainEqual({ do: 'done', todos: [1], done: false });
    await waitFor(async () =>
      expect(
        within(await rowOf(1))
          .getByRole('checkbox')
          .getAttribute('aria-checked'),
      ).toBe('false'),
    );
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  test('leaves after its time of grace', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    await open(todo({ key: 1 }), todo({ key: 2 }));
    await user.keyboard('j');
    await user.keyboard('e');
    await vi.waitFor(() => expect(backend.acted).toHaveLength(1));
    expect(shownKeys()).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitFor(() => expect(shownKeys()).toEqual([2]));
  });

  test('of several in a row is taken back by one undo', async () => {
    await open(todo({ key: 1 }), todo({ key: 2 }), todo({ key: 3 }));
    await user.keyboard('jee');
    await waitFor(() => expect(screen.getByText('2 to-dos done')).toBeTruthy());
    await user.keyboard('z');
    expect(backend.acted).toContainEqual({ do: 'done', todos: [1, 2], done: false });
    expect(backend.acted.at(-1)).toEqual({ do: 'read', todos: [1, 2], read: false });
  });

  test('that is refused is taken back with the sentence that says why', async () => {
    await open(todo({ key: 1 }));
    backend.refuse = 'The server no longer knows it.';
    await user.click(within(await rowOf(1)).getByRole('checkbox'));
    await waitFor(() => expect(screen.getByText('The server no longer knows it.')).toBeTruthy());
    expect(
      within(await rowOf(1))
        .getByRole('checkbox')
        .getAttribute('aria-checked'),
    ).toBe('false');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText('The server no longer knows it.')).toBeNull();
  });
});

describe('by keyboard', () => {
  const focused = () =>
    Number(document.activeElement?.closest('[data-todo-key]')?.getAttribute('data-todo-key'));

  test('j and k, arrows, Home and End walk the list', async () => {
    await open(todo({ key: 1 }), todo({ key: 2 }), todo({ key: 3 }));
    const walk: [string, number][] = [
      ['j', 1],
      ['{ArrowDown}', 2],
      ['k', 1],
      ['{End}', 3],
      ['j', 3],
      ['{Home}', 1],
    ];
    for (const [key, there] of walk) {
      await user.keyboard(key);
      await waitFor(() => expect(focused()).toBe(there));
    }
  });

  test('Enter opens the address and marks it read', async () => {
    await open(todo({ key: 1, url: 'https://a.example/' }));
    await user.keyboard('j{Enter}');
    await waitFor(() => expect(backend.opened).toEqual([1]));
    await waitFor(async () => expect((await rowOf(1)).textContent).not.toContain('Unread:'));
  });

  test('Enter shows a to-do that has no address', async () => {
    await open(todo({ key: 1, title: 'Think', body: 'About https://a.example/x.' }));
    await user.keyboard('j{Enter}');
    await waitFor(() => expect(part('pane')).toBeTruthy());
    const link = within(part('pane') ?? document.body).getByRole('link');
    expect(link.getAttribute('href')).toBe('https://a.example/x');
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
    expect(backend.opened).toEqual([]);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(part('pane')).toBeNull());
  });

  test('r marks read and unread', async () => {
    await open(todo({ key: 1 }));
    await user.keyboard('jr');
    expect(backend.acted.at(-1)).toEqual({ do: 'read', todos: [1], read: true });
    await waitFor(async () => expect((await rowOf(1)).textContent).not.toContain('Unread:'));
    await user.keyboard('r');
    expect(backend.acted.at(-1)).toEqual({ do: 'read', todos: [1], read: false });
  });

  test('s asks until when and snoozes', async () => {
    await open(todo({ key: 1, title: 'Sign' }));
    await user.keyboard('js');
    await user.click(await screen.findByRole('menuitem', { name: /1 hour/ }));
    const act = backend.acted.at(-1);
    expect(act).toMatchObject({ do: 'snooze', todos: [1] });
    const until = act?.do === 'snooze' ? Date.parse(act.until ?? '') : 0;
    expect(Math.abs(until - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(screen.getByText(/^Snoozed until/)).toBeTruthy();
  });

  test('everything can be marked as read', async () => {
    await open(todo({ key: 1 }));
    await user.click(part('more') ?? document.body);
    await user.click(screen.getByRole('menuitem', { name: 'Mark all as read' }));
    await waitFor(() => expect(backend.acted.at(-1)).toEqual({ do: 'read-all' }));
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(backend.acted.at(-1)).toMatchObject({ do: 'read', read: false }));
  });

  test('p pins', async () => {
    await open(todo({ key: 1 }), todo({ key: 2 }));
    await user.keyboard('jjp');
    expect(backend.acted.at(-1)).toEqual({ do: 'pin', todos: [2], pinned: true });
    await waitFor(() => expect(screen.getByRole('heading', { name: /Pinned/ })).toBeTruthy());
  });

  test('x picks several, and e is for all of them', async () => {
    await open(todo({ key: 1 }), todo({ key: 2 }), todo({ key: 3 }));
    await user.keyboard('jx');
    await user.keyboard('jx');
    await waitFor(() => expect(screen.getByText('2 selected')).toBeTruthy());
    await user.keyboard('e');
    expect(backend.acted.at(-1)).toEqual({ do: 'done', todos: [1, 2], done: true });
    expect(part('picked')).toBeNull();
  });

  test('? shows every key', async () => {
    await open(todo({ key: 1 }));
    await user.keyboard('?');
    await waitFor(() => expect(part('keys')?.textContent).toContain('Next to-do'));
  });

  test('Ctrl+, opens the settings, Ctrl+W and Escape close the window', async () => {
    await open(todo({ key: 1 }));
    await user.keyboard('{Control>},{/Control}');
    await user.keyboard('{Control>}w{/Control}');
    await user.keyboard('{Escape}');
    expect(backend.desktop?.called).toEqual(['open settings', 'close window', 'close window']);
  });

  test('letters in the search are letters', async () => {
    await open(todo({ key: 1, title: 'Jest' }));
    await user.keyboard('/');
    await waitFor(() => expect(document.activeElement).toBe(part('search')));
    await user.keyboard('jest');
    expect(part('search')).toHaveProperty('value', 'jest');
    expect(backend.acted).toEqual([]);
  });
});

describe('to find something', () => {
  test('the search looks while one types, and Escape ends it', async () => {
    await open(todo({ key: 1, title: 'Sign the contract' }), todo({ key: 2, title: '审批报销' }));
    await user.type(screen.getByRole('textbox', { name: 'Search to-dos' }), '报销');
    await waitFor(() => expect(shownKeys()).toEqual([2]));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(shownKeys()).toEqual([1, 2]));
  });

  test('chips narrow the list, together with each other', async () => {
    await open(
      todo({ key: 1, priority: 5 }),
      todo({ key: 2, priority: 5, read: true }),
      todo({ key: 3, tags: ['Finance'] }),
    );
    await user.click(screen.getByRole('button', { name: 'Important' }));
    await waitFor(() => expect(shownKeys()).toEqual([1, 2]));
    await user.click(screen.getByRole('button', { name: /^Unread/, pressed: false }));
    await waitFor(() => expect(shownKeys()).toEqual([1]));
    await user.click(screen.getByRole('button', { name: 'All' }));
    await waitFor(() => expect(shownKeys()).toEqual([1, 2, 3]));
    await user.click(screen.getByRole('button', { name: 'Finance' }));
    await waitFor(() => expect(shownKeys()).toEqual([3]));
  });

  test('are grouped by source on request, and the next time too', async () => {
    backend.sources = [source(), source({ id: 'hr', name: 'Human resources' })];
    const todos = [
      todo({ key: 1, source: 'hr', source_name: 'Human resources', group: 'today' }),
      todo({ key: 2, group: 'later' }),
    ];
    await open(...todos);
    const headings = () =>
      [...document.querySelectorAll('section h2 bdi')].map((heading) => heading.textContent);
    expect(headings()).toEqual(['Today', 'Later']);
    await user.click(screen.getByRole('button', { name: 'Group by source' }));
    await waitFor(() => expect(headings()).toEqual(['Work', 'Human resources']));
    cleanup();
    await open(...todos);
    await waitFor(() => expect(headings()).toEqual(['Work', 'Human resources']));
    await user.click(screen.getByRole('button', { name: 'Group by source' }));
    await waitFor(() => expect(headings()).toEqual(['Today', 'Later']));
  });

  test('done and snoozed ones are lists of their own', async () => {
    await open(
      todo({ key: 1 }),
      todo({ key: 2, status: 'done' }),
      todo({ key: 3, snoozed_until: new Date(Date.now() + 3_600_000).toISOString() }),
    );
    await user.click(part('more') ?? document.body);
    await user.click(screen.getByRole('menuitem', { name: 'Completed' }));
    await waitFor(() => expect(shownKeys()).toEqual([2]));
    await user.click(part('more') ?? document.body);
    await user.click(screen.getByRole('menuitem', { name: 'Snoozed' }));
    await waitFor(() => expect(shownKeys()).toEqual([3]));
    expect((await rowOf(3)).textContent).toContain('snoozed until');
    await user.click(screen.getByRole('button', { name: 'Snoozed', pressed: true }));
    await waitFor(() => expect(shownKeys()).toEqual([1]));
  });

  test('a search that found too much says so', async () => {
    await open(todo({ key: 1, title: 'Sign' }));
    backend.more = true;
    await user.type(screen.getByRole('textbox'), 's');
    expect(await screen.findByText('More was found: these are the newest.')).toBeTruthy();
  });

  test('nothing found says so and offers everything', async () => {
    await open(todo({ key: 1 }));
    await user.type(screen.getByRole('textbox'), 'nowhere');
    await user.click(await screen.findByRole('button', { name: 'Show everything' }));
    await waitFor(() => expect(shownKeys()).toEqual([1]));
  });
});

describe('where nothing is', () => {
  test('at first there is a way to a server and a way to the demo', async () => {
    backend.sources = [];
    await open();
    await user.click(await screen.findByRole('button', { name: 'Connect to your server' }));
    await user.click(screen.getByRole('button', { name: 'Try the demo' }));
    expect(backend.desktop?.called).toEqual(['open settings', 'start demo']);
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  test('later it says that all is done', async () => {
    await open();
    expect(await screen.findByRole('heading', { name: 'All done' })).toBeTruthy();
  });
});

describe('the status', () => {
  const status = () => part('status');

  test('is one quiet line while all is well', async () => {
    await open(todo({ key: 1 }));
    expect(status()?.textContent).toContain('Work · connected');
    backend.sources = [source(), source({ id: 'hr', name: 'HR' })];
    backend.tell();
    await waitFor(() => expect(status()?.textContent).toContain('All 2 sources connected'));
  });

  test('names what is not well, counts down and offers another try', async () => {
    const until = new Date(Date.now() + 581_000).toISOString();
    backend.sources = [source({ state: { state: 'full', until } })];
    await open(todo({ key: 1 }));
    expect(status()?.textContent).toMatch(/the server is full, next try in 9:4[01]/);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(backend.acted).toEqual([{ do: 'try-again', source: 'work' }]);
  });

  test('says the cause of a wait in words', async () => {
    const until = new Date(Date.now() + 5_000).toISOString();
    const cause = { code: 'refused', detail: null };
    backend.sources = [source({ state: { state: 'waiting', until, attempt: 2, cause } })];
    await open(todo({ key: 1 }));
    expect(status()?.textContent).toMatch(/nothing answers at that address, next try in 0:0/);
  });

  test('says that a server ended a stream, which is no trouble to be told aloud', async () => {
    const until = new Date(Date.now() + 5_000).toISOString();
    const cause = { code: 'ended', detail: null };
    backend.sources = [source({ state: { state: 'waiting', until, attempt: 0, cause } })];
    await open(todo({ key: 1 }));
    expect(status()?.textContent).toMatch(/the server ended the stream, next try in 0:0/);
    expect(status()?.querySelector('.unwell')).toBeNull();
    expect(status()?.querySelector('[aria-live], [role=status]')?.textContent?.trim()).toBe('');
  });

  test('counts a server that took the request and is silent among the connected', async () => {
    const silent = { state: 'connecting', step: 'head' } as const;
    backend.sources = [source(), source({ id: 'hr', name: 'HR', state: silent })];
    await open(todo({ key: 1 }));
    expect(status()?.textContent).toContain('All 2 sources connected');
  });

  test('leads to what a stream has been doing, and Escape back from there', async () => {
    backend.sources = [source(), source({ id: 'hr', name: 'HR' })];
    backend.desktop?.streams.set('work', report({ events: 42 }));
    backend.desktop?.streams.set('hr', report({ events: 4711 }));
    await open(todo({ key: 1 }));
    await user.click(screen.getByRole('button', { name: /All 2 sources connected/ }));
    await waitFor(() => expect(part('stream-facts')?.textContent).toContain('42'));
    await user.selectOptions(screen.getByLabelText('Source'), 'HR');
    await waitFor(() => expect(part('stream-facts')?.textContent).toContain('4,711'));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(part('stream-dialog')).toBeNull());
    expect(backend.desktop?.called).toEqual([]);
  });

  test('leads to the settings where a sign-in is needed', async () => {
    const cause = { code: 'sign-in', detail: null };
    backend.sources = [source({ words: 'sign-in needed', state: { state: 'stopped', cause } })];
    await open(todo({ key: 1 }));
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(backend.desktop?.called).toEqual(['open settings']);
  });

  test('says that some may be missing until it is acknowledged', async () => {
    backend.sources = [source({ missing_since: new Date().toISOString() })];
    await open(todo({ key: 1 }));
    expect(status()?.textContent).toContain('messages sent since');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(backend.acted).toEqual([{ do: 'acknowledge', source: 'work' }]);
  });

  test('says that Belldot is paused, and ends it', async () => {
    backend.pause = { until: null };
    await open(todo({ key: 1 }));
    await user.click(screen.getByRole('button', { name: 'Resume' }));
    expect(backend.acted).toEqual([{ do: 'resume' }]);
  });
});

test('notices are shown once, until they are dismissed', async () => {
  await open(todo({ key: 1 }));
  backend.tell({ notices: ['The disk is full.'] });
  backend.tell({ notices: ['The disk is full.'] });
  await waitFor(() => expect(screen.getAllByText('The disk is full.')).toHaveLength(1));
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByText('The disk is full.')).toBeNull();
});

test('an urgent to-do says so, not only by its colour', async () => {
  await open(todo({ key: 1, title: 'Now', priority: 5 }), todo({ key: 2, title: 'Later' }));
  const row = (await rowOf(1)).querySelector('[data-part="row"]');
  expect(row?.querySelector('[data-part="urgent"]')?.textContent).toBe('!!');
  expect(row?.textContent).toMatch(/Urgent:\s*Now/);
  expect((await rowOf(2)).querySelector('[data-part="urgent"]')).toBeNull();
});

test('what takes a moment to save is said to be saved, not done', async () => {
  await open(todo({ key: 1 }));
  let answer = () => {};
  backend.act = () => new Promise((done) => (answer = done));
  await user.click(within(await rowOf(1)).getByRole('checkbox'));
  expect(await screen.findByText('Saving …')).toBeTruthy();
  answer();
  await waitFor(() => expect(screen.queryByText('Saving …')).toBeNull());
});

test('a list that cannot be read says why and can be asked for again', async () => {
  await open(todo({ key: 1 }));
  backend.down = 'The inbox cannot be read.';
  backend.tell();
  expect(await screen.findByText('The inbox cannot be read.')).toBeTruthy();
  backend.down = null;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.queryByText('The inbox cannot be read.')).toBeNull());
});

describe('a to-do that a toast leads to', () => {
  test('is selected and shown when the window opens for it', async () => {
    if (backend.desktop) backend.desktop.first = 2;
    await open(todo({ key: 1 }), todo({ key: 2, title: 'This one' }));
    await waitFor(() => expect(part('pane')?.querySelector('h2')?.textContent).toBe('This one'));
    await waitFor(() =>
      expect(backend.acted).toContainEqual({ do: 'read', todos: [2], read: true }),
    );
  });

  test('is found among the done ones too', async () => {
    await open(todo({ key: 1 }), todo({ key: 2, title: 'Long done', status: 'done' }));
    backend.showTodo(2);
    await waitFor(() => expect(part('pane')?.querySelector('h2')?.textContent).toBe('Long done'));
  });
});

test('the page speaks the language of the settings', async () => {
  if (backend.desktop) backend.desktop.language = 'zh-CN';
  await open(todo({ key: 1 }));
  expect(await screen.findByRole('heading', { name: '我的待办' })).toBeTruthy();
  expect(document.documentElement.lang).toBe('zh-CN');
});

test('the page wears the theme of the settings, at once when it changes', async () => {
  if (backend.desktop) backend.desktop.kept.general.theme = 'dark';
  await open(todo({ key: 1 }));
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
  if (backend.desktop) backend.desktop.kept.general.theme = 'light';
  backend.tell({ settings_changed: true });
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('light'));
});
