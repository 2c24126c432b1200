import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { isPointer } from '../src/settings/formats';
import { nameOf, newId } from '../src/settings/preferences.svelte';
import { speak } from '../src/words/words.svelte';
import { Scripted, ScriptedApp, configured, report, source } from './scripted';

let world: Scripted;
let app: ScriptedApp;
let user: UserEvent;

beforeEach(() => {
  world = new Scripted();
  app = world.app ?? new ScriptedApp(world);
  user = userEvent.setup();
  location.hash = '#settings';
});

afterEach(() => {
  cleanup();
  speak('en');
  document.body.innerHTML = '';
});

async function open(...sources: ReturnType<typeof configured>[]) {
  app.kept.sources = sources;
  world.sources = sources.map(({ id, name }) => source({ id, name }));
  render(App, { backend: world });
  await screen.findByRole('heading', { level: 1 });
}

const part = (name: string) => {
  const found = document.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

async function write(name: string, text: string) {
  await user.clear(field(name));
  await user.type(field(name), `${text}{Tab}`);
}

describe('the first source', () => {
  test('is added with nothing but its address', async () => {
    await open();
    expect(screen.getByRole('heading', { name: 'Connect to your server' })).toBeTruthy();
    expect(document.activeElement).toBe(part('url'));
    await write('Server', 'https://www.todo.example.com/api/v1/events');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(app.kept.sources).toHaveLength(1));
    expect(app.kept.sources[0]).toEqual(
      configured({
        id: 'todo-example-com',
        name: 'todo.example.com',
        url: 'https://www.todo.example.com/api/v1/events',
      }),
    );
    expect(await screen.findByRole('heading', { name: 'todo.example.com' })).toBeTruthy();
  });

  test('shows what would become of its first messages, and is added with that format', async () => {
    app.report.samples = [{ kind: 'message', data: 'The printer is out of paper', id: '' }];
    await open();
    await user.click(part('url'));
    await user.paste('https://todo.example.com/events');
    expect(await within(part('preview')).findByText('Recognised: plain text, a to-do each.'));
    await user.selectOptions(field('Messages are'), 'Plain text, a to-do each');
    await waitFor(() => expect(app.previewed?.format).toBe('text'));
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(app.kept.sources[0]?.format).toBe('text'));
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
    expect(app.called).toEqual(['probe https://todo.example.com/api/v1/events']);
  });

  test('gets its token before its stream starts', async () => {
    await open();
    await write('Server', 'https://todo.example.com/events');
    await user.type(field('Token'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(app.kept.sources).toHaveLength(1));
    expect(app.tokens.get('todo-example-com')).toBe('secret');
  });

  test('may be the demo', async () => {
    await open();
    await user.click(screen.getByRole('button', { name: 'Try the demo' }));
    expect(app.called).toEqual(['start demo']);
  });

  test('cannot be what is no address', async () => {
    await open();
    await write('Server', 'todo.example.com');
    expect(screen.getByText(/^That is not an address/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Add' }).disabled).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Test' }));
    expect(app.called).toEqual([]);
  });
});

