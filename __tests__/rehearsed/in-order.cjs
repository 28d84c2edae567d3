const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * Each file can be run alone and in any order. In this one most find the example already deployed: the first needs none,
 * the second takes it away whole, the next two build it up again through interruptions and failures, the next two only
 * look at it. Then come other environments, and one that asks the compiler alone.
 */
const ORDER = [
  'with-terraform',
  'deploy',
  'interruption',
  'faults',
  'canary',
  'broken-stacks',
  'staging',
  'lab',
  'production',
  'imported',
  'machines',
  'further-platform',
];

module.exports = class InOrder extends Sequencer {
  sort(tests) {
    const rank = (test) => ORDER.indexOf(path.basename(test.path, '.rehearsal.ts'));
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
};
