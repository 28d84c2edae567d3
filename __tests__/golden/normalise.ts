import { decodeUserData } from './user-data';

/** A synthesized stack as a reviewer reads it, with the user data of its machines in files of their own. */
export interface Golden {
  /** Text by file name, relative to the environment's folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** Keys whose value is the user data of a machine. */
const USER_DATA = new Set(['user_data', 'user_data_base64', 'custom_data']);

/** Sorted keys, no metadata of tools, user data decoded beside it. */
export function normalise(stack: string, json: unknown): Golden {
  const files = new Map<string, string>();
  const visit = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((it, i) => visit(it, [...path, String(i)]));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value)
      .filter(([key]) => key !== '//')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, it]) => {
        if (!USER_DATA.has(key) || typeof it !== 'string') return [key, visit(it, [...path, key])] as const;
        const name = `${stack}/${path.at(-1) ?? key}.user-data.txt`;
        files.set(name, decodeUserData(it));
        return [key, `decoded in ${name}`] as const;
      });
    return Object.fromEntries(entries);
  };
  files.set(`${stack}.json`, `${JSON.stringify(visit(json, []), null, 2)}\n`);
  return { files };
}
