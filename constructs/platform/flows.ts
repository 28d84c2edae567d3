/**
 * Whoever takes part in traffic of a cluster. `server` and `worker` are its machines; `ingress` is a machine that takes
 * web traffic besides; `plane` and `web` are load balancers, `nginx` a machine with NGINX behind the latter; `storage` is a
 * machine that keeps the files of the cluster's nodes; `people` may use the cluster's web addresses, `operators` its API;
 * `monitors` watch machines; `bastion` is the platform's way in for people; `world` is everybody. Of a cluster in several sites `home` is the site of its servers and `guest`
 * another one with workers of it: they know each other by the networks of the sites.
 */
export type Role =
  | 'server'
  | 'worker'
  | 'ingress'
  | 'storage'
  | 'plane'
  | 'web'
  | 'nginx'
  | 'people'
  | 'operators'
  | 'monitors'
  | 'bastion'
  | 'home'
  | 'guest'
  | 'world';

/** Traffic that a cluster needs; what is in no flow is refused. */
export interface Flow {
  /** Short and stable: it becomes part of the addresses of rules. */
  readonly name: string;
  /** Who opens the connection. */
  readonly from: readonly Role[];
  /** Who takes it. */
  readonly to: readonly Role[];
  readonly protocol: 'tcp' | 'udp';
  /** First and last port. */
  readonly ports: readonly [first: number, last: number];
  /** What fails without it; becomes the description of the rules. */
  readonly why: string;
  /** Where the need is documented. */
  readonly source: string;
}

const RKE2 = 'https://docs.rke2.io/install/requirements#networking';
const RKE2_HA = 'https://docs.rke2.io/install/ha';
const ZABBIX = 'https://www.zabbix.com/documentation/7.0/en/manual/installation/requirements';
const MACHINES = ['server', 'worker'] as const;

/** Every flow of a cluster. None of them is SSH: sessions go through the platform's own agent, outwards, or its bastion. */
export const flows: readonly Flow[] = [
  {
    name: 'http',
    from: ['people'],
    to: ['web'],
    protocol: 'tcp',
    ports: [80, 80],
    why: 'redirects to HTTPS, certificate challenges',
    source: RKE2_HA,
  },
  {
    name: 'https',
    from: ['people'],
    to: ['web'],
    protocol: 'tcp',
    ports: [443, 443],
    why: 'web traffic, Rancher and its agents',
    source: RKE2_HA,
  },
  {
    name: 'http',
    from: ['web'],
    to: ['ingress'],
    protocol: 'tcp',
    ports: [80, 80],
    why: 'web traffic behind the load balancer, health checks',
    source: RKE2_HA,
  },
  {
    name: 'https',
    from: ['web'],
    to: ['ingress'],
    protocol: 'tcp',
    ports: [443, 443],
    why: 'web traffic behind the load balancer, health checks',
    source: RKE2_HA,
  },
  {
    name: 'api',
    from: ['operators', ...MACHINES],
    to: ['plane'],
    protocol: 'tcp',
    ports: [6443, 6443],
    why: 'Kubernetes API at its fixed address',
    source: RKE2_HA,
  },
  {
    name: 'join',
    from: MACHINES,
    to: ['plane'],
    protocol: 'tcp',
    ports: [9345, 9345],
    why: 'registration at the fixed address',
    source: RKE2_HA,
  },
  {
    name: 'api',
    from: ['plane', ...MACHINES],
    to: ['server'],
    protocol: 'tcp',
    ports: [6443, 6443],
    why: 'Kubernetes API; nodes go to each server directly once they have joined',
    source: RKE2,
  },
  {
    name: 'join',
    from: ['plane', ...MACHINES],
    to: ['server'],
    protocol: 'tcp',
    ports: [9345, 9345],
    why: 'RKE2 supervisor: registration, certificates, tunnels',
    source: RKE2,
  },
  {
    name: 'etcd',
    from: ['server'],
    to: ['server'],
    protocol: 'tcp',
    ports: [2379, 2380],
    why: 'etcd clients and peers',
    source: RKE2,
  },
  {
    name: 'etcd-metrics',
    from: MACHINES,
    to: ['server'],
    protocol: 'tcp',
    ports: [2381, 2381],
    why: 'metrics of etcd for Prometheus',
    source: RKE2,
  },
  {
    name: 'kubelet',
    from: MACHINES,
    to: MACHINES,
    protocol: 'tcp',
    ports: [10250, 10250],
    why: 'kubelet: logs, exec, metrics',
    source: RKE2,
  },
  {
    name: 'overlay',
    from: MACHINES,
    to: MACHINES,
    protocol: 'udp',
    ports: [8472, 8472],
    why: 'pod traffic in VXLAN (Canal)',
    source: RKE2,
  },
  {
    name: 'overlay-health',
    from: MACHINES,
    to: MACHINES,
    protocol: 'tcp',
    ports: [9099, 9099],
    why: 'health checks of Canal',
    source: RKE2,
  },
  {
    name: 'node-metrics',
    from: MACHINES,
    to: MACHINES,
    protocol: 'tcp',
    ports: [9100, 9100],
    why: 'metrics of the node exporter, which has no address of its own',
    source: 'https://github.com/prometheus/node_exporter#installation-and-usage',
  },
  {
    name: 'agent',
    from: ['monitors'],
    to: MACHINES,
    protocol: 'tcp',
    ports: [10050, 10050],
    why: 'Zabbix asks the agents',
    source: ZABBIX,
  },
  {
    name: 'agent-reports',
    from: MACHINES,
    to: ['monitors'],
    protocol: 'tcp',
    ports: [10051, 10051],
    why: 'agents register and tell Zabbix',
    source: ZABBIX,
  },
  {
    name: 'packages',
    from: MACHINES,
    to: ['world'],
    protocol: 'tcp',
    ports: [80, 80],
    why: 'package mirrors of the distributions, which sign their content',
    source: 'https://documentation.ubuntu.com/server/how-to/software/package-management/',
  },
  {
    name: 'internet',
    from: MACHINES,
    to: ['world'],
    protocol: 'tcp',
    ports: [443, 443],
    why: 'images, cloud APIs, Rancher',
    source: RKE2,
  },
];
