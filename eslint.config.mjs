import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';

/** Who may import whom. Each zone says why, and the reason is what the linter prints. */
const zones = [
  [
    'model',
    ['constructs', 'stacks', 'review', 'rehearsal', 'cli'],
    'model is pure data and rules: everything may import it, so it may import nothing of ours',
  ],
  [
    'constructs',
    ['stacks', 'review', 'rehearsal', 'cli'],
    'constructs are what stacks are made of, and know neither who composes nor who rehearses them',
  ],
  ['constructs/core', ['constructs/!(core)/**'], 'core is below every platform'],
  ['constructs/platform', ['constructs/!(core|platform)/**'], 'the contract must not know who fulfils it'],
  [
    'constructs/bootstrap',
    ['constructs/!(core|platform|bootstrap)/**'],
    'what a machine does at first boot is equal on every platform',
  ],
  [
    'constructs/aws',
    ['constructs/!(core|platform|bootstrap|aws)/**'],
    'a platform imports no sibling: each must be readable and removable alone',
  ],
  [
    'constructs/azure',
    ['constructs/!(core|platform|bootstrap|azure)/**'],
    'a platform imports no sibling: each must be readable and removable alone',
  ],
  [
    'constructs/metal',
    ['constructs/!(core|platform|bootstrap|metal)/**'],
    'a platform imports no sibling: each must be readable and removable alone',
  ],
  [
    'constructs/rancher',
    ['constructs/!(core|platform|rancher)/**'],
    'Rancher does not depend on the platform that it runs on',
  ],
  [
    'constructs/kubernetes',
    ['constructs/!(core|platform|kubernetes)/**'],
    'a release does not depend on the platform that it runs on',
  ],
  ['stacks', ['review', 'rehearsal', 'cli'], 'the program does not know that it is being rehearsed'],
  [
    'review',
    ['constructs', 'stacks', 'rehearsal', 'cli'],
    'the review reads plan JSON and the model, never the program',
  ],
  ['rehearsal', ['constructs', 'stacks', 'cli'], 'the rehearsal runs the unchanged program as a process'],
  ['cli', ['constructs', 'stacks'], 'the command line starts the app as a process and reads its output'],
];

const noProviderRoot = {
  patterns: [
    {
      regex: '^@cdktf/provider-[a-z0-9]+$',
      message: 'import bindings deep (@cdktf/provider-aws/lib/vpc): a root import costs 22 s and 2.2 GB',
    },
    { regex: '(^|/)index(\\.[jt]s)?$|^\\.\\.?$', message: 'no barrels: import the file that defines the thing' },
  ],
};
const onlyThePlatformsOwn = (allowed) => ({
  patterns: [
    ...noProviderRoot.patterns,
    {
      regex: `^@cdktf/provider-(?!(${allowed})/)`,
      message: 'a folder of constructs uses its own providers alone',
    },
  ],
});
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message:
    'process.env is read in main.ts, prepare.ts and cli/ alone: everything else gets what it needs as an argument',
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'dist',
      'cdktf.out',
      '.drover',
      'coverage',
      'prepare/**',
      'packages/provider-rancher2/src',
      'packages/provider-rancher2/lib',
    ],
  },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.cjs'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })] },
    rules: {
      'max-lines': ['error', { max: 300 }],
      eqeqeq: 'error',
      'no-restricted-imports': ['error', noProviderRoot],
      'no-restricted-syntax': ['error', noEnvironment],
      // A construct is often made only for what it adds to the tree.
      'no-new': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: zones.flatMap(([target, froms, message]) =>
            froms.map((from) => ({
              target: `./${target}/**/*`,
              from: from.includes('*') ? `./${from}` : `./${from}/**/*`,
              message,
            })),
          ),
        },
      ],
    },
  },
  { files: ['constructs/aws/**'], rules: { 'no-restricted-imports': ['error', onlyThePlatformsOwn('aws|random')] } },
  {
    files: ['constructs/azure/**'],
    rules: { 'no-restricted-imports': ['error', onlyThePlatformsOwn('azurerm|random')] },
  },
  {
    files: ['constructs/metal/**'],
    rules: { 'no-restricted-imports': ['error', onlyThePlatformsOwn('vault|random')] },
  },
  {
    files: ['constructs/rancher/**'],
    rules: { 'no-restricted-imports': ['error', onlyThePlatformsOwn('rancher2|random')] },
  },
  {
    files: ['constructs/kubernetes/**'],
    rules: { 'no-restricted-imports': ['error', onlyThePlatformsOwn('helm|kubernetes|random')] },
  },
  {
    files: ['constructs/{core,platform,bootstrap}/**', 'model/**'],
    rules: { 'no-restricted-imports': ['error', onlyThePlatformsOwn('none')] },
  },
  {
    files: ['main.ts', 'prepare.ts', 'cli/**', 'tools/**', 'bench/**', 'packages/*/generate.mjs', '__tests__/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs', '__tests__/**'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
