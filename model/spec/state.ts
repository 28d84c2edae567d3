import { z } from 'zod';
import { awsRegion, azureLocation, bucketName, resourceGroup, subscriptionId } from './scalars';

const s3State = z.strictObject({
  kind: z.literal('s3').describe('An S3 bucket with lock files'),
  bucket: bucketName.describe('Bucket of the states; exists before the first deploy'),
  region: awsRegion.describe('Region of the bucket'),
  kmsKeyId: z
    .string()
    .regex(/^(alias\/|arn:aws)[\w:/.-]+$/, 'must be a KMS alias (alias/...) or key ARN')
    .optional()
    .describe('Key that encrypts the states; exists before the first deploy; left out only with an endpoint'),
  endpoint: z
    .string()
    .regex(/^https:\/\/[\w.-]+(:\d{1,5})?$/, 'must be https://host or https://host:port without a closing slash')
    .optional()
    .describe('A store of your own that speaks the protocol of S3; default: AWS'),
});

const azurermState = z.strictObject({
  kind: z.literal('azurerm').describe('A container of an Azure storage account; its leases are the locks'),
  resourceGroup: resourceGroup.describe('Resource group of the account; exists before the first deploy'),
  storageAccount: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'must be a storage account: 3 to 24 lower-case letters and digits')
    .describe('Account of the states, unique in the world; exists before the first deploy'),
  container: z
    .string()
    .regex(
      /^[a-z0-9](-?[a-z0-9]){2,62}$/,
      'must be a container: 3 to 63 lower-case letters, digits and single hyphens, neither first nor last',
    )
    .describe('Container of the states; exists before the first deploy'),
  location: azureLocation.describe('Location of the account'),
  subscriptionId: subscriptionId.optional().describe("Subscription of the account; default: the deployer's own"),
});

/** Where Terraform keeps the states. */
export const stateSpec = z.discriminatedUnion('kind', [s3State, azurermState]);
export type S3StateSpec = z.output<typeof s3State>;
export type AzurermStateSpec = z.output<typeof azurermState>;
