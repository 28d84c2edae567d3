/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // not in the folder for temporary files, which goes with a run of all checks
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // ends a test that hangs; programs that a test starts are slow where the machine is busy
  testTimeout: 60_000,
  setupFiles: ['<rootDir>/tools/no-token-traces.cjs', '<rootDir>/tools/plain-values.cjs'],
  modulePathIgnorePatterns: ['<rootDir>/.drover', '<rootDir>/cdktf.out', '<rootDir>/dist'],
};
