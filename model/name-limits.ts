/** What a platform allows in the name of one kind of resource. */
export interface NameLimit {
  readonly min: number;
  readonly max: number;
  /** What each part may consist of. Stricter than the platform where it takes more than anybody should use. */
  readonly characters: RegExp;
  /** What stands between two parts; nothing where a platform takes letters and digits alone. */
  readonly joiner: '-' | '/' | '';
  /** What every name of the kind begins with. */
  readonly prefix: string;
  /** Names that the platform keeps to itself. */
  readonly reserved?: RegExp;
  /** Where the name must be the only one of its kind. */
  readonly unique: 'account' | 'region' | 'network' | 'world' | 'group' | 'cluster' | 'namespace' | 'rancher';
  /** Where the platform documents the limit. */
  readonly source: string;
}

const AZURE_NAMES = 'https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules';
const AWS_API = 'https://docs.aws.amazon.com';
const LETTERS_HYPHENS = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;
const LOWER_HYPHENS = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const WORD = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;

const LOWER_LETTERS = /^[a-z0-9]+$/;
const dashed = { min: 1, characters: LETTERS_HYPHENS, joiner: '-', prefix: '' } as const;

/** Names of Azure that are unique in their resource group. */
const inGroup = { ...dashed, max: 80, unique: 'group', source: AZURE_NAMES } as const;

/** Every kind of resource that Drover gives a physical name. */
export const nameLimits = {
  awsLoadBalancer: {
    ...dashed,
    max: 32,
    reserved: /^internal-/,
    unique: 'region',
    source: `${AWS_API}/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html`,
  },
  awsTargetGroup: {
    ...dashed,
    max: 32,
    unique: 'region',
    source: `${AWS_API}/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html`,
  },
  awsIamRole: {
    ...dashed,
    max: 64,
    unique: 'account',
    source: `${AWS_API}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  awsInstanceProfile: {
    ...dashed,
    max: 128,
    unique: 'account',
    source: `${AWS_API}/IAM/latest/APIReference/API_CreateInstanceProfile.html`,
  },
  awsIamPolicy: {
    ...dashed,
    max: 128,
    unique: 'account',
    source: `${AWS_API}/IAM/latest/APIReference/API_CreatePolicy.html`,
  },
  awsAutoScalingGroup: {
    ...dashed,
    max: 255,
    unique: 'region',
    source: `${AWS_API}/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html`,
  },
  awsLifecycleHook: {
    ...dashed,
    max: 255,
    unique: 'network',
    source: `${AWS_API}/autoscaling/ec2/APIReference/API_PutLifecycleHook.html`,
  },
  awsLaunchTemplate: {
    ...dashed,
    min: 3,
    max: 128,
    unique: 'region',
    source: `${AWS_API}/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html`,
  },
  awsSecurityGroup: {
    ...dashed,
    max: 255,
    reserved: /^sg-/,
    unique: 'network',
    source: `${AWS_API}/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html`,
  },
  awsS3Bucket: {
    ...dashed,
    min: 3,
    max: 63,
    characters: LOWER_HYPHENS,
    reserved: /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/,
    unique: 'world',
    source: `${AWS_API}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  awsSsmParameter: {
    ...dashed,
    max: 1011,
    characters: WORD,
    reserved: /^\/(aws|ssm)/i,
    joiner: '/',
    prefix: '/',
    unique: 'region',
    source: `${AWS_API}/systems-manager/latest/APIReference/API_PutParameter.html`,
  },
  awsSsmDocument: {
    ...dashed,
    min: 3,
    max: 128,
    reserved: /^(aws|amazon|amzn)/i,
    unique: 'region',
    source: `${AWS_API}/systems-manager/latest/APIReference/API_CreateDocument.html`,
  },
  awsKmsAlias: {
    ...dashed,
    max: 256,
    reserved: /^alias\/aws/,
    prefix: 'alias/',
    unique: 'region',
    source: `${AWS_API}/kms/latest/APIReference/API_CreateAlias.html`,
  },
  awsLogGroup: {
    ...dashed,
    max: 512,
    characters: WORD,
    joiner: '/',
    prefix: '/',
    unique: 'region',
    source: `${AWS_API}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  },
  azureResourceGroup: { ...inGroup, max: 90, unique: 'account' },
  azureVirtualNetwork: { ...inGroup, min: 2, max: 64 },
  azureSubnet: { ...inGroup, unique: 'network' },
  azureNetworkSecurityGroup: inGroup,
  azureApplicationSecurityGroup: inGroup,
  azureNatGateway: inGroup,
  azureBastion: inGroup,
  azurePublicIp: inGroup,
  azureLoadBalancer: inGroup,
  azureNetworkInterface: inGroup,
  azureDisk: inGroup,
  azureVirtualMachine: { ...inGroup, max: 64 },
  azureScaleSet: { ...inGroup, max: 64 },
  /** A machine of a scale set is named so, followed by six characters. */
  azureComputerNamePrefix: { ...inGroup, max: 58, characters: LOWER_HYPHENS },
  azureIdentity: { ...inGroup, min: 3, max: 128 },
  azureFederatedCredential: { ...inGroup, min: 3, max: 120 },
  azureKeyVault: { ...inGroup, min: 3, max: 24, prefix: 'drover-', unique: 'world' },
  azureKeyVaultSecret: { ...inGroup, max: 127, unique: 'network' },
  azureStorageAccount: {
    ...inGroup,
    min: 3,
    max: 24,
    characters: LOWER_LETTERS,
    joiner: '',
    prefix: 'drover',
    unique: 'world',
  },
  kubernetesName: {
    ...dashed,
    max: 63,
    characters: LOWER_HYPHENS,
    unique: 'namespace',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  },
  helmRelease: {
    ...dashed,
    max: 53,
    characters: LOWER_HYPHENS,
    unique: 'namespace',
    source: 'https://github.com/helm/helm/blob/v3.19.0/pkg/chartutil/validate_name.go',
  },
  rancherCluster: {
    ...dashed,
    max: 63,
    characters: LOWER_HYPHENS,
    unique: 'rancher',
    reserved: /^(c-[a-z0-9]{5}|local)$/,
    source: 'https://github.com/rancher/webhook/pull/136',
  },
} as const satisfies Record<string, NameLimit>;

export type NameKind = keyof typeof nameLimits;
