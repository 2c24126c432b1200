import { render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import App from '../src/App.svelte';
import Preview from '../src/settings/Preview.svelte';
import { isPointer } from '../src/settings/formats';
import { nameOf, newId } from '../src/settings/settings-store.svelte';
import { configured, report, source } from './fake';
import { desktop, field, open, part, prepare, user, backend, write } from './settings-window';

prepare();

describe('the first source', () => {
  test('is added with nothing but its address', async () => {
    await open();
    expect(screen.getByRole('heading', { name: 'Connect to your server' })).toBeTruthy();
    expect(document.activeElement).toBe(part('url'));
    await write('Server', 'https://www.todo.example.com/api/v1/events');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(desktop.kept.sources).toHaveLength(1));
    expect(desktop.kept.sources[0]).toEqual(
      configured({
        id: 'todo-example-com',
        name: 'todo.example.com',
        url: 'https://www.todo.example.com/api/v1/events',
      }),
    );
    expect(await screen.findByRole('heading', { name: 'todo.example.com' })).toBeTruthy();
  });

  test('shows what would become of its first messages, and is added with that format', async () => {
    desktop.report.samples = [{ kind: 'message', data: 'The printer is out of paper', id: '' }];
    await open();
    await user.click(part('url'));
    await user.paste('https://todo.example.com/events');
    expect(await within(part('preview')).findByText('Recognised: plain text, a to-do each.'));
    await user.selectOptions(field('Messages are'), 'Plain text, a to-do each');
    await waitFor(() => expect(desktop.previewed?.format).toBe('text'));
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(desktop.kept.sources[0]?.format).toBe('text'));
  });

  test('is asked what it is as soon as its address is pasted', async () => {
    await open();
    await user.click(part('url'));
    await user.paste('https://todo.example.com/api/v1/events');
    await waitFor(() =>
      expect(part('probe-sentence').textContent).toMatch(/^A Belldot server\. It replays/),
    );
    expect(screen.getByText('todo.example.com → 10.20.0.7')).toBeTruthy();
    expect(screen.getByText('1,210 ms')).toBeTruthy();
    expect(screen.getByText('Read the new travel policy')).toBeTruthy();
    expect(desktop.called).toEqual(['probe https://todo.example.com/api/v1/events']);
  });

  test('takes a password only once the user is named, so it is never sent as a token', async () => {
    await open();
    await write('Server', 'https://todo.example.com/events');
    await user.selectOptions(field('Sign in with'), 'A user name and a password');
    expect(field('Password').disabled).toBe(true);
    await user.type(field('User name'), 'ann');
    expect(field('Password').disabled).toBe(false);
    await user.tab();
    await user.type(field('Password'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.sign_in).toEqual({ basic: { user: 'ann' } }),
    );
    expect(desktop.tokens.get('todo-example-com')).toBe('secret');
  });

  test('gets its token before its stream starts', async () => {
    await open();
    await write('Server', 'https://todo.example.com/events');
    await user.type(field('Token'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(desktop.kept.sources).toHaveLength(1));
    expect(desktop.tokens.get('todo-example-com')).toBe('secret');
  });

  test('is tested with a password before it is added', async () => {
    await open();
    await write('Server', 'https://todo.example.com/events');
    await user.selectOptions(field('Sign in with'), 'A user name and a password');
    await write('User name', 'ann');
    await user.type(field('Password'), 'open sesame');
    await user.click(screen.getByRole('button', { name: 'Test' }));
    expect(desktop.called).toEqual([
      'probe https://todo.example.com/events {"basic":{"user":"ann"}} open sesame',
    ]);
  });

  test('may be the demo', async () => {
    await open();
    await user.click(screen.getByRole('button', { name: 'Try the demo' }));
    expect(desktop.called).toEqual(['start demo']);
  });

  test('is what was meant by an address without a scheme', async () => {
    await open();
    await write('Server', 'todo.example.com/events');
    await waitFor(() => expect(field('Server').value).toBe('https://todo.example.com/events'));
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.url).toBe('https://todo.example.com/events'),
    );
  });

  test('says what to do, and offers the address to use instead', async () => {
    desktop.report.found = 'not-a-stream';
    desktop.report.instead = 'https://todo.example.com/api/v1/events';
    desktop.report.steps = [
      {
        code: 'stream',
        name: 'Stream',
        ok: false,
        detail: 'the server answered 404',
        advice: 'Ask for the exact address.',
        millis: 3,
      },
    ];
    await open();
    await write('Server', 'https://todo.example.com');
    await user.click(screen.getByRole('button', { name: 'Test' }));
    expect(await screen.findByText('Ask for the exact address.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Use this address' }));
    await waitFor(() =>
      expect(desktop.called.at(-1)).toBe('probe https://todo.example.com/api/v1/events'),
    );
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.url).toBe('https://todo.example.com/api/v1/events'),
    );
  });

  test('cannot be what is no address', async () => {
    await open();
    await write('Server', 'todo example');
    expect(await screen.findByText(/^That is not an address/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Add' }).disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Test' }));
    expect(desktop.called).toEqual([]);
  });
});

