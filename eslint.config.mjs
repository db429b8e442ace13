import stylistic from '@stylistic/eslint-plugin';
import awscdk from 'eslint-plugin-awscdk';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Folders below src that a folder may not import from, and why. */
const ZONES = [
  { files: ['src/controls/**'], forbidden: ['checks', 'cli', 'drill', 'report', 'runtime', 'network', 'ingress', 'authorizer', 'core', 'audit', 'lockdown'], why: 'the checklist is data that everything else reads' },
  { files: ['src/{network,ingress,authorizer,gate,core,lockdown,secrets,data,audit,observability,recovery,backup,broker,workers,profiles}/**', 'src/secure-core.ts'], forbidden: ['checks', 'cli', 'drill', 'report'], why: 'a room must work without the tools that judge it' },
  { files: ['src/checks/**'], forbidden: ['cli', 'drill', 'report'], why: 'the pack runs inside a CDK app' },
  { files: ['src/drill/**'], forbidden: ['cli', 'report'], why: 'a drill leaves evidence behind, and does not know who asks for it or reads it' },
  { files: ['src/report/**'], forbidden: ['cli'], why: 'a report is printed by the command line, not the other way round' },
];

export default tseslint.config(
  { ignores: ['lib/', 'dist/', 'assets/', 'coverage/', 'tmp/', '.venv/', '**/cdk.out/', 'node_modules/', 'test/types/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@stylistic': stylistic },
    languageOptions: { globals: globals.node, parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@stylistic/indent': ['error', 2],
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true }],
      '@stylistic/semi': ['error', 'always'],
      '@stylistic/comma-dangle': ['error', 'always-multiline'],
      '@stylistic/object-curly-spacing': ['error', 'always'],
      '@stylistic/max-len': ['error', { code: 200, ignoreRegExpLiterals: true }],
      '@stylistic/eol-last': 'error',
      '@stylistic/no-trailing-spaces': 'error',
      '@stylistic/no-multiple-empty-lines': ['error', { max: 1, maxEOF: 0 }],
      '@typescript-eslint/explicit-member-accessibility': ['error', { overrides: { constructors: 'explicit' } }],
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Overflows on recursive types such as JSON.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'eqeqeq': 'error',
      'max-lines': ['error', { max: 400, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'examples/**/*.ts'],
    plugins: { awscdk },
    // It does not know `props: XProps = {}`, which is how the CDK's own constructs are written.
    rules: { ...awscdk.configs.recommended.rules, 'awscdk/construct-constructor-property': 'off' },
  },
  ...ZONES.map(({ files, forbidden, why }) => ({
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: forbidden.map((folder) => `**/${folder}/**`), message: `Not from here: ${why}.` }] }] },
  })),
  {
    files: ['src/worker/**'],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [{ regex: '^(aws-cdk-lib|constructs|@aws-sdk/)', message: 'A worker needs Node.js and nothing else.' }],
      }],
    },
  },
  // How many steps lead out of src/runtime depends on how deep a file stands in it.
  ...[1, 2, 3].map((depth) => ({
    files: [`src/runtime/${'*/'.repeat(depth)}*.ts`],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [
          { regex: '^(aws-cdk-lib|constructs)', message: 'Runtime code knows contract.ts and nothing of the CDK.' },
          { regex: `^(\\.\\./){${depth + 1}}(?!(.*/)?contract$)`, message: 'Not from here: of a room, runtime code knows contract.ts alone.' },
        ],
      }],
    },
  })),
  { files: ['**/*.mjs', '**/*.js', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  // Jest loads a runtime by require().
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: globals.node }, rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
