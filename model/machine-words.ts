/** Whether a machine's type is a size of Azure. */
export function isAzureSize(instanceType: string): boolean {
  return instanceType.startsWith('Standard_');
}

/** Whether an image is one of Azure: a version of a marketplace image, or the id of an image of one's own. */
export function isAzureImage(image: string): boolean {
  return image.includes(':') || image.startsWith('/subscriptions/');
}
