/** Keeps something for the next time; where a browser forbids it, it lasts as long as the page. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Forbidden, or full.
  }
}

/** What was kept the last time. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

const PREFIX = 'belldot-';
