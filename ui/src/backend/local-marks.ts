import { member, parseJson } from './json';
import { getItem, isItem, setItem } from '../platform/storage';
import type { TodoView } from './types/TodoView';

/** What the protocol does not carry: it stays in this browser. */
export type Marks = Pick<TodoView, 'snoozed_until' | 'pinned'>;

const NAME = 'marks';
/** More than these are forgotten, the oldest first. */
const MAX = 1_000;

/** Snoozes and pins by the to-do's id, stored for all tabs and the next visit. */
export class LocalMarks {
  #marks = new Map<string, Marks>();

  /** `onchange` is called when another tab has changed them. */
  constructor(onchange: () => void) {
    this.#read();
    window.addEventListener('storage', (event) => {
      if (!isItem(event, NAME)) return;
      this.#read();
      onchange();
    });
  }

  get(id: string): Marks {
    return this.#marks.get(id) ?? { snoozed_until: null, pinned: false };
  }

  set(id: string, as: Partial<Marks>): void {
    this.#read();
    const marks = { ...this.get(id), ...as };
    this.#marks.delete(id);
    if (marks.pinned || marks.snoozed_until !== null) this.#marks.set(id, marks);
    setItem(NAME, JSON.stringify([...this.#marks].slice(-MAX)));
  }

  #read(): void {
    const stored = getItem(NAME);
    if (stored === null) return;
    const entries = parseJson(stored);
    this.#marks.clear();
    if (!Array.isArray(entries)) return;
    for (const entry of entries) {
      if (!Array.isArray(entry) || typeof entry[0] !== 'string') continue;
      const until = member(entry[1], 'snoozed_until');
      this.#marks.set(entry[0], {
        snoozed_until: typeof until === 'string' && !isNaN(Date.parse(until)) ? until : null,
        pinned: member(entry[1], 'pinned') === true,
      });
    }
  }
}
