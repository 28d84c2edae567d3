const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Each file can be run alone; in this order one deploy is enough for all, and the last takes it away. */
const ORDER = ['deploy', 'application', 'faults', 'down', 'metal'];

module.exports = class InOrder extends Sequencer {
  sort(tests) {
    const rank = (test) => ORDER.indexOf(path.basename(test.path, '.hosts.ts'));
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
};
