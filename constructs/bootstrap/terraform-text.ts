import { Fn } from 'cdktf';

/** What the value of a token counts for where sizes are checked: its length is known only at apply. */
export const TOKEN_BYTES = 256;

/** How cdktf writes a token into a string; it offers no ordered split of such a string into literals and tokens. */
const TOKEN = /(\$\{TfToken\[[^\]]+\]\})/;

/** Ends the single quotes, quotes one in double quotes, begins again. */
const ESCAPED_QUOTE = `'"'"'`;

/** Terraform expression of a text that may hold tokens; quotes, backslashes and `${` in its literal parts survive. */
export function terraformText(text: string): string {
  return Fn.join(
    '',
    fragments(text).map((it) => (isToken(it) ? it : rawText(it))),
  );
}

/** Terraform expression of a text in single quotes for a shell; a token's value may hold single quotes as well. */
export function shellQuoted(text: string): string {
  const parts = fragments(text).map((it) =>
    isToken(it) ? Fn.replace(it, "'", rawText(ESCAPED_QUOTE)) : rawText(it.replaceAll("'", ESCAPED_QUOTE)),
  );
  return Fn.join('', ["'", ...parts, "'"]);
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
