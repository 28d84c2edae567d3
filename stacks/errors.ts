import { ConstructError } from '../constructs/core/errors';

/** A stack would work in two sites of one platform. */
export const platformElsewhere = (stack: string, platform: string, one: string, other: string): ConstructError =>
  new ConstructError(
    `stack '${stack}' works on '${platform}' in site '${one}', so it can't work in site '${other}' too; make what stands there in a stack of its own`,
  );

/** An application's secret lies where no stack reads. */
export const unreadableSecret = (app: string, variable: string, kind: string, allowed: string): ConstructError =>
  new ConstructError(
    `secret '${variable}' of application '${app}' lies in '${kind}', which has no reader; use '${allowed}'`,
  );

/** What opens the API of an imported cluster lies where no stack reads. */
export const unreadableAccess = (cluster: string, key: string, kind: string, allowed: string): ConstructError =>
  new ConstructError(
    `'api.${key}' of cluster '${cluster}' lies in '${kind}', which has no reader in this environment; use '${allowed}'`,
  );

/**
 * What is known of GlusterFS while a cluster asks for it.
 * @see https://github.com/gluster/glusterfs/issues/4662
 */
export const glusterPace = (clusterName: string): string =>
  `cluster '${clusterName}' keeps its files with GlusterFS, which has become slow upstream: releases 11.1 in 2023 and 11.2 ` +
  'in 2025, five people who work on it, no date for a next one; see docs/storage.md before files depend on it';