describe('a source', () => {
  test('is tested with what is written, or with the token that is kept', async () => {
    await open(configured());
    await user.click(screen.getByRole('button', { name: 'Test' }));
    await user.type(field('Token'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Test' }));
    await waitFor(() =>
      expect(app.called).toEqual([
        'probe https://todo.example.com/api/v1/events (work)',
        'probe https://todo.example.com/api/v1/events secret (work)',
      ]),
    );
  });

  test('takes a new address when the field is left', async () => {
    await open(configured());
    await user.clear(field('Server'));
    await user.type(field('Server'), 'https://other.example/events');
    expect(app.kept.sources[0]?.url).toBe('https://todo.example.com/api/v1/events');
    await user.tab();
    await waitFor(() => expect(app.kept.sources[0]?.url).toBe('https://other.example/events'));
  });

  test('shows how its stream is', async () => {
    await open(configured());
    expect(part('state').textContent).toBe('connected');
    const until = new Date(Date.now() + 60_000).toISOString();
    world.sources = [source({ state: { state: 'full', until } })];
    world.tell();
    await waitFor(() =>
      expect(part('state').textContent).toMatch(/^the server is full, next try in (1:00|0:59)$/),
    );
  });

  test('keeps a token and never shows it again', async () => {
    await open(configured());
    await user.type(field('Token'), 'secret{Tab}');
    await waitFor(() => expect(app.tokens.get('work')).toBe('secret'));
    expect(await screen.findByText('Kept in this computer’s keyring.')).toBeTruthy();
    expect(field('Token').value).toBe('');
    await user.click(screen.getByRole('button', { name: 'Forget' }));
    await waitFor(() => expect(app.tokens.size).toBe(0));
  });

  test('says where a token is kept only for now', async () => {
    app.keyring = false;
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
    await waitFor(() => expect(app.kept.sources[0]?.page).toBe('https://todo.example.com/'));
    await user.selectOptions(field('When I click the bell, open'), 'Belldot’s own list');
    await waitFor(() => expect(app.kept.sources[0]?.page).toBeNull());
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
      expect(app.kept.sources[0]).toEqual(
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
    await waitFor(() => expect(app.kept.sources[0]?.format).toBe('ntfy'));
    expect(screen.queryByLabelText('Title')).toBeNull();
  });

  test('says what its messages turned out to be', async () => {
    await open(configured());
    world.sources = [source({ seen: 'not-understood' })];
    world.tell();
    expect(await screen.findByText(/^The last message was not understood/)).toBeTruthy();
  });

  test('signs in with a user name and a password', async () => {
    await open(configured());
    await user.selectOptions(field('Sign in with'), 'A user name and a password');
    expect(app.kept.sources[0]?.sign_in).toBeUndefined();
    await write('User name', 'chen');
    await waitFor(() => expect(app.kept.sources[0]?.sign_in).toEqual({ basic: { user: 'chen' } }));
    await write('Password', 'secret');
    await waitFor(() => expect(app.tokens.get('work')).toBe('secret'));
    await user.selectOptions(field('Sign in with'), 'A token');
    await waitFor(() => expect(app.kept.sources[0]?.sign_in).toBe('token'));
  });

  test('signs in with a header of its own', async () => {
    await open(configured());
    await user.selectOptions(field('Sign in with'), 'A header of its own');
    await write('Name of the header', 'X Api Key');
    expect(screen.getByText(/^A header’s name is made of/)).toBeTruthy();
    await write('Name of the header', 'X-Api-Key');
    await waitFor(() =>
      expect(app.kept.sources[0]?.sign_in).toEqual({ header: { name: 'X-Api-Key' } }),
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
    expect(app.kept.sources[0]?.headers).toEqual({ 'X-Tenant': 'a' });
    await user.type(value, 'finance{Tab}');
    await waitFor(() =>
      expect(app.kept.sources[0]?.headers).toEqual({ 'X-Tenant': 'a', 'X-Team': 'finance' }),
    );
    await user.click(screen.getAllByRole('button', { name: 'Remove this header' })[0]!);
    await waitFor(() => expect(app.kept.sources[0]?.headers).toEqual({ 'X-Team': 'finance' }));
  });

  test('says at the headers why they were refused, and keeps what was written', async () => {
    await open(configured({ headers: { 'X-Tenant': 'a' } }));
    app.refuse = 'Belldot sets Accept itself.';
    await user.click(screen.getByRole('button', { name: 'Add a header' }));
    const names = () => [...document.querySelectorAll<HTMLInputElement>('[data-part=header-name]')];
    const values = [...document.querySelectorAll<HTMLInputElement>('[data-part=header-value]')];
    await user.type(names()[1]!, 'Accept{Tab}');
    await user.type(values[1]!, 'text/html{Tab}');
    expect((await screen.findByRole('alert')).textContent).toBe('Belldot sets Accept itself.');
    expect(names().map(({ value }) => value)).toEqual(['X-Tenant', 'Accept']);
    app.refuse = null;
    await user.click(screen.getAllByRole('button', { name: 'Remove this header' })[1]!);
    await waitFor(() => expect(names()).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('shows what would become of its messages, and follows the format', async () => {
    const data = '{"title":"Sign","task":{"name":"Sign the contract"},"sender":"Legal"}';
    app.streams.set('work', report({ samples: [{ kind: 'message', data, id: '1' }] }));
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

  test('without any message yet says when its messages will show', async () => {
    await open(configured());
    expect(part('preview').textContent).toContain('No message has come yet.');
  });

  test('shows what its stream has been doing, and gives it as a report', async () => {
    app.streams.set('work', report({ events: 1234, skipped: 2, text: 'Stream report: Work' }));
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
    app.streams.set('work', report({ events: 1235 }));
    await waitFor(() => expect(part('stream-facts').textContent).toContain('1,235'), {
      timeout: 5_000,
    });
    await user.keyboard('{Escape}');
    expect(await screen.findByLabelText('Server')).toBeTruthy();
    expect(app.called).toEqual([]);
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
    await waitFor(() => expect(app.kept.sources.map(({ id }) => id)).toEqual(['b']));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(app.kept.sources.map(({ id }) => id)).toEqual(['a', 'b']));
    expect(screen.getByRole('heading', { name: 'A' })).toBeTruthy();
  });

  test('moves up and down', async () => {
    await open(configured({ id: 'a', name: 'A' }), configured({ id: 'b', name: 'B' }));
    await user.click(screen.getByRole('button', { name: 'Move down' }));
    await waitFor(() => expect(app.kept.sources.map(({ id }) => id)).toEqual(['b', 'a']));
  });

  test('that is in trouble is shown first', async () => {
    app.kept.sources = [configured({ id: 'a', name: 'A' }), configured({ id: 'b', name: 'B' })];
    const cause = { code: 'sign-in', detail: null };
    world.sources = [
      source({ id: 'a', name: 'A' }),
      source({ id: 'b', name: 'B', state: { state: 'stopped', cause } }),
    ];
    render(App, { backend: world });
    expect(await screen.findByRole('heading', { name: 'B', level: 1 })).toBeTruthy();
  });

  test('that cannot be saved is as it was, with the sentence that says why', async () => {
    await open(configured());
    app.refuse = 'The settings file cannot be written.';
    await write('Name', 'Office');
    await waitFor(() =>
      expect(part('trouble').textContent).toBe('The settings file cannot be written.'),
    );
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Work'));
  });
});

function mapOf() {
  const format = app.kept.sources[0]?.format;
  if (typeof format !== 'object') throw new Error('no mapping');
  return format.json;
}

describe('the other settings', () => {
  const go = (name: string) =>
    user.click(within(screen.getByRole('navigation')).getByRole('button', { name }));

  test('change the language at once', async () => {
    await open(configured());
    await go('General');
    await user.selectOptions(field('Language'), '简体中文');
    expect(await screen.findByRole('heading', { name: '通用' })).toBeTruthy();
    expect(app.kept.general.language).toBe('zh-CN');
  });

  test('change the theme at once', async () => {
    await open(configured());
    await go('General');
    await user.selectOptions(field('Theme'), 'Dark');
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
    await user.selectOptions(field('Theme'), 'As the system');
    await waitFor(() => expect(app.kept.general.theme).toBe('system'));
  });

  test('start Belldot with the session', async () => {
    await open(configured());
    await go('General');
    const start = screen.getByRole('switch', { name: 'Start when I log in' });
    await user.click(start);
    await waitFor(() => expect(app.kept.general.autostart).toBe(true));
    expect(start.getAttribute('aria-checked')).toBe('true');
  });

  test('say how long what is done is kept', async () => {
    await open(configured());
    await go('General');
    expect(field('Keep what is done for').value).toBe('90');
    await user.selectOptions(field('Keep what is done for'), '365 days');
    await user.selectOptions(field('Use at most'), '100 MB');
    await waitFor(() =>
      expect(app.kept.inbox).toEqual({ keep_done_days: 365, most_megabytes: 100 }),
    );
  });

  test('turn notifications off, or hide what they say', async () => {
    await open(configured());
    await go('Notifications');
    await user.click(screen.getByRole('switch', { name: 'Show notifications' }));
    await user.click(screen.getByRole('switch', { name: 'Hide what they say' }));
    await waitFor(() =>
      expect(app.kept.notifications).toMatchObject({ enabled: false, private: true }),
    );
  });

  test('lead to the servers through a proxy', async () => {
    await open(configured());
    await go('Network');
    await user.selectOptions(field('Proxy'), 'This one');
    expect(app.kept.network.proxy).toBe('system');
    await write('Address of the proxy', 'proxy.example.com');
    expect(screen.getByText(/^That is not a proxy’s address/)).toBeTruthy();
    await write('Address of the proxy', 'socks5h://proxy.example.com:1080');
    await screen.findByLabelText('User name');
    await write('User name', 'chen');
    await write('Go directly to', '.local, 10.0.0.0/8');
    await waitFor(() =>
      expect(app.kept.network.proxy).toEqual({
        through: {
          url: 'socks5h://proxy.example.com:1080',
          user: 'chen',
          except: '.local, 10.0.0.0/8',
        },
      }),
    );
    await write('Password', 'secret');
    await waitFor(() => expect(app.proxyPassword).toBe('secret'));
    await user.click(await screen.findByRole('button', { name: 'Forget' }));
    await waitFor(() => expect(app.proxyPassword).toBeNull());
    await user.selectOptions(field('Proxy'), 'None');
    await waitFor(() => expect(app.kept.network.proxy).toBe('direct'));
  });

  test('trust further authorities and show a certificate', async () => {
    await open(configured());
    await go('Network');
    await user.type(field('Also trust these authorities'), '/etc/ssl/company.pem{Enter}');
    await waitFor(() => expect(app.kept.network.extra_ca).toEqual(['/etc/ssl/company.pem']));
    await write('Client certificate', '/home/chen/chen.pem');
    await waitFor(() => expect(app.kept.network.client_certificate).toBe('/home/chen/chen.pem'));
    await user.click(screen.getByRole('button', { name: 'Remove /etc/ssl/company.pem' }));
    await waitFor(() => expect(app.kept.network.extra_ca).toEqual([]));
  });

  test('say at the field why a file was refused, and keep what was written', async () => {
    await open(configured());
    await go('Network');
    app.refuse = '/nowhere.pem cannot be read.';
    await user.type(field('Also trust these authorities'), '/nowhere.pem{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('/nowhere.pem cannot be read.');
    expect(field('Also trust these authorities').value).toBe('/nowhere.pem');
    expect(app.kept.network.extra_ca).toEqual([]);
    await write('Client certificate', '/nowhere.pem');
    await waitFor(() => expect(screen.getAllByRole('alert')).toHaveLength(2));
    expect(field('Client certificate').value).toBe('/nowhere.pem');
  });

  test('keep quiet at night and at weekends, but for what is urgent', async () => {
    await open(configured());
    await go('Notifications');
    await user.click(screen.getByRole('switch', { name: 'Be quiet every day for some hours' }));
    await screen.findByLabelText('From');
    await user.clear(field('From'));
    await user.type(field('From'), '21:30{Tab}');
    await user.click(screen.getByRole('button', { name: 'Sun' }));
    await user.click(screen.getByRole('button', { name: 'Sat' }));
    await user.selectOptions(field('Even then, show'), 'nothing');
    await waitFor(() =>
      expect(app.kept.notifications.quiet).toEqual({
        enabled: true,
        from: '21:30:00',
        to: '08:00:00',
        days: ['saturday', 'sunday'],
        except: null,
      }),
    );
    await user.click(screen.getByRole('button', { name: 'Sun' }));
    await user.selectOptions(field('Even then, show'), 'what is high or urgent');
    await waitFor(() =>
      expect(app.kept.notifications.quiet).toMatchObject({ days: ['saturday'], except: 4 }),
    );
  });

  test('say what a time looks like when it is none', async () => {
    app.kept.notifications.quiet.enabled = true;
    await open(configured());
    await go('Notifications');
    await write('To', 'late');
    expect(await screen.findByText('A time of day, such as 21:30.')).toBeTruthy();
    expect(app.kept.notifications.quiet.to).toBe('08:00:00');
    await write('To', '7');
    await waitFor(() => expect(app.kept.notifications.quiet.to).toBe('07:00:00'));
    await waitFor(() => expect(field('To').value).toBe('07:00'));
  });

  test('choose a sound for each urgency', async () => {
    await open(configured());
    await go('Notifications');
    await user.selectOptions(field('Low priority'), 'None');
    await user.selectOptions(field('Urgent'), 'Alarm');
    await waitFor(() =>
      expect(app.kept.notifications.sounds).toEqual({
        low: 'silent',
        normal: 'desktop',
        high: 'alarm',
      }),
    );
  });

  test('show a test notification and say whether it went out', async () => {
    await open(configured());
    await go('Notifications');
    await user.click(screen.getByRole('button', { name: 'Show a test notification' }));
    expect(await screen.findByText('Sent. It should be on the screen now.')).toBeTruthy();
    app.refuse = 'No notification service answers.';
    await user.click(screen.getByRole('button', { name: 'Show a test notification' }));
    expect(await screen.findByText('No notification service answers.')).toBeTruthy();
  });

  test('give a diagnosis to pass on', async () => {
    await open(configured());
    await go('About');
    await user.click(screen.getByRole('button', { name: 'Copy diagnosis' }));
    expect(await screen.findByText('Copied.')).toBeTruthy();
    expect(await navigator.clipboard.readText()).toContain('Belldot 0.1.0');
  });

  test('open the folders of Belldot’s files', async () => {
    await open(configured());
    await go('About');
    for (const what of ['Settings', 'To-dos', 'Logs'])
      await user.click(screen.getByRole('button', { name: `Open the folder: ${what}` }));
    expect(app.called).toEqual(['open folder settings', 'open folder inbox', 'open folder logs']);
  });

  test('write the to-dos and the settings to files, and say where', async () => {
    await open(configured());
    await go('About');
    await user.click(screen.getByRole('button', { name: 'To-dos as a calendar' }));
    await waitFor(() => expect(part('outcome').textContent).toMatch(/belldot-inbox\.ics\.\s*$/));
    await user.click(screen.getByRole('button', { name: 'To-dos as JSON' }));
    await waitFor(() => expect(part('outcome').textContent).toMatch(/belldot-inbox\.json\.\s*$/));
    app.refuse = 'The disk is full.';
    await user.click(screen.getByRole('button', { name: 'Export the settings' }));
    await waitFor(() => expect(part('outcome').textContent).toContain('The disk is full.'));
  });

  test('are replaced by those of a file, once that is confirmed', async () => {
    await open(configured());
    await go('About');
    const file = new File(['sources = []'], 'belldot-settings.toml');
    const choose = () => user.upload(part('import-file') as HTMLInputElement, file);
    await choose();
    await user.click(within(part('import-dialog')).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
    expect(app.called).toEqual([]);
    await choose();
    await user.click(within(part('import-dialog')).getByRole('button', { name: 'Replace' }));
    await waitFor(() => expect(part('outcome').textContent).toContain('belldot-settings.toml'));
    expect(app.called).toEqual(['import settings sources = []']);
    app.refuse = 'Line 3 is not a setting.';
    await choose();
    await user.click(within(part('import-dialog')).getByRole('button', { name: 'Replace' }));
    await waitFor(() => expect(part('outcome').textContent).toContain('Line 3 is not a setting.'));
  });

  test('open at what Belldot is when that was asked for', async () => {
    app.about = true;
    await open(configured());
    expect(await screen.findByRole('heading', { name: 'Belldot', level: 1 })).toBeTruthy();
    await go('General');
    app.showAbout();
    expect(await screen.findByRole('heading', { name: 'Belldot', level: 1 })).toBeTruthy();
  });

  test('tell the version and where the files are', async () => {
    await open(configured());
    await go('About');
    expect(part('version').textContent).toBe('Version 0.1.0');
    expect(screen.getByText('/home/chen/.config/belldot/settings.toml')).toBeTruthy();
    expect(screen.getByText('/home/chen/.local/share/belldot/inbox.db')).toBeTruthy();
  });
});

describe('what the administrator fixed', () => {
  const go = (name: string) =>
    user.click(within(screen.getByRole('navigation')).getByRole('button', { name }));
  const disabled = (element: HTMLElement) => (element as HTMLButtonElement).disabled;
  const whole = (element: HTMLElement) => element.closest('fieldset')?.disabled;

  test('is shown locked, with the reason; the rest is not', async () => {
    app.locked = { paths: ['general.autostart'], reason: 'Required by IT.' };
    await open(configured());
    await go('General');
    const start = screen.getByRole('switch', { name: /^Start when I log in/ });
    expect(disabled(start)).toBe(true);
    expect(part('lock').getAttribute('title')).toBe('Fixed by your administrator: Required by IT.');
    expect(part('locked').textContent).toContain('Required by IT.');
    await user.click(start);
    expect(app.kept.general.autostart).toBe(false);
    expect(disabled(field('Theme'))).toBe(false);
    await go('Notifications');
    expect(document.querySelector('[data-part="locked"]')).toBeNull();
  });

  test('may be a part of the quiet hours', async () => {
    app.kept.notifications.quiet.enabled = true;
    app.locked = { paths: ['notifications.quiet.from', 'notifications.quiet.days'], reason: null };
    await open(configured());
    await go('Notifications');
    expect(disabled(field('From'))).toBe(true);
    expect(disabled(field('To'))).toBe(false);
    expect(disabled(screen.getByRole('button', { name: 'Sun' }))).toBe(true);
    expect(part('locked').textContent).toBe('Your administrator has fixed this.');
  });

  test('may be the proxy', async () => {
    app.kept.network.proxy = { through: { url: 'http://p:3128', user: null, except: '' } };
    app.locked = { paths: ['network.proxy'], reason: null };
    await open(configured());
    await go('Network');
    expect(disabled(field('Proxy'))).toBe(true);
    expect(disabled(field('Address of the proxy'))).toBe(true);
    expect(disabled(field('Client certificate'))).toBe(false);
  });

  test('may be a source, which then stays as it is', async () => {
    app.locked = { paths: ['sources.work'], reason: 'Required by IT.' };
    await open(configured(), configured({ id: 'own', name: 'Own' }));
    expect(whole(field('Server'))).toBe(true);
    expect(disabled(screen.getByRole('button', { name: 'Remove' }))).toBe(true);
    expect(part('locked').textContent).toContain('Required by IT.');
    await go('Own');
    expect(whole(field('Server'))).toBe(false);
    expect(disabled(screen.getByRole('button', { name: 'Remove' }))).toBe(false);
  });

  test('may be that there are no further sources', async () => {
    app.locked = { paths: ['sources'], reason: 'Ask IT for another one.' };
    await open(configured());
    expect(disabled(part('new-source'))).toBe(true);
    expect(part('new-source').textContent).toContain('Ask IT for another one.');
    expect(whole(field('Server'))).toBe(false);
  });
});

test('what a field holds is saved before the window closes', async () => {
  await open(configured());
  await user.clear(field('Name'));
  await user.type(field('Name'), 'Office{Escape}');
  await waitFor(() => expect(app.called).toEqual(['close window']));
  expect(app.kept.sources[0]?.name).toBe('Office');
});

test('what changes elsewhere shows here', async () => {
  await open(configured());
  app.kept.sources = [configured({ name: 'Renamed' })];
  world.tell({ settings_changed: true });
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
