/** Most that EC2 takes as user data, before base64. */
export const userDataLimit = {
  bytes: 16 * 1024,
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
} as const;
