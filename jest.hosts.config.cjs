const base = require('./jest.config.cjs');

/** The checks that run every machine of the example as a real host: minutes, root, and Debian's packages for hosts. */
module.exports = { ...base, testMatch: ['**/*.hosts.ts'], maxWorkers: 1, testTimeout: 1_500_000 };
