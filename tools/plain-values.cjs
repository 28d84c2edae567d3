// cdktf looks for tokens in every key and value of every resource four times, with a path, a context and three regular
// expressions each. Most hold none: those are copied, everything else goes the library's way. The result is the same.
const tokens = require('cdktf/lib/tokens/private/resolve');
const { Token } = require('cdktf/lib/tokens/token');

/** As the library: deeper is a circle, which it refuses with the path. */
const MAX_DEPTH = 200;
/** Encoded numbers are beyond it; they read like -1.8881545897087503e+289. */
const MAX_NUMBER = 1e200;

/** What tokens look like inside a text, a key or, for encoded numbers, in either. */
const MARKERS = ['TfToken[', 'Map Token Value', 'e+2'];
const isPlainText = (text) => !MARKERS.some((marker) => text.includes(marker));

const isPlainNumber = (number) => Math.abs(number) < MAX_NUMBER && number !== Token.NUMBER_MAP_TOKEN_VALUE;

function isPlainObject(value) {
  return Object.getPrototypeOf(value) === Object.prototype && value.resolve === undefined;
}

/** Whether there is nothing in a value that the library would resolve, leave out or refuse. */
function isPlain(value, depth) {
  switch (typeof value) {
    case 'string':
      return isPlainText(value);
    case 'number':
      return isPlainNumber(value);
    case 'boolean':
      return true;
    case 'object':
      if (value === null) return true;
      if (depth > MAX_DEPTH) return false;
      if (Array.isArray(value)) return value.every((it) => isPlain(it, depth + 1));
      return (
        isPlainObject(value) && Object.keys(value).every((key) => isPlainText(key) && isPlain(value[key], depth + 1))
      );
    default:
      return false;
  }
}

function copyOf(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, copyOf(held)]));
}

const resolveTokens = tokens.resolve;

const isBranch = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainObject(value);

/** `path` leads to the value; it is one list for all, since the library wants it only where there is a token. */
function resolveAt(path, value, options) {
  // While a stack is prepared, only the tokens count: nobody looks at the result.
  if (isPlain(value, path.length)) return options.preparing ? value : copyOf(value);
  if (!isBranch(value) || path.length > MAX_DEPTH || !Object.keys(value).every(isPlainText)) {
    return resolveTokens(value, { ...options, prefix: [...path] });
  }
  const resolved = {};
  for (const key of Object.keys(value)) {
    path.push(key);
    const held = resolveAt(path, value[key], options);
    path.pop();
    if (held !== undefined) resolved[key] = held;
  }
  return resolved;
}

tokens.resolve = (value, options) => resolveAt([...(options.prefix ?? [])], value, options);
module.exports = { resolveTokens };
