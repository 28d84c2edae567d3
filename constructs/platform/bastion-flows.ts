import type { Flow } from './flows';

/** What people open to machines through the platform's bastion, where a site has one. */
export const bastionFlows: readonly Flow[] = [
  {
    name: 'ssh',
    from: ['bastion'],
    to: ['server', 'worker', 'storage'],
    protocol: 'tcp',
    ports: [22, 22],
    why: 'sessions of people through the bastion of the site',
    source: 'https://learn.microsoft.com/azure/bastion/bastion-nsg',
  },
];
