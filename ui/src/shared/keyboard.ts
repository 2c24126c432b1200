/** What a key asks for. */
export type Command =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'screen-down'
  | 'screen-up'
  | 'extend-next'
  | 'extend-previous'
  | 'select'
  | 'open'
  | 'show'
  | 'back'
  | 'done'
  | 'read'
  | 'snooze'
  | 'pin'
  | 'undo'
  | 'search'
  | 'help'
  | 'settings'
  | 'close'
  | 'dismiss';

/** The keys as the help shows them: which command, by which keys. */
export const SHORTCUTS: readonly { keys: readonly string[]; words: string }[] = [
  { keys: ['J', '↓'], words: 'page-key-next' },
  { keys: ['K', '↑'], words: 'page-key-previous' },
  { keys: ['Enter'], words: 'page-key-open' },
  { keys: ['Space', '→'], words: 'page-key-show' },
  { keys: ['E'], words: 'page-key-done' },
  { keys: ['R'], words: 'page-key-read' },
  { keys: ['S'], words: 'page-key-snooze' },
  { keys: ['P'], words: 'page-key-pin' },
  { keys: ['X'], words: 'page-key-pick' },
  { keys: ['Z'], words: 'page-key-undo' },
  { keys: ['/'], words: 'page-key-search' },
  { keys: ['?'], words: 'page-key-help' },
  { keys: ['Ctrl', ','], words: 'page-key-settings' },
  { keys: ['Esc'], words: 'page-key-dismiss' },
];

const BY_KEY: Record<string, Command> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  PageDown: 'screen-down',
  PageUp: 'screen-up',
  x: 'select',
  Enter: 'open',
  o: 'open',
  ' ': 'show',
  ArrowRight: 'show',
  l: 'show',
  ArrowLeft: 'back',
  h: 'back',
  e: 'done',
  r: 'read',
  s: 'snooze',
  p: 'pin',
  z: 'undo',
  '/': 'search',
  '?': 'help',
  Escape: 'dismiss',
};

const BY_SHIFT_KEY: Record<string, Command> = {
  ArrowDown: 'extend-next',
  J: 'extend-next',
  ArrowUp: 'extend-previous',
  K: 'extend-previous',
  '?': 'help',
};

const BY_CTRL_KEY: Record<string, Command> = {
  ',': 'settings',
  w: 'close',
  z: 'undo',
  f: 'search',
};

/** In a field, only these have a meaning of their own. */
const IN_FIELD: ReadonlySet<Command> = new Set(['settings', 'close', 'dismiss']);

/** Where a dialog is open, these are about the window; the rest is the dialog's. */
const IN_DIALOG: ReadonlySet<Command> = new Set(['settings', 'close']);

/** On a button these press it. */
const BUTTON_KEYS: ReadonlySet<string> = new Set(['Enter', ' ']);

/** In the text of a to-do these scroll it. */
const SCROLL_KEYS: ReadonlySet<string> = new Set([
  'ArrowDown',
  'ArrowUp',
  'PageDown',
  'PageUp',
  'Home',
  'End',
  ' ',
]);

/**
 * Where a key was pressed: among the rows, in the text of a to-do, on another button, while
 * writing, over the page.
 */
export type KeyContext = 'list' | 'text' | 'button' | 'field' | 'dialog';

/** What of a key press matters. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'
>;

/** The command of a key press, by where it was pressed. */
export function command(event: KeyPress, context: KeyContext): Command | null {
  if (event.altKey) return null;
  if (context === 'button' && BUTTON_KEYS.has(event.key)) return null;
  if (context === 'text' && SCROLL_KEYS.has(event.key)) return null;
  const table =
    event.ctrlKey || event.metaKey ? BY_CTRL_KEY : event.shiftKey ? BY_SHIFT_KEY : BY_KEY;
  const found = table[effectiveKey(event)] ?? null;
  if (context === 'dialog' && found !== null && !IN_DIALOG.has(found)) return null;
  if (context === 'field' && found !== null && !IN_FIELD.has(found)) return null;
  return found;
}

/** Keys beside the letters that have a command, by their place on a keyboard. */
const KEY_BY_CODE: Record<string, string> = { Comma: ',', Period: '.', Slash: '/' };

/**
 * The key that was meant: a letter whatever Caps Lock says, and on a keyboard without Latin letters
 * (Russian, Greek, …) the one that has its place.
 */
function effectiveKey({ key, code, shiftKey }: KeyPress): string {
  if ([...key].length !== 1 || !/^\p{L}$/u.test(key)) return key;
  const letter = /^\p{Script=Latin}$/u.test(key)
    ? key
    : (/^Key([A-Z])$/.exec(code)?.[1] ?? KEY_BY_CODE[code] ?? key);
  return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
}

/** Whether an input method takes the key: Safari's engine says so by this number alone. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** The context of a key press, for `command`. */
export function keyContextOf(target: EventTarget | null): KeyContext {
  if (document.querySelector('dialog[open]')) return 'dialog';
  if (!(target instanceof HTMLElement)) return 'list';
  if (target.closest('input, textarea, select')) return 'field';
  if (target.closest('[data-part="row"]')) return 'list';
  if (target.closest('[data-part="text"]') && !target.closest('button, a')) return 'text';
  return target.closest('button, a') ? 'button' : 'list';
}
