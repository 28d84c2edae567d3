/** Folder in which the pod finds its token. */
const FOLDER = '/var/run/secrets/drover/azure';

/** Audience that the identities of service accounts ask for. */
const AUDIENCE = 'api://AzureADTokenExchange';

/** Seconds that a token lives; the kubelet renews it in time. */
const TOKEN_LIFE_SEC = 3600;

/** How a pod takes an identity of Azure: a token of its service account, and where the SDK finds it. */
export interface AzureIdentity {
  readonly volume: object;
  readonly mount: object;
  readonly env: Readonly<Record<string, string>>;
}

/** What AKS puts into a pod by itself, for clusters that are not AKS. */
export function azureIdentity(clientId: string, tenantId: string): AzureIdentity {
  return {
    volume: {
      name: 'azure-token',
      projected: {
        sources: [{ serviceAccountToken: { path: 'token', audience: AUDIENCE, expirationSeconds: TOKEN_LIFE_SEC } }],
      },
    },
    mount: { name: 'azure-token', mountPath: FOLDER, readOnly: true },
    env: {
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: tenantId,
      AZURE_FEDERATED_TOKEN_FILE: `${FOLDER}/token`,
    },
  };
}
