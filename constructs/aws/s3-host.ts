/**
 * Host of a bucket, addressed by its own name; a region's name tells its partition, so that it is known at synth.
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export function s3Host(bucket: string, region: string): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${bucket}.s3.${region}.${domain}`;
}
