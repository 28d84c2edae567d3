const base = require('./jest.config.cjs');

/** The checks that deploy the example environment in rehearsal: minutes, one after the other. */
module.exports = {
  ...base,
  testMatch: ['**/rehearsed/*.rehearsal.ts'],
  maxWorkers: 1,
  testTimeout: 600_000,
};
