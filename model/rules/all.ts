import {
  allowedCidrsAligned,
  allowedCidrsDistinct,
  letsEncryptOpen,
  openOnlyForLetsEncrypt,
  publicInPublicZone,
  publicLetsSomebodyIn,
  webHasIngressNodes,
  worldOnlyInPublic,
} from './exposure';
import { labelsNotReserved, nodeLabelsTakenByKubelet, tagsNotReserved, taintsNotReserved } from './labels';
import { imageFitsInstanceType, mixedTypesOfOneArchitecture } from './machines';
import { domainInZone, hostnameInZone, managementReserved } from './names';
import {
  ingressHasNodes,
  minSizeWithinMax,
  mixedTypesDistinct,
  nodeGroupNamesFree,
  onDemandBaseWithinMax,
  taintsDistinct,
} from './node-groups';
import { nginxRenewWithinCount } from './nginx';
import {
  dnsOfPlatform,
  imageOfPlatform,
  instanceTypeOfPlatform,
  loadBalancerOfPlatform,
  mixedOfPlatform,
  secretsOfPlatform,
  sitesOfOnePlatform,
  tagsOfPlatform,
  timesOfPlatform,
} from './platforms';
import type { Rule } from './rule';
import { addressesWithinCount, renewWithinCount, serverAddressesDistinct, serverAddressInSubnet } from './servers';
import {
  siteCidrAligned,
  siteCidrOffClusterNetworks,
  siteCidrPrivate,
  siteCidrsApart,
  siteCidrSize,
  siteExists,
  zonesDistinct,
} from './sites';
import { stateBucketWithoutDots, stateKeyInRegion } from './state';
import { storageAddressesDistinct, storageAddressInSubnet } from './storage';
import { kubernetesFitsRancher, rancherVersionFitsProvider, rancherVersionKnown } from './versions';
import { zabbixKeyInParameter, zabbixKeyInVault } from './zabbix';

/** Every rule between fields. Each has a case of its name in the corpus of invalid environments. */
export const rules: readonly Rule[] = [
  stateBucketWithoutDots,
  stateKeyInRegion,
  domainInZone,
  hostnameInZone,
  managementReserved,
  siteExists,
  siteCidrSize,
  siteCidrAligned,
  siteCidrPrivate,
  siteCidrsApart,
  siteCidrOffClusterNetworks,
  zonesDistinct,
  sitesOfOnePlatform,
  dnsOfPlatform,
  secretsOfPlatform,
  publicInPublicZone,
  letsEncryptOpen,
  openOnlyForLetsEncrypt,
  allowedCidrsAligned,
  allowedCidrsDistinct,
  worldOnlyInPublic,
  publicLetsSomebodyIn,
  webHasIngressNodes,
  rancherVersionKnown,
  rancherVersionFitsProvider,
  kubernetesFitsRancher,
  renewWithinCount,
  addressesWithinCount,
  serverAddressInSubnet,
  serverAddressesDistinct,
  storageAddressInSubnet,
  storageAddressesDistinct,
  loadBalancerOfPlatform,
  nginxRenewWithinCount,
  instanceTypeOfPlatform,
  imageOfPlatform,
  imageFitsInstanceType,
  minSizeWithinMax,
  nodeGroupNamesFree,
  onDemandBaseWithinMax,
  mixedTypesDistinct,
  mixedTypesOfOneArchitecture,
  mixedOfPlatform,
  timesOfPlatform,
  ingressHasNodes,
  labelsNotReserved,
  nodeLabelsTakenByKubelet,
  taintsNotReserved,
  taintsDistinct,
  tagsNotReserved,
  tagsOfPlatform,
  zabbixKeyInParameter,
  zabbixKeyInVault,
];
