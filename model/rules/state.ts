import { notAllowed } from '../problem';
import type { Rule } from './rule';

export const stateKeyInRegion: Rule = {
  id: 'state-key-in-region',
  check: ({ state }) => {
    if (state.kind !== 's3') return [];
    const { kmsKeyId, region } = state;
    const keyRegion = /^arn:[^:]+:kms:([^:]+):/.exec(kmsKeyId ?? '')?.[1];
    return keyRegion === undefined || keyRegion === region
      ? []
      : [notAllowed(['state', 'kmsKeyId'], kmsKeyId, `must be a key of the bucket's region ("${region}")`)];
  },
};

export const stateKeyOnAws: Rule = {
  id: 'state-key-on-aws',
  check: ({ state }) =>
    state.kind !== 's3' || state.kmsKeyId !== undefined || state.endpoint !== undefined
      ? []
      : [{ path: ['state', 'kmsKeyId'], text: 'is missing: must be a KMS alias (alias/...) or key ARN' }],
};

export const stateBucketWithoutDots: Rule = {
  id: 'state-bucket-without-dots',
  check: ({ state }) =>
    state.kind === 's3' && state.bucket.includes('.')
      ? [notAllowed(['state', 'bucket'], state.bucket, 'must have no dots: the certificate of S3 does not cover them')]
      : [],
};
