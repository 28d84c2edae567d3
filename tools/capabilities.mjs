/** The platforms in the order of the page's columns. */
export const PLATFORMS = [
  { id: 'aws', title: 'AWS' },
  { id: 'azure', title: 'Azure' },
  { id: 'metal', title: 'metal' },
];

const none = (reason) => ({ none: reason });
/** The same answer under the same name on all platforms. */
const everywhere = (name, file) => ({ name, aws: file, azure: file, metal: file });
const onClouds = (name, file, reason) => ({ name, aws: file, azure: file, metal: none(reason) });

/** What a platform team may ask of a platform, and the construct that answers. */
export const CAPABILITIES = [
  everywhere('network of a site', 'network'),
  onClouds('way out', 'egress', 'As it is: the site says from which addresses its hosts come (`egressCidrs`).'),
  {
    name: 'private ways to the cloud',
    aws: 'endpoints',
    azure: none('None: services are let in by their firewalls.'),
    metal: none('None: there is no cloud.'),
  },
  everywhere('who may reach whom', 'cluster-security'),
  {
    name: 'way in for people',
    aws: none('Sessions of Systems Manager, which machines open outwards.'),
    azure: 'bastion',
    metal: none('SSH from the site and its bastion, which exist.'),
  },
  {
    name: 'record of traffic',
    aws: 'flow-logs',
    azure: none('Not made: it needs a Network Watcher of the subscription.'),
    metal: none("Not made: it is the switches' task."),
  },
  {
    name: 'load balancer of the API',
    aws: 'plane-load-balancer',
    azure: 'plane-load-balancer',
    metal: 'load-balancer',
  },
  { name: 'load balancer of the web', aws: 'web-load-balancer', azure: 'web-load-balancer', metal: 'load-balancer' },
  {
    name: 'NGINX before Rancher',
    aws: 'nginx-machines',
    azure: none('Refused: the load balancer leads straight to the servers.'),
    metal: 'load-balancer',
  },
  onClouds('names', 'dns-record', 'Told as the output `names`; somebody else writes them (`dns.manual`).'),
  everywhere('servers', 'servers'),
  { name: 'identity of a server', aws: 'server', azure: 'server', metal: 'host' },
  onClouds(
    'renewal of a server',
    'renewals',
    'By a change of what it is brought, one server after the other; its disk stays.',
  ),
  onClouds('report of a server', 'readiness', 'The connection stays until the bootstrap has ended.'),
  everywhere('beginning a cluster once', 'initialised-marker'),
  everywhere('node groups', 'node-group'),
  everywhere('node groups of clusters of other sites', 'guests'),
  onClouds('scaling', 'scaling-group', 'Refused: hosts are there or not. A host more is a line of data.'),
  {
    name: 'end of a worker',
    aws: 'lifecycle-hooks',
    azure: none('Announced by the scale set 5 to 15 minutes before; the worker evicts its pods and agrees.'),
    metal: 'roster',
  },
  everywhere('identity of a machine', 'machine-role'),
  onClouds('identity of pods', 'pod-identity', 'None: applications bring their own secrets.'),
  everywhere('secrets', 'secret-store'),
  {
    name: 'key or vault of a site',
    aws: 'site-key',
    azure: 'site-vault',
    metal: none('A Vault that exists, outside of the fleet (`secrets.kind: vault`).'),
  },
  { name: 'scripts of the machines', aws: 'bundle-store', azure: 'bundle', metal: 'bundle' },
  everywhere('files that nodes share', 'storage-nodes'),
  everywhere('machines that are no nodes', 'machines'),
  {
    name: 'snapshots of etcd',
    aws: 'snapshot-bucket',
    azure: 'snapshot-copies',
    metal: none(
      "RKE2 takes them to a store of one's own, if the site names one (`sites.<name>.snapshots`, which Azure knows too); else they stay on the data disks.",
    ),
  },
  {
    name: 'look before the first change',
    aws: none('Not needed: machines are made new.'),
    azure: none('Not needed: machines are made new.'),
    metal: 'preflight',
  },
];
