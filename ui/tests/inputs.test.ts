import { cleanup, render, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { FakeBackend, todo } from './fake';

let backend: FakeBackend;
beforeEach(async () => {
  backend = new FakeBackend();
  backend.todos = [todo({ key: 1, title: '审批' })];
  location.hash = '#todos';
  render(App, { backend });
  await waitFor(() => expect(document.querySelector('[data-todo-key="1"]')).not.toBeNull());
});
afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

const searched = () => backend.asked.map(({ search }) => search).filter((text) => text !== '');

test('what an input method is still composing is not searched for', async () => {
  const field = document.querySelector<HTMLInputElement>('[data-part="search"]')!;
  for (const letters of ['s', 'sh', 'shen']) {
    field.value = letters;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
  }
  field.value = '审';
  field.dispatchEvent(new Event('compositionend', { bubbles: true }));
  await waitFor(() => expect(searched()).toContain('审'));
  expect(new Set(searched())).toEqual(new Set(['审']));
});

test('a dialog stays where text is selected beyond its edge, and closes at a click beside it', async () => {
  await userEvent.keyboard('?');
  await waitFor(() => expect(document.querySelector('dialog[open]')).not.toBeNull());
  const dialog = document.querySelector<HTMLDialogElement>('dialog[open]')!;
  const press = (on: Element) =>
    on.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  const click = () => dialog.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  press(within(dialog).getByRole('heading'));
  click();
  expect(dialog.open).toBe(true);
  press(dialog);
  click();
  expect(dialog.open).toBe(false);
});
