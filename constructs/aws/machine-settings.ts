/**
 * Metadata of a machine: with a session token only, and out of reach of pods. Tags stay out of it: with them, EC2 refuses
 * tag keys that hold a slash, such as the cluster's own.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 */
export function metadataOptions(): {
  httpEndpoint: string;
  httpTokens: string;
  httpPutResponseHopLimit: number;
  instanceMetadataTags: string;
} {
  return {
    httpEndpoint: 'enabled',
    httpTokens: 'required',
    httpPutResponseHopLimit: 1,
    instanceMetadataTags: 'disabled',
  };
}

/** An encrypted root disk of that many GiB. */
export function systemDisk(
  sizeGiB: number,
  kmsKeyArn: string,
): { volumeType: string; volumeSize: number; encrypted: boolean; kmsKeyId: string } {
  return { volumeType: 'gp3', volumeSize: sizeGiB, encrypted: true, kmsKeyId: kmsKeyArn };
}
