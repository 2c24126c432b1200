import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { configured } from './fake';
import { desktop, field, go, open, part, prepare, user, write } from './settings-window';

prepare();

describe('the other settings', () => {
  test('change the language at once', async () => {
    await open(configured());
    await go('General');
    await user.selectOptions(field('Language'), '简体中文');
    expect(await screen.findByRole('heading', { name: '通用' })).toBeTruthy();
    expect(desktop.kept.general.language).toBe('zh-CN');
  });

  test('change the theme at once', async () => {
    await open(configured());
    await go('General');
    await user.selectOptions(field('Theme'), 'Dark');
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
    await user.selectOptions(field('Theme'), 'As the system');
    await waitFor(() => expect(desktop.kept.general.theme).toBe('system'));
  });

  test('start Belldot with the session', async () => {
    await open(configured());
    await go('General');
    const start = screen.getByRole('switch', { name: 'Start when I log in' });
    await user.click(start);
    await waitFor(() => expect(desktop.kept.general.autostart).toBe(true));
    expect(start.getAttribute('aria-checked')).toBe('true');
  });

  test('say how long what is done is kept', async () => {
    await open(configured());
    await go('General');
    expect(field('Keep what is done for').value).toBe('90');
    await user.selectOptions(field('Keep what is done for'), '365 days');
    await user.selectOptions(field('Use at most'), '100 MB');
    await waitFor(() =>
      expect(desktop.kept.inbox).toEqual({ keep_done_days: 365, most_megabytes: 100 }),
    );
  });

  test('turn notifications off, or hide what they say', async () => {
    await open(configured());
    await go('Notifications');
    await user.click(screen.getByRole('switch', { name: 'Show notifications' }));
    await user.click(screen.getByRole('switch', { name: 'Hide what they say' }));
    await waitFor(() =>
      expect(desktop.kept.notifications).toMatchObject({ enabled: false, private: true }),
    );
  });

  test('lead to the servers through a proxy', async () => {
    await open(configured());
    await go('Network');
    await user.selectOptions(field('Proxy'), 'This one');
    expect(desktop.kept.network.proxy).toBe('system');
    await write('Address of the proxy', 'proxy.example.com');
    expect(screen.getByText(/^That is not a proxy’s address/)).toBeTruthy();
    await write('Address of the proxy', 'socks5h://proxy.example.com:1080');
    await screen.findByLabelText('User name');
    await write('User name', 'chen');
    await write('Go directly to', '.local, 10.0.0.0/8');
    await waitFor(() =>
      expect(desktop.kept.network.proxy).toEqual({
        through: {
          url: 'socks5h://proxy.example.com:1080',
          user: 'chen',
          except: '.local, 10.0.0.0/8',
        },
      }),
    );
    await write('Password', 'secret');
    await waitFor(() => expect(desktop.proxyPassword).toBe('secret'));
    await user.click(await screen.findByRole('button', { name: 'Forget' }));
    await waitFor(() => expect(desktop.proxyPassword).toBeNull());
    await user.selectOptions(field('Proxy'), 'None');
    await waitFor(() => expect(desktop.kept.network.proxy).toBe('direct'));
  });

  test('trust further authorities and show a certificate', async () => {
    await open(configured());
    await go('Network');
    await user.type(field('Also trust these authorities'), '/etc/ssl/company.pem{Enter}');
    await waitFor(() => expect(desktop.kept.network.extra_ca).toEqual(['/etc/ssl/company.pem']));
    await write('Client certificate', '/home/chen/chen.pem');
    await waitFor(() =>
      expect(desktop.kept.network.client_certificate).toBe('/home/chen/chen.pem'),
    );
    await user.click(screen.getByRole('button', { name: 'Remove /etc/ssl/company.pem' }));
    await waitFor(() => expect(desktop.kept.network.extra_ca).toEqual([]));
  });

  test('say at the field why a file was refused, and keep what was written', async () => {
    await open(configured());
    await go('Network');
    desktop.refuse = '/nowhere.pem cannot be read.';
    await user.type(field('Also trust these authorities'), '/nowhere.pem{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('/nowhere.pem cannot be read.');
    expect(field('Also trust these authorities').value).toBe('/nowhere.pem');
    expect(desktop.kept.network.extra_ca).toEqual([]);
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
      expect(desktop.kept.notifications.quiet).toEqual({
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
      expect(desktop.kept.notifications.quiet).toMatchObject({ days: ['saturday'], except: 4 }),
    );
  });

  test('say what a time looks like when it is none', async () => {
    desktop.kept.notifications.quiet.enabled = true;
    await open(configured());
    await go('Notifications');
    await write('To', 'late');
    expect(await screen.findByText('A time of day, such as 21:30.')).toBeTruthy();
    expect(desktop.kept.notifications.quiet.to).toBe('08:00:00');
    await write('To', '7');
    await waitFor(() => expect(desktop.kept.notifications.quiet.to).toBe('07:00:00'));
    await waitFor(() => expect(field('To').value).toBe('07:00'));
  });

  test('choose a sound for each urgency', async () => {
    await open(configured());
    await go('Notifications');
    await user.selectOptions(field('Low priority'), 'None');
    await user.selectOptions(field('Urgent'), 'Alarm');
    await waitFor(() =>
      expect(desktop.kept.notifications.sounds).toEqual({
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
    desktop.refuse = 'No notification service answers.';
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
    expect(desktop.called).toEqual([
      'open folder settings',
      'open folder inbox',
      'open folder logs',
    ]);
  });

  test('write the to-dos and the settings to files, and say where', async () => {
    await open(configured());
    await go('About');
    await user.click(screen.getByRole('button', { name: 'To-dos as a calendar' }));
    await waitFor(() => expect(part('outcome').textContent).toMatch(/belldot-inbox\.ics\.\s*$/));
    await user.click(screen.getByRole('button', { name: 'To-dos as JSON' }));
    await waitFor(() => expect(part('outcome').textContent).toMatch(/belldot-inbox\.json\.\s*$/));
    desktop.refuse = 'The disk is full.';
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
    expect(desktop.called).toEqual([]);
    await choose();
    await user.click(within(part('import-dialog')).getByRole('button', { name: 'Replace' }));
    await waitFor(() => expect(part('outcome').textContent).toContain('belldot-settings.toml'));
    expect(desktop.called).toEqual(['import settings sources = []']);
    desktop.refuse = 'Line 3 is not a setting.';
    await choose();
    await user.click(within(part('import-dialog')).getByRole('button', { name: 'Replace' }));
    await waitFor(() => expect(part('outcome').textContent).toContain('Line 3 is not a setting.'));
  });

  test('open at what Belldot is when that was asked for', async () => {
    desktop.about = true;
    await open(configured());
    expect(await screen.findByRole('heading', { name: 'Belldot', level: 1 })).toBeTruthy();
    await go('General');
    desktop.showAbout();
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
  const disabled = (element: HTMLElement) => (element as HTMLButtonElement).disabled;
  const whole = (element: HTMLElement) => element.closest('fieldset')?.disabled;

  test('is shown locked, with the reason; the rest is not', async () => {
    desktop.locked = { paths: ['general.autostart'], reason: 'Required by IT.' };
    await open(configured());
    await go('General');
    const start = screen.getByRole('switch', { name: /^Start when I log in/ });
    expect(disabled(start)).toBe(true);
    expect(part('lock').getAttribute('title')).toBe('Fixed by your administrator: Required by IT.');
    expect(part('locked').textContent).toContain('Required by IT.');
    await user.click(start);
    expect(desktop.kept.general.autostart).toBe(false);
    expect(disabled(field('Theme'))).toBe(false);
    await go('Notifications');
    expect(document.querySelector('[data-part="locked"]')).toBeNull();
  });

  test('may be a part of the quiet hours', async () => {
    desktop.kept.notifications.quiet.enabled = true;
    desktop.locked = {
      paths: ['notifications.quiet.from', 'notifications.quiet.days'],
      reason: null,
    };
    await open(configured());
    await go('Notifications');
    expect(disabled(field('From'))).toBe(true);
    expect(disabled(field('To'))).toBe(false);
    expect(disabled(screen.getByRole('button', { name: 'Sun' }))).toBe(true);
    expect(part('locked').textContent).toBe('Your administrator has fixed this.');
  });

  test('may be the proxy', async () => {
    desktop.kept.network.proxy = { through: { url: 'http://p:3128', user: null, except: '' } };
    desktop.locked = { paths: ['network.proxy'], reason: null };
    await open(configured());
    await go('Network');
    expect(disabled(field('Proxy'))).toBe(true);
    expect(disabled(field('Address of the proxy'))).toBe(true);
    expect(disabled(field('Client certificate'))).toBe(false);
  });

  test('may be a source, which then stays as it is', async () => {
    desktop.locked = { paths: ['sources.work'], reason: 'Required by IT.' };
    await open(configured(), configured({ id: 'own', name: 'Own' }));
    expect(whole(field('Server'))).toBe(true);
    expect(disabled(screen.getByRole('button', { name: 'Remove' }))).toBe(true);
    expect(part('locked').textContent).toContain('Required by IT.');
    await go('Own');
    expect(whole(field('Server'))).toBe(false);
    expect(disabled(screen.getByRole('button', { name: 'Remove' }))).toBe(false);
  });

  test('may be that there are no further sources', async () => {
    desktop.locked = { paths: ['sources'], reason: 'Ask IT for another one.' };
    await open(configured());
    expect(disabled(part('new-source'))).toBe(true);
    expect(part('new-source').textContent).toContain('Ask IT for another one.');
    expect(whole(field('Server'))).toBe(false);
  });
});
