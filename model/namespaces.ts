/** Namespaces that Drover's services make for themselves. */
export const serviceNamespaces = {
  certManager: 'cert-manager',
  ingress: 'ingress',
  monitoring: 'monitoring',
  rancher: 'cattle-system',
  sharedVolumes: 'shared-volumes',
} as const;

/** Beginnings of the namespaces of Kubernetes, of Rancher and of its Fleet, which come and go with their versions. */
const PREFIXES = ['kube-', 'cattle-', 'fleet-'] as const;

const isPrefixed = (name: string): boolean => PREFIXES.some((prefix) => name.startsWith(prefix));

/** Namespaces that others have and that begin with none of the prefixes; every cluster has 'default'. */
const TAKEN: readonly string[] = [...Object.values(serviceNamespaces).filter((it) => !isPrefixed(it)), 'default'];

/** What a name must be so that an application can have the namespace of that name. */
export const FREE_NAMESPACE =
  `must not be a namespace that others have: ${TAKEN.map((it) => `"${it}"`).join(', ')} and all that begin with ` +
  `${PREFIXES.map((it) => `"${it}"`).join(', ')}; rename the application and its file`;

/** Whether an application can have the namespace of that name. */
export const isFreeNamespace = (name: string): boolean => !TAKEN.includes(name) && !isPrefixed(name);
