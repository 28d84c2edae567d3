import { Fn } from 'cdktf';

/** What the value of a token counts for where sizes are checked: its length is known only at apply. */
const TOKEN_BYTES = 256;

/** How cdktf writes a token into a string; it offers no ordered split of such a string into literals and tokens. */
const TOKEN = /(\$\{TfToken\[[^\]]+\]\})/;

/** Ends the single quotes, quotes one in double quotes, begins again. */
const ESCAPED_QUOTE = `'"'"'`;

/** The quotes around a JSON string, as the regular expression of Terraform's `replace`. */
const OUTER_QUOTES = Fn.rawString('/^"|"$/');

/** Terraform expression of a text that may hold tokens; quotes, backslashes and `${` in its literal parts survive. */
export function terraformText(text: string): string {
  return Fn.join(
    '',
    fragments(text).map((it) => (isToken(it) ? it : rawText(it))),
  );
}

/**
 * A text in single quotes for a shell, inside a text that becomes JSON: its literal parts are left to whoever writes the
 * JSON, a token's value is quoted for both when it is known.
 */
export function shellQuotedInJson(text: string): string {
  const parts = fragments(text).map((it) =>
    isToken(it)
      ? Fn.replace(Fn.jsonencode(Fn.replace(it, "'", rawText(ESCAPED_QUOTE))), OUTER_QUOTES, '')
      : it.replaceAll("'", ESCAPED_QUOTE),
  );
  return `'${parts.join('')}'`;
}

/** A text in single quotes for a shell; a token's value is quoted when it is known. */
export function shellQuoted(text: string): string {
  const parts = fragments(text).map((it) =>
    isToken(it) ? Fn.replace(it, "'", rawText(ESCAPED_QUOTE)) : it.replaceAll("'", ESCAPED_QUOTE),
  );
  return `'${parts.join('')}'`;
}

/** Bytes of a text in UTF-8, a token counted as `TOKEN_BYTES`. */
export function textBytes(text: string): number {
  return fragments(text).reduce((sum, it) => sum + (isToken(it) ? TOKEN_BYTES : Buffer.byteLength(it)), 0);
}

/** Whether a text holds values that are known only at apply. */
export function holdsToken(text: string): boolean {
  return TOKEN.test(text);
}

/** `Fn.rawString` escapes double quotes, line breaks and `${`, but neither backslashes nor `%{` (cdktf 0.21). */
function rawText(text: string): string {
  return Fn.rawString(text.replaceAll('\\', '\\\\').replaceAll('%{', '%%{'));
}

function fragments(text: string): readonly string[] {
  return text.split(TOKEN).filter((it) => it !== '');
}

function isToken(fragment: string): boolean {
  return TOKEN.test(fragment);
}
