import { cleanup, render, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { FakeBackend, todo } from './fake';

afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

const SCROLL = ['ArrowDown', 'PageDown', ' ', 'End', 'Home', 'PageUp', 'ArrowUp'];

/** A long to-do over the list, and one below it. */
async function reading(): Promise<HTMLElement> {
  const backend = new FakeBackend();
  backend.todos = [todo({ key: 1, title: 'One', body: 'long '.repeat(2_000) }), todo({ key: 2 })];
  location.hash = '#todos';
  render(App, { backend });
  await waitFor(() => expect(document.querySelector('[data-todo-key="1"]')).not.toBeNull());
  await userEvent.keyboard('j{Enter}');
  return waitFor(() => {
    const text = document.querySelector<HTMLElement>('[data-part="pane"] [data-part="text"]');
    if (!text) throw new Error('no text');
    return text;
  });
}

test.each(SCROLL)('%j in the text of a to-do scrolls it', async (key) => {
  const text = await reading();
  const press = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  text.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(false);
  expect(document.querySelector('[data-part="pane"] h2')?.textContent).toBe('One');
});

test('the text of a to-do can be reached by keyboard, and has the focus when it opens', async () => {
  const text = await reading();
  expect(text.tabIndex).toBe(0);
  await waitFor(() => expect(document.activeElement).toBe(text));
});
