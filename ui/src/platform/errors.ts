/** The message of any failure, to be shown. */
export function errorMessage(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

/** Writes an error and its place in the code to a log; neither holds any text of a to-do. */
export type ErrorLog = (what: string, at: string) => Promise<void>;

/** How many errors at most go to the log … */
const MAX_LOGGED = 10;
/** … within how many milliseconds. */
const WINDOW_MS = 60_000;
/** How many characters of each text. */
const MAX_LENGTH = 500;

let log: ErrorLog | null = null;
let since = -Infinity;
let logged = 0;

/** Sets the log that errors are written to besides the console. */
export function setErrorLog(to: ErrorLog | null): void {
  log = to;
  since = -Infinity;
}

/** Reports an error of the page itself: to the console, and to the app's log if there is one. */
export function captureError(error: unknown): void {
  console.error(error);
  if (!log) return;
  const now = Date.now();
  if (now - since >= WINDOW_MS) [since, logged] = [now, 0];
  if (++logged > MAX_LOGGED) return;
  const [what, at] = describe(error);
  // A log that cannot be reached is no fault that could be logged.
  log(what, at).catch(() => {});
}

/** Captures unhandled rejections and uncaught errors, until the returned function is called. */
export function listenForErrors(capture: (error: unknown) => void = captureError): () => void {
  const rejected = (event: PromiseRejectionEvent) => capture(event.reason);
  const thrown = (event: ErrorEvent) => capture(event.error ?? event.message);
  window.addEventListener('unhandledrejection', rejected);
  window.addEventListener('error', thrown);
  return () => {
    window.removeEventListener('unhandledrejection', rejected);
    window.removeEventListener('error', thrown);
  };
}

/** An error and where it was thrown. Of anything else that was thrown only the type is told. */
function describe(error: unknown): [what: string, at: string] {
  if (!(error instanceof Error)) return [`a ${typeof error} was thrown`, ''];
  const { name, message, stack = '' } = error;
  // Some engines have the message in the stack.
  const begun = stack.indexOf(message);
  const where = begun < 0 ? stack : stack.slice(begun + message.length);
  return [`${name}: ${withoutQuotes(message.slice(0, MAX_LENGTH))}`, stackLocations(where)];
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
function stackLocations(stack: string): string {
  const found = stack
    .slice(0, 4 * MAX_LENGTH)
    .matchAll(/([\w.-]{1,60})(?:\?[^:\s)]*)?:(\d+):(\d+)/g);
  return [...found]
    .slice(0, 3)
    .map(([, file, line, column]) => `${file}:${line}:${column}`)
    .join(' < ');
}