describe('a source', () => {
  test('is tested with what is written, or with the token that is kept', async () => {
    await open(configured());
    await user.click(screen.getByRole('button', { name: 'Test' }));
    await user.type(field('Token'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Test' }));
    await waitFor(() =>
      expect(desktop.called).toEqual([
        'probe https://todo.example.com/api/v1/events (work)',
        'probe https://todo.example.com/api/v1/events secret (work)',
      ]),
    );
  });

  test('takes a new address when the field is left', async () => {
    await open(configured());
    await user.clear(field('Server'));
    await user.type(field('Server'), 'https://other.example/events');
    expect(desktop.kept.sources[0]?.url).toBe('https://todo.example.com/api/v1/events');
    await user.tab();
    await waitFor(() => expect(desktop.kept.sources[0]?.url).toBe('https://other.example/events'));
  });

  test('shows how its stream is', async () => {
    await open(configured());
    expect(part('state').textContent).toBe('connected');
    const until = new Date(Date.now() + 60_000).toISOString();
    backend.sources = [source({ state: { state: 'full', until } })];
    backend.tell();
    await waitFor(() =>
      expect(part('state').textContent).toMatch(/^the server is full, next try in (1:00|0:59)$/),
    );
  });

  test('keeps a token and never shows it again', async () => {
    await open(configured());
    await user.type(field('Token'), 'secret{Tab}');
    await waitFor(() => expect(desktop.tokens.get('work')).toBe('secret'));
    expect(await screen.findByText('Kept in this computer’s keyring.')).toBeTruthy();
    expect(field('Token').value).toBe('');
    await user.click(screen.getByRole('button', { name: 'Forget' }));
    await waitFor(() => expect(desktop.tokens.size).toBe(0));
  });

  test('says where a token is kept only for now', async () => {
    desktop.keyring = false;
    await open(configured());
    await user.type(field('Token'), 'secret{Tab}');
    expect(await screen.findByText(/^Kept until Belldot quits/)).toBeTruthy();
  });

  test('opens its company’s page instead of the list', async () => {
    await open(configured());
    await user.selectOptions(field('When I click the bell, open'), 'The company’s page');
    await write('Address of the page', 'not a page');
    expect(screen.getByText(/^That is not an address/)).toBeTruthy();
    await write('Address of the page', 'https://todo.example.com/');
    await waitFor(() => expect(desktop.kept.sources[0]?.page).toBe('https://todo.example.com/'));
    await user.selectOptions(field('When I click the bell, open'), 'Belldot’s own list');
    await waitFor(() => expect(desktop.kept.sources[0]?.page).toBeNull());
  });

  test('has everything else at hand', async () => {
    await open(configured({ url: 'http://todo.example.com/events' }));
    await user.selectOptions(field('Messages are'), 'Plain text, a to-do each');
    await user.selectOptions(field('When the server is full, wait'), 'until I try again');
    await write('The server is full when it says', '连接已满');
    await write('Name', 'Office');
    await user.click(screen.getByRole('switch', { name: 'Send the token without encryption' }));
    await user.click(screen.getByRole('switch', { name: 'Pause this source' }));
    await waitFor(() =>
      expect(desktop.kept.sources[0]).toEqual(
        configured({
          url: 'http://todo.example.com/events',
          name: 'Office',
          format: 'text',
          cool_down: 'never',
          full_text: '连接已满',
          allow_plain_http: true,
          paused: true,
        }),
      ),
    );
  });

  test('may have its JSON mapped by hand', async () => {
    await open(configured());
    await user.selectOptions(field('Messages are'), 'JSON, mapped by hand');
    await waitFor(() => expect(mapOf().title).toBe('/title'));
    await write('Title', '/task/name');
    await write('Due', 'tomorrow');
    expect(screen.getByText(/^A JSON Pointer begins with a slash/)).toBeTruthy();
    await write('Due', '/task/due~1by');
    await write('Only events of these types', 'task, reminder');
    await user.click(screen.getByRole('button', { name: 'Leave out some messages' }));
    await write('and it is', 'ping');
    await waitFor(() =>
      expect(mapOf()).toMatchObject({
        title: '/task/name',
        due: '/task/due~1by',
        body: null,
        events: ['task', 'reminder'],
        skip: [{ at: '/type', is: 'ping' }],
      }),
    );
    await user.click(screen.getByRole('button', { name: 'Remove this rule' }));
    await waitFor(() => expect(mapOf().skip).toEqual([]));
    await user.selectOptions(field('Messages are'), 'ntfy');
    await waitFor(() => expect(desktop.kept.sources[0]?.format).toBe('ntfy'));
    expect(screen.queryByLabelText('Title')).toBeNull();
  });

  test('says what its messages turned out to be', async () => {
    await open(configured());
    backend.sources = [source({ seen: 'not-understood' })];
    backend.tell();
    expect(await screen.findByText(/^The last message was not understood/)).toBeTruthy();
  });

  test('signs in with a user name and a password', async () => {
    await open(configured());
    await user.selectOptions(field('Sign in with'), 'A user name and a password');
    expect(desktop.kept.sources[0]?.sign_in).toBeUndefined();
    await write('User name', 'chen');
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.sign_in).toEqual({ basic: { user: 'chen' } }),
    );
    await write('Password', 'secret');
    await waitFor(() => expect(desktop.tokens.get('work')).toBe('secret'));
    await user.selectOptions(field('Sign in with'), 'A token');
    await waitFor(() => expect(desktop.kept.sources[0]?.sign_in).toBe('token'));
  });

  test('signs in with a header of its own', async () => {
    await open(configured());
    await user.selectOptions(field('Sign in with'), 'A header of its own');
    await write('Name of the header', 'X Api Key');
    expect(screen.getByText(/^A header’s name is made of/)).toBeTruthy();
    await write('Name of the header', 'X-Api-Key');
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.sign_in).toEqual({ header: { name: 'X-Api-Key' } }),
    );
    expect(field('Its secret value').type).toBe('password');
  });

  test('sends further headers with every request', async () => {
    await open(configured({ headers: { 'X-Tenant': 'a' } }));
    await user.click(screen.getByRole('button', { name: 'Add a header' }));
    const [name, other] = screen.getAllByLabelText<HTMLInputElement>('Name').slice(-2);
    const value = screen.getAllByLabelText<HTMLInputElement>('Value')[1];
    if (!name || !other || !value) throw new Error('no second header');
    expect(name.value).toBe('X-Tenant');
    await user.type(other, 'x-tenant{Tab}');
    expect(screen.getByText(/^A header’s name is made of/)).toBeTruthy();
    await user.clear(other);
    await user.type(other, 'X-Team{Tab}');
    expect(desktop.kept.sources[0]?.headers).toEqual({ 'X-Tenant': 'a' });
    await user.type(value, 'finance{Tab}');
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.headers).toEqual({ 'X-Tenant': 'a', 'X-Team': 'finance' }),
    );
    await user.click(screen.getAllByRole('button', { name: 'Remove this header' })[0]!);
    await waitFor(() => expect(desktop.kept.sources[0]?.headers).toEqual({ 'X-Team': 'finance' }));
  });

  test('says at the headers why they were refused, and keeps what was written', async () => {
    await open(configured({ headers: { 'X-Tenant': 'a' } }));
    desktop.refuse = 'Belldot sets Accept itself.';
    await user.click(screen.getByRole('button', { name: 'Add a header' }));
    const names = () => [...document.querySelectorAll<HTMLInputElement>('[data-part=header-name]')];
    const values = [...document.querySelectorAll<HTMLInputElement>('[data-part=header-value]')];
    await user.type(names()[1]!, 'Accept{Tab}');
    await user.type(values[1]!, 'text/html{Tab}');
    expect((await screen.findByRole('alert')).textContent).toBe('Belldot sets Accept itself.');
    expect(names().map(({ value }) => value)).toEqual(['X-Tenant', 'Accept']);
    desktop.refuse = null;
    await user.click(screen.getAllByRole('button', { name: 'Remove this header' })[1]!);
    await waitFor(() => expect(names()).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('lets its page go to the origins that are written down, or copied with more', async () => {
    await open(configured({ page: 'https://todo.example.com/my' }));
    await user.type(
      field('The page may also go to'),
      'https://login.example/sign-in?back=1, sso.example:8443{Tab}',
    );
    await waitFor(() =>
      expect(desktop.kept.sources[0]?.page_origins).toEqual([
        'https://login.example',
        'https://sso.example:8443',
      ]),
    );
    await user.clear(field('The page may also go to'));
    await user.tab();
    await waitFor(() => expect(desktop.kept.sources[0]?.page_origins).toEqual([]));
  });

  test('says at the origins of its page why they were refused, and keeps what was written', async () => {
    await open(configured({ page: 'https://todo.example.com/my' }));
    desktop.refuse = 'No wildcards.';
    await user.type(field('The page may also go to'), 'https://*.example{Tab}');
    expect((await screen.findByText('No wildcards.')).textContent).toBe('No wildcards.');
    expect(field('The page may also go to').value).toBe('https://*.example');
    expect(desktop.kept.sources[0]?.page_origins).toBeUndefined();
  });

  test('shows what would become of its messages, and follows the format', async () => {
    const data = '{"title":"Sign","task":{"name":"Sign the contract"},"sender":"Legal"}';
    desktop.streams.set('work', report({ samples: [{ kind: 'message', data, id: '1' }] }));
    await open(configured());
    const title = () => within(part('preview')).queryByText('Sign')?.textContent;
    await waitFor(() => expect(title()).toBe('Sign'));
    expect(part('decided').textContent).toContain('Recognised: to-dos in Belldot’s own format.');
    await user.selectOptions(field('Messages are'), 'JSON, mapped by hand');
    await write('Title', '/task/name');
    expect(await within(part('preview')).findByText('Sign the contract')).toBeTruthy();
    await write('Title', '/nowhere');
    expect(
      await within(part('preview')).findByText('Not understood with this format'),
    ).toBeTruthy();
  });

  test('shows its first messages at once, and another format when writing pauses', async () => {
    vi.useFakeTimers();
    const samples = [{ kind: 'message', data: 'Paper', id: '' }];
    const { rerender } = render(Preview, { desktop, samples, format: 'auto' });
    await vi.advanceTimersByTimeAsync(0);
    expect(within(part('preview')).getAllByText('Paper')).toHaveLength(2);
    await rerender({ format: 'text' });
    await vi.advanceTimersByTimeAsync(199);
    expect(desktop.previewed?.format).toBe('auto');
    await vi.advanceTimersByTimeAsync(1);
    expect(desktop.previewed?.format).toBe('text');
  });

  test('without any message yet says when its messages will show', async () => {
    await open(configured());
    expect(part('preview').textContent).toContain('No message has come yet.');
  });

  test('shows what its stream has been doing, and gives it as a report', async () => {
    desktop.streams.set('work', report({ events: 1234, skipped: 2, text: 'Stream report: Work' }));
    await open(configured());
    await user.click(screen.getByRole('button', { name: 'What its stream has been doing' }));
    await waitFor(() => expect(part('stream-facts').textContent).toContain('1,234'));
    expect(part('stream-facts').textContent).toContain('3 in the last minute');
    expect(part('stream-facts').textContent).toContain('usually every 15 sec');
    expect(part('stream-facts').textContent).toContain('2 too large, skipped');
    expect(part('stream-history').textContent).toContain('connected');
    await user.click(screen.getByRole('button', { name: 'Copy report' }));
    expect(await screen.findByText('Copied.')).toBeTruthy();
    expect(await navigator.clipboard.readText()).toBe('Stream report: Work');
    desktop.streams.set('work', report({ events: 1235 }));
    await waitFor(() => expect(part('stream-facts').textContent).toContain('1,235'), {
      timeout: 5_000,
    });
    await user.keyboard('{Escape}');
    expect(await screen.findByLabelText('Server')).toBeTruthy();
    expect(desktop.called).toEqual([]);
  });

  test('over https has no switch for sending without encryption', async () => {
    await open(configured());
    expect(screen.queryByRole('switch', { name: /without encryption/ })).toBeNull();
  });

  test('keeps a cool-down of its own that the list does not have', async () => {
    await open(configured({ cool_down: { minutes: 7 } }));
    expect(field('When the server is full, wait').value).toBe('7');
  });

  test('is removed, and put back where it was', async () => {
    await open(configured({ id: 'a', name: 'A' }), configured({ id: 'b', name: 'B' }));
    await user.click(screen.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(desktop.kept.sources.map(({ id }) => id)).toEqual(['b']));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(desktop.kept.sources.map(({ id }) => id)).toEqual(['a', 'b']));
    expect(screen.getByRole('heading', { name: 'A' })).toBeTruthy();
  });

  test('moves up and down', async () => {
    await open(configured({ id: 'a', name: 'A' }), configured({ id: 'b', name: 'B' }));
    await user.click(screen.getByRole('button', { name: 'Move down' }));
    await waitFor(() => expect(desktop.kept.sources.map(({ id }) => id)).toEqual(['b', 'a']));
  });

  test('that is in trouble is shown first', async () => {
    desktop.kept.sources = [configured({ id: 'a', name: 'A' }), configured({ id: 'b', name: 'B' })];
    const cause = { code: 'sign-in', detail: null };
    backend.sources = [
      source({ id: 'a', name: 'A' }),
      source({ id: 'b', name: 'B', state: { state: 'stopped', cause } }),
    ];
    render(App, { backend });
    expect(await screen.findByRole('heading', { name: 'B', level: 1 })).toBeTruthy();
  });

  test('that cannot be saved is as it was, with the sentence that says why', async () => {
    await open(configured());
    desktop.refuse = 'The settings file cannot be written.';
    await write('Name', 'Office');
    await waitFor(() =>
      expect(part('trouble').textContent).toBe('The settings file cannot be written.'),
    );
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Work'));
  });
});

