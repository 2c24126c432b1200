/** Takes what went wrong, and where in the code, as texts without anything of a to-do in them. */
export type FaultLog = (what: string, at: string) => Promise<void>;

/** So many faults at most go to the log … */
const MOST = 10;
/** … in so many milliseconds. */
const SPAN = 60_000;
/** As much of each text. */
const LONGEST = 500;

let log: FaultLog | null = null;
let since = -Infinity;
let told = 0;

/** Has faults written to a log from now on, beside the console. */
export function logFaultsTo(to: FaultLog | null): void {
  log = to;
  since = -Infinity;
}

/** What goes wrong in the page itself: said in the console, and to the app's log if there is one. */
export function report(fault: unknown): void {
  console.error(fault);
  if (!log) return;
  const now = Date.now();
  if (now - since >= SPAN) [since, told] = [now, 0];
  if (++told > MOST) return;
  const [what, at] = described(fault);
  // A log that cannot be reached is no fault that could be logged.
  log(what, at).catch(() => {});
}

/** Hears of promises that nobody waited for and of errors that nobody caught. */
export function hearFaults(tell: (fault: unknown) => void = report): () => void {
  const rejected = (event: PromiseRejectionEvent) => tell(event.reason);
  const thrown = (event: ErrorEvent) => tell(event.error ?? event.message);
  window.addEventListener('unhandledrejection', rejected);
  window.addEventListener('error', thrown);
  return () => {
    window.removeEventListener('unhandledrejection', rejected);
    window.removeEventListener('error', thrown);
  };
}

/** What a fault is and where it was met. What is no error may be anything: only its kind is told. */
function described(fault: unknown): [what: string, at: string] {
  if (!(fault instanceof Error)) return [`a ${typeof fault} was thrown`, ''];
  const { name, message, stack = '' } = fault;
  // Some engines have the message in the stack.
  const begun = stack.indexOf(message);
  const where = begun < 0 ? stack : stack.slice(begun + message.length);
  return [`${name}: ${withoutQuotes(message.slice(0, LONGEST))}`, places(where)];
}

/** A name of the code, such as `todo.title`. */
const CODE = /^[\w$]+(\.[\w$]+)+$/;

/**
 * Engines and libraries quote what they could not deal with, which may be the text of a to-do: the
 * rest of the message is left out then. Names of the code stay.
 */
function withoutQuotes(message: string): string {
  const pieces = message.replace(/["“`][^]*$/, '…').split("'");
  const quote = pieces.findIndex((piece, k) => k % 2 === 1 && !CODE.test(piece));
  return quote < 0 ? pieces.join("'") : `${pieces.slice(0, quote).join("'")}…`;
}

/** The innermost places of a stack, without the names and addresses around them. */
function places(stack: string): string {
  const found = stack.slice(0, 4 * LONGEST).matchAll(/([\w.-]{1,60})(?:\?[^:\s)]*)?:(\d+):(\d+)/g);
  return [...found]
    .slice(0, 3)
    .map(([, file, line, column]) => `${file}:${line}:${column}`)
    .join(' < ');
}
