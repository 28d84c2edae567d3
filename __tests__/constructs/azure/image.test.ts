import { imageOf } from '../../../constructs/azure/image';

test('a version of a marketplace image is named by its four parts', () => {
  expect(imageOf('Canonical:ubuntu-24_04-lts:server:24.04.202606060')).toEqual({
    sourceImageReference: {
      publisher: 'Canonical',
      offer: 'ubuntu-24_04-lts',
      sku: 'server',
      version: '24.04.202606060',
    },
  });
});

test("an image of one's own is named by its id", () => {
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/a/images/b/versions/1.0.0';
  expect(imageOf(id)).toEqual({ sourceImageId: id });
});

test('an image of another platform is refused', () => {
  expect(() => imageOf('ami-0123456789abcdef0')).toThrow(
    "image 'ami-0123456789abcdef0' is none of Azure; write publisher:offer:sku:version, or /subscriptions/...",
  );
});
