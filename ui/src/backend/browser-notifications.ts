import { getItem, setItem } from '../platform/storage';
import { truncate } from '../shared/text';
import { t } from '../i18n/locale.svelte';
import type { NotificationState } from './backend';
import type { TodoKey } from './types/TodoKey';
import type { TodoView } from './types/TodoView';

/** How many to-dos are announced one by one; more become one notification. */
const MAX_SINGLE = 3;
/** How many titles that one names. */
const MAX_TITLES = 3;
const URGENT = 5;

/** What a notification says of a to-do. */
type Announced = Pick<TodoView, 'key' | 'title' | 'sender' | 'priority'>;

/** The browser's notifications of new to-dos, for those who ask for them. */
export class BrowserNotifications {
  readonly #show: (key: TodoKey) => void;
  #wanted = getItem('notify') === 'on';

  /** `show` is called with the to-do of a notification that was clicked. */
  constructor(show: (key: TodoKey) => void) {
    this.#show = show;
  }

  /** Null where the browser has none, as over plain HTTP. */
  get state(): NotificationState | null {
    if (typeof Notification === 'undefined' || !window.isSecureContext) return null;
    if (Notification.permission === 'denied') return 'blocked';
    return this.#wanted && Notification.permission === 'granted' ? 'on' : 'off';
  }

  /** Asks the user of the browser first, if nobody has yet. */
  async turnOn(): Promise<void> {
    const granted = (await Notification.requestPermission()) === 'granted';
    this.#store(granted);
  }

  turnOff(): void {
    this.#store(false);
  }

  /** Urgent ones always get a notification of their own. */
  announce(todos: readonly Announced[]): void {
    if (this.state !== 'on') return;
    const urgent = todos.filter((todo) => todo.priority >= URGENT);
    const others = todos.filter((todo) => todo.priority < URGENT);
    if (others.length > MAX_SINGLE) this.#digest(others);
    else others.forEach((todo) => this.#single(todo));
    urgent.forEach((todo) => this.#single(todo));
  }

  #single(todo: Announced): void {
    const isUrgent = todo.priority >= URGENT;
    const title = truncate(todo.title, 120);
    const made = new Notification(isUrgent ? `!! ${title}` : title, {
      body: truncate(todo.sender ?? '', 120),
      // Another one about the same to-do takes its place.
      tag: `belldot-${todo.key}`,
      requireInteraction: isUrgent,
    });
    made.onclick = () => this.#click(made, todo.key);
  }

  #digest(todos: readonly Announced[]): void {
    const titles = todos.slice(0, MAX_TITLES).map((todo) => truncate(todo.title, 60));
    const body = titles.join('\n');
    const made = new Notification(t('web-notify-many', { count: todos.length }), {
      body,
      tag: 'belldot',
    });
    made.onclick = () => this.#click(made, null);
  }

  #click(made: Notification, key: TodoKey | null): void {
    window.focus();
    made.close();
    if (key !== null) this.#show(key);
  }

  #store(wanted: boolean): void {
    this.#wanted = wanted;
    setItem('notify', wanted ? 'on' : 'off');
  }
}
