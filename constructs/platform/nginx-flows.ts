import { flows, type Flow } from './flows';

/** Port on which a machine with NGINX answers whether servers answer it. */
export const NGINX_HEALTH_PORT = 8404;

/**
 * Every flow of a cluster whose web traffic goes through machines with NGINX: its load balancer reaches them alone, and
 * they alone reach the machines that took the traffic from it before.
 */
export const nginxFlows: readonly Flow[] = [
  ...flows.flatMap((flow) => (isWebTraffic(flow) ? throughNginx(flow) : [withNginx(flow)])),
  {
    name: 'health',
    from: ['web'],
    to: ['nginx'],
    protocol: 'tcp',
    ports: [NGINX_HEALTH_PORT, NGINX_HEALTH_PORT],
    why: 'health checks that fail while no server answers NGINX',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html',
  },
];

function isWebTraffic({ from, to }: Flow): boolean {
  return from.includes('web') && to.includes('ingress');
}

function throughNginx(flow: Flow): Flow[] {
  return [
    { ...flow, to: ['nginx'], why: 'web traffic behind the load balancer' },
    { ...flow, from: ['nginx'], why: 'web traffic that NGINX passes on, its health checks' },
  ];
}

/** Machines with NGINX fetch packages, speak with the cloud and are watched as any other machine is. */
function withNginx(flow: Flow): Flow {
  if (flow.to.includes('world') || flow.to.includes('monitors')) return { ...flow, from: [...flow.from, 'nginx'] };
  return flow.from.includes('monitors') ? { ...flow, to: [...flow.to, 'nginx'] } : flow;
}
