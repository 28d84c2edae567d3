/** A provider package was built in a way that extraction does not know. */
export function sourceMapMissing(file: string, lacks: string): Error {
  return new Error(
    `binding '${file}' has no ${lacks}, but schemas are read from the TypeScript within it; ` +
      `install the pinned provider package, or run 'npm run prepare-bindings' for rancher2`,
  );
}

export function bindingClassMissing(file: string): Error {
  return new Error(
    `binding '${file}' declares no resource, data source or provider class with its arguments, but exactly one is expected; ` +
      `its generator is newer than the extraction knows`,
  );
}

export function attributeTypeUnknown(where: string, expression: string): Error {
  return new Error(
    `type of '${where}' cannot be read from '${expression}' in its binding, but a mapper or getter of the provider ` +
      `generator 0.21 is expected; teach rehearsal/schemas/value-shape.ts this form`,
  );
}

export function bindingTooDeep(where: string, limit: number): Error {
  return new Error(
    `blocks of '${where}' nest deeper than ${limit} levels, so the binding refers to itself; look at its source`,
  );
}

export function bindingPackageMissing(provider: string, folder: string): Error {
  return new Error(
    `provider '${provider}' has no bindings in '${folder}', but the stacks use it; ` +
      `install '@cdktf/provider-${provider}', or run 'npm run prepare-bindings' for rancher2`,
  );
}

export function bindingMissing(kind: string, type: string, folder: string): Error {
  return new Error(
    `${kind} '${type}' has no binding in '${folder}', but the stacks use it; ` +
      `add the type to the bindings, or correct the type's name`,
  );
}

export function stacksMissing(folder: string): Error {
  return new Error(
    `no synthesized stacks in '${folder}', but at least one cdk.tf.json is needed; run 'npm run synth' first`,
  );
}

export function providerNotRequired(type: string, file: string, known: readonly string[]): Error {
  return new Error(
    `type '${type}' in '${file}' belongs to none of the required providers (${known.join(', ')}); ` +
      `configure its provider in the stack`,
  );
}

export function versionsDiffer(provider: string, stacks: string, bindings: string): Error {
  return new Error(
    `provider '${provider}' is required in version '${stacks}' by the stacks, but its bindings are of '${bindings}'; ` +
      `synthesize again after installing`,
  );
}

export function requirementsDiffer(provider: string, file: string, got: string, expected: string): Error {
  return new Error(
    `provider '${provider}' is required as '${got}' in '${file}' but as '${expected}' elsewhere; ` +
      `all stacks must be synthesized by one program`,
  );
}

export function ephemeralSchemaMissing(type: string, known: readonly string[]): Error {
  return new Error(
    `ephemeral resource '${type}' has no schema, because bindings have none of this kind; known are ${known.join(', ')}; ` +
      `add it to rehearsal/schemas/ephemeral-schemas.ts from the provider's own schema`,
  );
}

export function overlayPathUnknown(type: string, path: string): Error {
  return new Error(
    `behaviour of '${type}' marks '${path}', but its schema has no such attribute; ` +
      `correct the path in rehearsal/provider/behaviour`,
  );
}

export function platformUnsupported(os: string, architecture: string): Error {
  return new Error(
    `no provider mirror for '${os}' on '${architecture}', but only linux and darwin on x64 and arm64; ` +
      `rehearse on one of these`,
  );
}

export function sourceAddressInvalid(source: string): Error {
  return new Error(
    `provider source '${source}' is not of the form '<type>', '<namespace>/<type>' or '<host>/<namespace>/<type>'; ` +
      `correct required_providers`,
  );
}

export function versionNotExact(provider: string, version: string): Error {
  return new Error(
    `provider '${provider}' has version '${version}', but a mirror needs an exact one such as '1.2.3'; ` +
      `pin it in its bindings`,
  );
}
