import { decodeText, decodeUserData } from './user-data';

/** A synthesized stack as a reviewer reads it, with what its machines are told in files of their own. */
export interface Golden {
  /** Text by file name, relative to the environment's folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** Keys whose value is the user data of a machine. */
const USER_DATA = new Set(['user_data', 'user_data_base64', 'custom_data']);

/** How a text begins that a host is brought. */
const TEXT = '${join("", [';

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
        if (USER_DATA.has(key) && typeof it === 'string') {
          const name = `${stack}/${path.at(-1) ?? key}.user-data.txt`;
          files.set(name, decodeUserData(it));
          return [key, `decoded in ${name}`] as const;
        }
        if (path.includes('provisioner') && key === 'content' && typeof it === 'string' && it.startsWith(TEXT)) {
          // resource, type, name, and then the place among what is done on a host
          const name = `${stack}/${path[2] ?? key}.settings.txt`;
          files.set(name, decodeText(it));
          return [key, `decoded in ${name}`] as const;
        }
        return [key, visit(it, [...path, key])] as const;
      });
    return Object.fromEntries(entries);
  };
  files.set(`${stack}.json`, `${JSON.stringify(visit(json, []), null, 2)}\n`);
  return { files };
}
