import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { identityOf, tagsOf } from '../../model/identity';
import { physicalName } from '../../model/naming';
import { clusterTag } from './cluster-tag';
import { imageId } from './image';
import type { MachineRole } from './machine-role';
import { metadataOptions, systemDisk } from './machine-settings';
import type { MachineOwner } from './machine-statements';
import type { GroupDescription } from '../bootstrap/node-labels';

/** What the machines of a group are made of. */
export interface WorkerTemplateProps extends MachineOwner, GroupDescription {
  readonly role: MachineRole;
  readonly securityGroupIds: readonly string[];
  /** Cloud-config of a machine. */
  readonly userData: string;
}

/**
 * Root device of the images that Drover supports (Ubuntu, SUSE). Under another name the group would add a second disk
 * and leave the root as the image has it.
 */
const ROOT_DEVICE = '/dev/sda1';

/** Launch template of a node group; each change makes a version, and the group names exactly one. */
export class WorkerTemplate extends Construct {
  public readonly templateId: string;
  /** Version that this program made, as text. */
  public readonly version: string;

  public constructor(scope: Construct, id: string, props: WorkerTemplateProps) {
    super(scope, id);
    const { environment, clusterName, groupName, network, spec } = props;
    const { machine } = spec;
    const parts = [environment.name, clusterName, groupName];
    const template = new LaunchTemplate(this, 'template', {
      name: physicalName('awsLaunchTemplate', ['drover', ...parts]),
      imageId: imageId(this, 'image', machine.image),
      instanceType: machine.instanceType,
      iamInstanceProfile: { arn: props.role.profileArn },
      userData: Fn.base64encode(props.userData),
      ebsOptimized: 'true',
      monitoring: { enabled: true },
      metadataOptions: metadataOptions(),
      blockDeviceMappings: [{ deviceName: ROOT_DEVICE, ebs: rootDisk(machine.rootDiskGiB, network.kmsKeyArn) }],
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: 'false',
          deleteOnTermination: 'true',
          securityGroups: [...props.securityGroupIds],
        },
      ],
      // The provider's default tags stop at the template: its machines and disks get theirs here.
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: {
          ...tagsOf(identityOf(environment, clusterName), environment.tags),
          Name: physicalName('kubernetesName', parts),
          'drover:node-group': groupName,
          ...(resourceType === 'instance'
            ? {
                ...clusterTag(environment, clusterName),
                'drover:bundle': network.bundle.sha256,
                'drover:image': machine.image,
              }
            : {}),
        },
      })),
    });
    this.templateId = template.id;
    // A number in a template string would lose its reference.
    this.version = Token.asString(template.latestVersion);
  }
}

/** Switches of a launch template are words. */
function rootDisk(
  sizeGiB: number,
  kmsKeyArn: string,
): { volumeType: string; volumeSize: number; kmsKeyId: string; encrypted: string; deleteOnTermination: string } {
  return { ...systemDisk(sizeGiB, kmsKeyArn), encrypted: 'true', deleteOnTermination: 'true' };
}
