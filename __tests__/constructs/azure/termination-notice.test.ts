import { leaveDeadlineSec, noticeMinutes } from '../../../constructs/azure/termination-notice';

test.each([
  [0, 5],
  [300, 5],
  [301, 6],
  [600, 10],
  [900, 15],
  [3600, 15],
])('pods that may take %i s get a notice of %i min, as far as Azure gives one', (drainTimeoutSec, minutes) => {
  expect(noticeMinutes(drainTimeoutSec)).toBe(minutes);
});

test('pods are given up half a minute before the machine is, whatever they ask for', () => {
  expect([0, 300, 600, 3600].map(leaveDeadlineSec)).toEqual([270, 270, 570, 870]);
});
