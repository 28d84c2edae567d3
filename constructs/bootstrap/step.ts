import type { BootstrapEnv, SettingName } from './env';
import { missingSettings } from './errors';

/** A step of the bootstrap: a script of that name in `userdata/steps`. */
export type StepName =
  | '05-proxy'
  | '10-host'
  | '12-pod-metadata'
  | '14-firewall'
  | '15-registries'
  | '20-data-disk'
  | '25-gluster-server'
  | '30-docker'
  | '35-zabbix-agent'
  | '40-join-secret'
  | '45-gluster-client'
  | '50-rke2-install'
  | '55-kubectl'
  | '58-snapshot-store'
  | '60-rancher-agent'
  | '60-rke2-server'
  | '61-publish'
  | '65-nginx'
  | '66-keepalived'
  | '70-snapshot-copies'
  | '75-gluster-heal'
  | '80-health'
  | '85-leaving'
  | '90-complete';

/** Settings without which a step stops with exit code 2; what each script passes to `require` first. */
export const STEP_NEEDS: Readonly<Record<StepName, readonly SettingName[]>> = {
  '05-proxy': [],
  '10-host': ['DROVER_ROLE'],
  '12-pod-metadata': [],
  '14-firewall': ['FIREWALL_SSH_FROM'],
  '15-registries': [],
  '20-data-disk': ['DATA_VOLUME_ID'],
  '25-gluster-server': ['GLUSTER_BRICKS', 'GLUSTER_PEERS', 'GLUSTER_SELF'],
  '30-docker': [],
  '35-zabbix-agent': ['ZABBIX_SERVER', 'ZABBIX_PSK_PARAMETER', 'ZABBIX_PSK_IDENTITY'],
  '40-join-secret': ['JOIN_SECRET_PARAMETER'],
  '45-gluster-client': ['GLUSTER_VOLUME', 'GLUSTER_SERVERS'],
  '50-rke2-install': ['RKE2_VERSION'],
  '55-kubectl': ['KUBECTL_VERSION'],
  '58-snapshot-store': [
    'SNAPSHOT_S3_ENDPOINT',
    'SNAPSHOT_S3_BUCKET',
    'SNAPSHOT_S3_REGION',
    'SNAPSHOT_S3_FOLDER',
    'SNAPSHOT_S3_RETENTION',
    'SNAPSHOT_S3_ACCESS_KEY',
    'SNAPSHOT_S3_SECRET_KEY',
  ],
  '60-rancher-agent': ['RANCHER_URL', 'REGION', 'RANCHER_TOKEN_PARAMETER', 'RANCHER_CHECKSUM_PARAMETER', 'NODE_ROLES'],
  '60-rke2-server': [
    'DROVER_NODE',
    'REGION',
    'REGISTRATION_ADDRESS',
    'INITIALISER',
    'CLAIM_INITIALISED',
    'PUBLISH_CA_HASH',
  ],
  '61-publish': ['REGION'],
  '65-nginx': ['NGINX_HEALTH_PORT'],
  '66-keepalived': [
    'KEEPALIVED_ADDRESS',
    'KEEPALIVED_PEERS',
    'KEEPALIVED_ROUTER_ID',
    'KEEPALIVED_PRIORITY',
    'HOST_ADDRESS',
    'NGINX_HEALTH_PORT',
  ],
  '70-snapshot-copies': ['SNAPSHOT_CONTAINER', 'DROVER_CLUSTER', 'DROVER_NODE'],
  '75-gluster-heal': ['GLUSTER_VOLUME'],
  '80-health': [],
  '85-leaving': ['REGION'],
  '90-complete': ['REGION', 'LIFECYCLE_HOOK', 'ASG_NAME'],
};

/**
 * Refuses at synth what would stop the bootstrap minutes after a machine was paid for.
 * @param what the machine, for the message
 * @throws naming the step and all settings that it lacks
 */
export function checkSettings(env: BootstrapEnv, steps: readonly StepName[], what: string): void {
  for (const step of steps) {
    const missing = STEP_NEEDS[step].filter((name) => (env[name] ?? '') === '');
    if (missing.length > 0) throw missingSettings(step, missing, what);
  }
}
