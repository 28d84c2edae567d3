import type { GlusterSettings } from './gluster-settings';

/**
 * Settings of a machine, written to `/etc/drover/bootstrap.env`. Names and meanings: `userdata/README.md`.
 * Never a secret: only the names of parameters that hold one. `STEPS` is added when user data is rendered.
 */
export interface BootstrapEnv extends GlusterSettings {
  /** Environment, such as `production`. */
  readonly DROVER_ENV: string;
  /** Platform: `aws`, `azure`, `metal`. */
  readonly DROVER_CLOUD: string;
  /** Region of the identity, as in every tag and label. */
  readonly DROVER_REGION: string;
  /** Cluster; `management` for the one that runs Rancher. @default - a machine of a site, which is in none */
  readonly DROVER_CLUSTER?: string;
  readonly DROVER_SITE: string;
  /** Platform of the machine, where its cluster's home is on another one. @default DROVER_CLOUD */
  readonly DROVER_PLATFORM?: string;
  /** `nginx` passes traffic on, `storage` keeps files, `machine` is what its hooks make of it: none of them is a node. */
  readonly DROVER_ROLE: 'server' | 'worker' | 'nginx' | 'storage' | 'machine';
  /** Fixed node name. @default - the machine's own host name */
  readonly DROVER_NODE?: string;
  readonly DROVER_NODE_GROUP?: string;
  /** On metal: the host's name and its address in the site. */
  readonly HOST_NAME?: string;
  readonly HOST_ADDRESS?: string;

  /** HTTPS address of the bundle: in S3 with its `versionId`, or a blob. @default - it was brought by SSH */
  readonly BUNDLE_URL?: string;
  /** SHA-256 of the bundle, lower-case hex. */
  readonly BUNDLE_SHA256: string;
  /** Region that signs requests. */
  readonly REGION: string;
  /**
   * ARN or id of the key of the secure parameters that the machine writes. Without it SSM would encrypt a published value
   * with the account's own key, which readers of the site's key can't use.
   * @default - the account's own key
   */
  readonly KMS_KEY_ID?: string;

  /** Address of the proxy for http, without a password. @default - none */
  readonly HTTP_PROXY?: string;
  /** Address of the proxy for https, without a password. @default - none */
  readonly HTTPS_PROXY?: string;
  /** Comma-separated names, domains and networks that are reached without it; the cluster's own are added. */
  readonly NO_PROXY?: string;
  /** Address that stands for the host of every package source. @default - the image's own sources */
  readonly PACKAGE_MIRROR?: string;
  /** Space-separated `registry=address[,address...]`. */
  readonly REGISTRY_MIRRORS?: string;
  /** Space-separated `host=secret`; the secret is JSON with any of `username`, `password`, `ca`. */
  readonly REGISTRY_SECRETS?: string;

  /** Where the secrets lie that settings name. @default ssm */
  readonly SECRET_STORE?: 'ssm' | 'keyvault' | 'vault' | 'file';
  readonly KEY_VAULT_URL?: string;
  /** Client id of a user-assigned identity. @default - the machine's only one */
  readonly KEY_VAULT_IDENTITY?: string;
  readonly VAULT_ADDR?: string;
  /** Id of the AppRole; its secret lies in a file of the machine. */
  readonly VAULT_ROLE_ID?: string;
  /** @default /etc/drover/vault-secret-id */
  readonly VAULT_SECRET_ID_FILE?: string;
  /** @default approle */
  readonly VAULT_APPROLE_MOUNT?: string;
  /** @default - the first part of a secret's name */
  readonly VAULT_MOUNT?: string;
  readonly VAULT_NAMESPACE?: string;
  /** @default - the system's trust */
  readonly VAULT_CA_FILE?: string;
  /** @default /etc/drover/secrets */
  readonly SECRET_DIRECTORY?: string;

