import { z } from 'zod';
import { allowedCidrs } from './exposure';
import { objectId } from './scalars';
import { vaultSpec } from './vault';

/** Where secrets lie that machines and stacks hand to each other. */
export const secretsSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ssm').describe('SSM Parameter Store of the management cluster region') }),
  z.strictObject({
    kind: z.literal('keyvault').describe('An Azure Key Vault in each site'),
    nameSuffix: z
      .string()
      .regex(/^[a-z0-9]{1,4}$/, 'must be 1 to 4 lower-case letters and digits')
      .optional()
      .describe(
        'Last part of the names of the vaults; a new one after a destroy, because a vault keeps its name 90 days',
      ),
    deployersId: objectId.optional().describe('Entra group of those who deploy; default: whoever applies first'),
    allowedCidrs: allowedCidrs.describe(
      'Public networks that deployers come from; machines of the site are let in anyway',
    ),
  }),
  vaultSpec,
]);
export type SecretsSpec = z.output<typeof secretsSpec>;
