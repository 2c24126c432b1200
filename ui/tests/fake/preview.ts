import type { Draft } from '../../src/backend/types/Draft';
import type { Format } from '../../src/backend/types/Format';
import type { Node } from '../../src/backend/types/Node';
import type { Preview } from '../../src/backend/types/Preview';
import type { Sample } from '../../src/backend/types/Sample';

/** What would be made of events: knows JSON with a title, a number and plain text. */
export function preview(format: Format, samples: Sample[]): Preview {
  const rows = samples.map(({ kind, data }) => {
    const json = parsed(data);
    const row = {
      kind,
      tree: tree(json === undefined ? data : json),
      left_out: false,
      seen: 'text' as Preview['decided'],
      todos: [] as Draft[],
    };
    const mapped = typeof format === 'object';
    const pointer = mapped ? format.json.title : '/title';
    const title = at(json, pointer ?? '');
    if (format === 'text' || json === undefined)
      return { ...row, todos: [{ title: data, priority: 3 }] };
    if (at(json, '/ping') !== undefined) return { ...row, seen: 'nothing' as const };
    if (typeof json === 'number') return { ...row, seen: 'count' as const };
    if (typeof title !== 'string') return { ...row, seen: 'not-understood' as const };
    const draft = { priority: 3, ...(json as object), title };
    return { ...row, seen: 'todo' as const, todos: [draft] };
  });
  const told = rows.find(({ seen }) => seen !== ('nothing' as string));
  return { decided: told?.seen ?? 'nothing', rows, unread: null };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** A tree as the app draws it, of values without anything said of them. */
export function tree(value: unknown, at = '', name = ''): Node {
  const kinds = { string: 'text', number: 'number', boolean: 'truth' } as const;
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, inner]) =>
          tree(inner, `${at}/${key}`, Array.isArray(value) ? String(Number(key) + 1) : key),
        )
      : [];
  const kind = Array.isArray(value)
    ? 'list'
    : value === null
      ? 'null'
      : (kinds[typeof value as keyof typeof kinds] ?? 'object');
  return {
    at,
    name,
    kind,
    text: typeof value === 'object' ? '' : String(value),
    inside,
    more: 0,
    several: kind === 'list' && inside.length > 0,
    each: false,
    parts: [],
  };
}

/** What a JSON Pointer leads to; without its escapes. */
function at(json: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((it, name) => (it as Record<string, unknown> | null)?.[name], json);
}