  /** The data disk: `vol-...` (EBS), `serial:...`, `lun:...` (Azure) or `path:/dev/disk/...`. */
  readonly DATA_VOLUME_ID?: string;
  /** Folder in which it is mounted. @default /mnt/drover-data */
  readonly DATA_MOUNT?: string;
  /** @default - any */
  readonly DOCKER_VERSION?: string;
  /** @default - docker-ce with a repository, else the distribution's */
  readonly DOCKER_PACKAGE?: string;
  /** For apt `https://host/path suite component`, for zypper a base address. @default - the distribution's */
  readonly DOCKER_REPOSITORY?: string;
  readonly DOCKER_KEY_URL?: string;
  readonly DOCKER_KEY_SHA256?: string;
  /** Disk of its own for `/var/lib/docker`, as in `DATA_VOLUME_ID`. */
  readonly DOCKER_DISK?: string;

  /** Comma-separated servers and proxies that may ask the agent. */
  readonly ZABBIX_SERVER?: string;
  /** Servers that the agent tells. @default - ZABBIX_SERVER */
  readonly ZABBIX_SERVER_ACTIVE?: string;
  /** Secret with the pre-shared key. */
  readonly ZABBIX_PSK_PARAMETER?: string;
  readonly ZABBIX_PSK_IDENTITY?: string;
  /** @default - any */
  readonly ZABBIX_VERSION?: string;
  /** @default - the distribution's */
  readonly ZABBIX_REPOSITORY?: string;
  readonly ZABBIX_KEY_URL?: string;
  readonly ZABBIX_KEY_SHA256?: string;

  /** Release such as `v1.35.4`. */
  readonly KUBECTL_VERSION?: string;
  /** Folder that holds a folder a release. @default https://dl.k8s.io/release */
  readonly KUBECTL_URL?: string;
  /** @default - the checksum that the release publishes */
  readonly KUBECTL_SHA256_AMD64?: string;
  /** @default - the checksum that the release publishes */
  readonly KUBECTL_SHA256_ARM64?: string;

  /** Space-separated `protocol:port:network[,network...]`, the port a number or `first-last`. */
  readonly FIREWALL_RULES?: string;
  /** Comma-separated networks that SSH comes from. */
  readonly FIREWALL_SSH_FROM?: string;
  /** @default 22 */
  readonly FIREWALL_SSH_PORT?: string;

  /** Addresses of the servers that NGINX passes traffic on to, space-separated. @default - those in the parameter */
  readonly NGINX_SERVERS?: string;
  /** Space-separated. @default 80 443 */
  readonly NGINX_PORTS?: string;
  /** Where the addresses stand, space-separated, if they change by themselves. */
  readonly NGINX_SERVERS_PARAMETER?: string;
  readonly NGINX_HEALTH_PORT?: string;
  /** @default - any */
  readonly NGINX_VERSION?: string;

  /** The virtual address with its prefix length. */
  readonly KEEPALIVED_ADDRESS?: string;
  /** Addresses of the other hosts that may hold it, space-separated. */
  readonly KEEPALIVED_PEERS?: string;
  /** 1 to 255, one for each virtual address of a network. */
  readonly KEEPALIVED_ROUTER_ID?: string;
  /** 1 to 254; the highest has the address first. */
  readonly KEEPALIVED_PRIORITY?: string;

  /** Space-separated `key=value`. */
  readonly NODE_LABELS?: string;
  /** Space-separated `key=value:Effect`. */
  readonly NODE_TAINTS?: string;
  /** Who sets the node's provider id: `self` through the kubelet, or the cloud controller manager. @default ccm */
  readonly PROVIDER_ID_BY?: 'self' | 'ccm';
  /** Who labels the node with its region, zone and type: `self` as it registers, or the cloud controller manager. @default ccm */
  readonly TOPOLOGY_BY?: 'self' | 'ccm';
  /** RKE2's CIS profile. @default - none */
  readonly CIS_PROFILE?: string;

