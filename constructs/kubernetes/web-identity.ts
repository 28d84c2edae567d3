/** Folder in which the pod finds its token. */
const FOLDER = '/var/run/secrets/drover/aws';

/** Audience that the roles of service accounts ask for. */
const AUDIENCE = 'sts.amazonaws.com';

/** Seconds that a token lives; the kubelet renews it in time. */
const TOKEN_LIFE_SEC = 3600;

/** How a pod wears a role of AWS: a token of its service account, and where the SDK finds it. */
export interface WebIdentity {
  readonly volume: object;
  readonly mount: object;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What EKS puts into a pod by itself, for clusters that are not EKS. The region is said, because pods do not reach the
 * machine's metadata.
 */
export function webIdentity(roleArn: string, region: string): WebIdentity {
  return {
    volume: {
      name: 'aws-token',
      projected: {
        sources: [{ serviceAccountToken: { path: 'token', audience: AUDIENCE, expirationSeconds: TOKEN_LIFE_SEC } }],
      },
    },
    mount: { name: 'aws-token', mountPath: FOLDER, readOnly: true },
    env: {
      AWS_REGION: region,
      AWS_ROLE_ARN: roleArn,
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_WEB_IDENTITY_TOKEN_FILE: `${FOLDER}/token`,
    },
  };
}
