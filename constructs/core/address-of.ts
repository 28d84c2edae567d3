import type { TerraformResource } from 'cdktf';

/**
 * Address of a resource as bare text, for `replaceTriggeredBy`: Terraform takes no `${}` there, and cdktf 0.21 writes
 * one around a resource that is given as an object.
 */
export function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}
