/** Stores a value for the next visit; does nothing where the browser forbids it. */
export function setItem(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Forbidden, or full.
  }
}

/** What was stored on an earlier visit. */
export function getItem(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

const PREFIX = 'belldot-';
