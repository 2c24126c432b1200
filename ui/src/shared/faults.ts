/** What goes wrong in the page itself: said in the console, which tells nobody by itself. */
export function report(fault: unknown): void {
  console.error(fault);
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
