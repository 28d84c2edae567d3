import { z } from 'zod';
import { clusterSpec } from './cluster';
import { importedSpec } from './imported';

/** A member: a cluster that Drover raises, or one that others made. */
export const memberSpec = z.discriminatedUnion('kind', [clusterSpec, importedSpec]);
export type MemberSpec = z.output<typeof memberSpec>;
