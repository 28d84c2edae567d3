import { z } from 'zod';
import { notASecretRef } from './errors';

/** Where a secret lies; never the secret. */
export type SecretPlace =
  | { readonly kind: 'ssm'; readonly path: string }
  | { readonly kind: 'keyvault'; readonly name: string }
  | { readonly kind: 'vault'; readonly path: string; readonly key: string }
  | { readonly kind: 'env'; readonly variable: string };

/** Parsers by scheme; the first group is the place, the second a key in it. */
const SCHEMES = {
  /** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
  ssm: /^ssm:((?:\/[A-Za-z0-9_.-]+){1,15})$/,
  /** @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
  keyvault: /^keyvault:([A-Za-z0-9-]{1,127})$/,
  vault: /^vault:([A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*)#([A-Za-z0-9_.-]+)$/,
  env: /^env:([A-Z_][A-Z0-9_]*)$/,
} as const;

/**
 * A reference to a secret. It turns into text only as '[secret ssm]', so that it gets into no file or log by accident;
 * whoever sinks the secret asks for its `place`.
 */
export class SecretRef {
  readonly #place: SecretPlace;

  private constructor(place: SecretPlace) {
    this.#place = place;
  }

  /** Parses 'ssm:/path', 'keyvault:name', 'vault:path#key' or 'env:NAME'; throws for anything else. */
  public static parse(text: string): SecretRef {
    const place = parsePlace(text);
    if (place === undefined) throw notASecretRef();
    return new SecretRef(place);
  }

  public get kind(): SecretPlace['kind'] {
    return this.#place.kind;
  }

  public get place(): SecretPlace {
    return this.#place;
  }

  public toString(): string {
    return `[secret ${this.kind}]`;
  }

  public toJSON(): string {
    return this.toString();
  }

  public [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Schemas of texts that may turn out to be the secret itself: messages must not repeat what they got. */
export const secretSchemas = z.registry();

/** A secret reference in data that a person writes. */
export const secretRefSpec = z
  .string()
  .refine((text) => parsePlace(text) !== undefined, {
    error: "must be a secret reference: 'ssm:/path', 'keyvault:name', 'vault:path#key' or 'env:NAME'",
    abort: true,
  })
  .register(secretSchemas)
  .transform((text) => SecretRef.parse(text));

function parsePlace(text: string): SecretPlace | undefined {
  const [, path] = SCHEMES.ssm.exec(text) ?? [];
  if (path !== undefined) return { kind: 'ssm', path };
  const [, name] = SCHEMES.keyvault.exec(text) ?? [];
  if (name !== undefined) return { kind: 'keyvault', name };
  const [, vaultPath, key] = SCHEMES.vault.exec(text) ?? [];
  if (vaultPath !== undefined && key !== undefined) return { kind: 'vault', path: vaultPath, key };
  const [, variable] = SCHEMES.env.exec(text) ?? [];
  return variable === undefined ? undefined : { kind: 'env', variable };
}
