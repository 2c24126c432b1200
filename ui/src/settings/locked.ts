import type { Locked } from '../backend/types/Locked';

/** Whether a setting, or anything in it or around it, is fixed by the administrator. */
export function isLocked({ paths }: Locked, path: string): boolean {
  return paths.some(
    (fixed) =>
      fixed === path ||
      // A lock on adding sources does not lock the existing ones.
      (fixed !== 'sources' && path.startsWith(`${fixed}.`)) ||
      (path !== 'sources' && fixed.startsWith(`${path}.`)),
  );
}