function mapOf() {
  const format = desktop.kept.sources[0]?.format;
  if (typeof format !== 'object') throw new Error('no mapping');
  return format.json;
}

test('what a field holds is saved before the window closes', async () => {
  await open(configured());
  await user.clear(field('Name'));
  await user.type(field('Name'), 'Office{Escape}');
  await waitFor(() => expect(desktop.called).toEqual(['close window']));
  expect(desktop.kept.sources[0]?.name).toBe('Office');
});

test('what changes elsewhere shows here', async () => {
  await open(configured());
  desktop.kept.sources = [configured({ name: 'Renamed' })];
  backend.tell({ settings_changed: true });
  await waitFor(() =>
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Renamed'),
  );
});

test.each([
  ['', true],
  ['/', true],
  ['/a/b/0', true],
  ['/a~0b~1c', true],
  ['a', false],
  ['/a~2', false],
  ['/~', false],
])('%j is a JSON Pointer: %s', (text, is) => {
  expect(isPointer(text)).toBe(is);
});

describe('a new source’s id', () => {
  test.each([
    ['todo.example.com', [], 'todo-example-com'],
    ['Büro Zürich', [], 'bu-ro-zu-rich'],
    ['公司', [], 'source'],
    ['Work', ['work'], 'work-2'],
    ['Work', ['work', 'work-2'], 'work-3'],
  ])('of %j beside %j is %j', (name, taken, id) => {
    expect(newId(name, taken)).toBe(id);
  });
});

test('a server is called by its host', () => {
  expect(nameOf('https://www.todo.example.com:8443/x')).toBe('todo.example.com');
  expect(nameOf('nonsense')).toBe('');
});
