/** Chart values as YAML gives them. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * `over` on top of `base`: maps are merged key by key, anything else replaces. A `null` stays: it tells Helm to take
 * the chart's own default away.
 */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? mergeValues(below, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
