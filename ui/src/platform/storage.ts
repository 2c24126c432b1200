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

/** Whether it is this value that another tab has stored. */
export function isItem(event: StorageEvent, name: string): boolean {
  return event.key === PREFIX + name;
}

/** Stores a value until the tab is closed; `null` removes it. */
export function setSessionItem(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, value);
  } catch {
    // Forbidden, or full.
  }
}

/** What was stored in this tab, before it was loaded anew. */
export function getSessionItem(name: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

const PREFIX = 'belldot-';
