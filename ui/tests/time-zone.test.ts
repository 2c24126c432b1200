import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { setLocale } from '../src/i18n/locale.svelte';
import { configured } from './fake';
import { desktop, field, open, part, prepare, write } from './settings-window';

prepare();

const zone = () => desktop.kept.sources[0]?.time_zone;
const LABEL = 'Time zone of the messages';

describe('the time zone of a source', () => {
  test('is this computer’s unless another one is named', async () => {
    await open(configured());
    expect([field(LABEL).value, field(LABEL).placeholder]).toEqual(['', 'UTC']);
    await write(LABEL, ' Asia/Shanghai ');
    await waitFor(() => expect(zone()).toBe('Asia/Shanghai'));
  });

  test('is this computer’s again when it is emptied', async () => {
    await open(configured({ time_zone: 'Asia/Shanghai' }));
    expect(field(LABEL).value).toBe('Asia/Shanghai');
    await write(LABEL, '');
    await waitFor(() => expect(zone()).toBeUndefined());
  });

  test('that is none is refused beside its field, and stands there to be corrected', async () => {
    await open(configured({ time_zone: 'Asia/Shanghai' }));
    desktop.refuse = '“Mars/Base” is not the name of a time zone.';
    await write(LABEL, 'Mars/Base');
    await screen.findByText(desktop.refuse);
    expect(zone()).toBe('Asia/Shanghai');
    expect(field(LABEL).value).toBe('Mars/Base');
    desktop.refuse = null;
    await write(LABEL, 'Europe/Berlin');
    await waitFor(() => expect(zone()).toBe('Europe/Berlin'));
    expect(screen.queryByText(/is not the name/)).toBeNull();
  });

  test('is not sent while it is being typed', async () => {
    await open(configured());
    let saved = 0;
    const save = desktop.saveSettings.bind(desktop);
    desktop.saveSettings = (settings) => (saved++, save(settings));
    await write(LABEL, 'Europe/Berlin');
    await waitFor(() => expect(zone()).toBe('Europe/Berlin'));
    expect(saved).toBe(1);
  });

  test('may be chosen among those that there are', async () => {
    await open(configured());
    const names = [...document.querySelectorAll('datalist option')].map((it) =>
      it.getAttribute('value'),
    );
    expect(names).toContain('Asia/Shanghai');
    expect(part('zone').getAttribute('list')).toBe(document.querySelector('datalist')?.id);
  });

  test('is asked for in Chinese as well', async () => {
    void setLocale('zh-CN');
    desktop.language = 'zh-CN';
    await open(configured());
    expect(field('消息的时区')).not.toBeNull();
    await screen.findByText(/没有写明时区.*UTC/);
  });
});
