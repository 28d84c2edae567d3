/** Most that Azure takes as custom data, before base64. */
export const userDataLimit = {
  bytes: 65535,
  source: 'https://learn.microsoft.com/azure/virtual-machines/custom-data',
} as const;
