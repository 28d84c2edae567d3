import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import type { Construct } from 'constructs';

/** Id of the image that a specification names: given as it is, or read from the vendor's public parameter. */
export function imageId(scope: Construct, id: string, image: string): string {
  if (image.startsWith('ami-')) return image;
  // Not `value`: the provider marks it as sensitive, and the plan of a machine would not show its image.
  return new DataAwsSsmParameter(scope, id, { name: image }).insecureValue;
}
