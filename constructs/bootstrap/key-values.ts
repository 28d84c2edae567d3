/** Labels in the form of the bootstrap: `key=value`, separated by spaces. */
export function keyValues(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
