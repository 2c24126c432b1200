import type { MessageId } from '../i18n/message-ids';

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

interface Binding {
  command: Command;
  /** The keys, as `KeyboardEvent.key` names them; the help shows them in this order. */
  keys: readonly string[];
  modifier?: 'shift' | 'ctrl';
  /** The message id of its line in the help; without one it is not listed. */
  help?: MessageId;
}

/** Every shortcut, in the order of the help. */
const BINDINGS: readonly Binding[] = [
  { command: 'next', keys: ['j', 'ArrowDown'], help: 'page-key-next' },
  { command: 'previous', keys: ['k', 'ArrowUp'], help: 'page-key-previous' },
  { command: 'open', keys: ['Enter', 'o'], help: 'page-key-open' },
  { command: 'show', keys: [' ', 'ArrowRight', 'l'], help: 'page-key-show' },
  { command: 'done', keys: ['e'], help: 'page-key-done' },
  { command: 'read', keys: ['r'], help: 'page-key-read' },
  { command: 'snooze', keys: ['s'], help: 'page-key-snooze' },
  { command: 'pin', keys: ['p'], help: 'page-key-pin' },
  { command: 'select', keys: ['x'], help: 'page-key-pick' },
  { command: 'undo', keys: ['z'], help: 'page-key-undo' },
  { command: 'search', keys: ['/'], help: 'page-key-search' },
  { command: 'help', keys: ['?'], help: 'page-key-help' },
  { command: 'settings', keys: [','], modifier: 'ctrl', help: 'page-key-settings' },
  { command: 'dismiss', keys: ['Escape'], help: 'page-key-dismiss' },
  { command: 'back', keys: ['ArrowLeft', 'h'] },
  { command: 'first', keys: ['Home'] },
  { command: 'last', keys: ['End'] },
  { command: 'screen-down', keys: ['PageDown'] },
  { command: 'screen-up', keys: ['PageUp'] },
  { command: 'extend-next', keys: ['ArrowDown', 'J'], modifier: 'shift' },
  { command: 'extend-previous', keys: ['ArrowUp', 'K'], modifier: 'shift' },
  { command: 'help', keys: ['?'], modifier: 'shift' },
  { command: 'close', keys: ['w'], modifier: 'ctrl' },
  { command: 'undo', keys: ['z'], modifier: 'ctrl' },
  { command: 'search', keys: ['f'], modifier: 'ctrl' },
];

/** How the help shows keys that are not shown by their name. */
const KEY_LABELS: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowRight: '→',
  ' ': 'Space',
  Escape: 'Esc',
};

/** The shortcuts as the help shows them: the labels of the keys, and the message id. */
export const SHORTCUTS: readonly { keys: readonly string[]; help: MessageId }[] = BINDINGS.flatMap(
  ({ keys, modifier, help }) => {
    if (help === undefined) return [];
    const labels = keys.map(
      (key) => KEY_LABELS[key] ?? (key.length === 1 ? key.toUpperCase() : key),
    );
    return [{ keys: modifier === 'ctrl' ? ['Ctrl', ...labels] : labels, help }];
  },
);

/** The commands by modifier and key. */
const COMMANDS: ReadonlyMap<string, Command> = new Map(
  BINDINGS.flatMap(({ command, keys, modifier = 'none' }) =>
    keys.map((key) => [`${modifier} ${key}`, command] as const),
  ),
);

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
  const modifier = event.ctrlKey || event.metaKey ? 'ctrl' : event.shiftKey ? 'shift' : 'none';
  const found = COMMANDS.get(`${modifier} ${effectiveKey(event)}`) ?? null;
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
