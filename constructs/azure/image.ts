import { notAnImage } from './errors';

/** A version of a marketplace image. */
export interface ImageReference {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

/** The image that a specification names: an id of one's own, or a version of a marketplace image. */
export function imageOf(image: string): { sourceImageId: string } | { sourceImageReference: ImageReference } {
  if (image.startsWith('/subscriptions/')) return { sourceImageId: image };
  const [publisher, offer, sku, version] = image.split(':');
  if (publisher === undefined || offer === undefined || sku === undefined || version === undefined) {
    throw notAnImage(image);
  }
  return { sourceImageReference: { publisher, offer, sku, version } };
}