  /** Host under which servers are joined (9345) and the API answers (6443). */
  readonly REGISTRATION_ADDRESS?: string;
  /** Whether this is the one server that may begin the cluster. */
  readonly INITIALISER?: 'true' | 'false';
  /** SSM parameter or address of a blob that the first server creates, and nobody else ever. */
  readonly CLAIM_INITIALISED?: string;
  readonly JOIN_SECRET_PARAMETER?: string;
  /** Secret of the CA hash: every server reads it, the publishing one writes it. */
  readonly PUBLISH_CA_HASH?: string;
  /** Secret for the deploying account as JSON `{host, token, ca}`. */
  readonly PUBLISH_DEPLOYER?: string;
  /** Release such as `v1.35.7+rke2r1`. */
  readonly RKE2_VERSION?: string;
  /** Folder that holds a folder a release. @default https://github.com/rancher/rke2/releases/download */
  readonly RKE2_ARTIFACT_URL?: string;
  /** @default - the checksum that the release publishes */
  readonly RKE2_SHA256_AMD64?: string;
  /** @default - the checksum that the release publishes */
  readonly RKE2_SHA256_ARM64?: string;
  /** When etcd snapshots are taken, UTC. @default - RKE2's own, or a file of configuration */
  readonly ETCD_SNAPSHOT_CRON?: string;
  /** Snapshots that are kept. */
  readonly ETCD_SNAPSHOT_RETENTION?: string;
  /** Further names of the API, space-separated. */
  readonly TLS_SANS?: string;
  /** @default traefik */
  readonly INGRESS_CONTROLLER?: 'traefik' | 'none';
  /** HTTPS address of the cluster's token issuer. It can never change. @default - RKE2's own */
  readonly OIDC_ISSUER?: string;
  /** Bucket for the issuer's discovery document and keys; on Azure the address of the storage account. */
  readonly OIDC_BUCKET?: string;

  readonly RANCHER_URL?: string;
  readonly RANCHER_TOKEN_PARAMETER?: string;
  /** SSM parameter with the SHA-256 of Rancher's CA; its value is `none` for a public CA. */
  readonly RANCHER_CHECKSUM_PARAMETER?: string;
  /** Space-separated: `etcd`, `controlplane`, `worker`. */
  readonly NODE_ROLES?: string;

  /** Scaling group of the machine. */
  readonly ASG_NAME?: string;
  /** Its launch hook. */
  readonly LIFECYCLE_HOOK?: string;
  /** Its termination hook. */
  readonly LIFECYCLE_LEAVE_HOOK?: string;
  /** HTTPS address of the container for copies of etcd snapshots, without a closing slash. */
  readonly SNAPSHOT_CONTAINER?: string;
  /** `host` or `host:port` of the store for etcd snapshots that speaks the protocol of S3. */
  readonly SNAPSHOT_S3_ENDPOINT?: string;
  readonly SNAPSHOT_S3_BUCKET?: string;
  readonly SNAPSHOT_S3_REGION?: string;
  /** Folder of this cluster in the bucket. */
  readonly SNAPSHOT_S3_FOLDER?: string;
  /** Snapshots that are kept there, of all servers together. */
  readonly SNAPSHOT_S3_RETENTION?: string;
  /** Secret with the access key. */
  readonly SNAPSHOT_S3_ACCESS_KEY?: string;
  /** Secret with the secret key. */
  readonly SNAPSHOT_S3_SECRET_KEY?: string;
  /** CA of the store: PEM in base64, on one line. @default - the system's trust */
  readonly SNAPSHOT_S3_CA?: string;
  /** Time for pods to go when the machine leaves, in seconds. @default 100 */
  readonly LEAVE_DEADLINE_SEC?: string;

  /** Deadlines of single waits, in seconds. @default - each step's own, in its head */
  readonly SNAPSHOT_COPY_SEC?: string;
  readonly DISK_DEADLINE_SEC?: string;
  readonly PACKAGE_DEADLINE_SEC?: string;
  readonly GLUSTER_DEADLINE_SEC?: string;
  readonly GLUSTER_GATE_SEC?: string;
  readonly GLUSTER_HEAL_DEADLINE_SEC?: string;
  readonly JOIN_DEADLINE_SEC?: string;
  readonly ENTER_DEADLINE_SEC?: string;
  readonly START_DEADLINE_SEC?: string;
  readonly HEALTH_DEADLINE_SEC?: string;
}

/** Name of a setting. */
export type SettingName = keyof BootstrapEnv;
