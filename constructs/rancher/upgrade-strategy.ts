import type { ClusterV2RkeConfigUpgradeStrategy } from '@cdktf/provider-rancher2/lib/cluster-v2';

/** One server at a time and a tenth of the workers; each node is emptied first and has ten minutes for it. */
export const upgradeStrategy: ClusterV2RkeConfigUpgradeStrategy = {
  controlPlaneConcurrency: '1',
  workerConcurrency: '10%',
  controlPlaneDrainOptions: drain(),
  workerDrainOptions: drain(),
};

function drain(): { enabled: boolean; ignoreDaemonSets: boolean; deleteEmptyDirData: boolean; timeout: number } {
  return { enabled: true, ignoreDaemonSets: true, deleteEmptyDirData: true, timeout: 600 };
}
