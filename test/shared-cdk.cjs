const path = require('node:path');
const { default: Runtime } = require('jest-runtime');

/**
 * Jest loads every module anew for every file of tests. Here all of one worker share the CDK, which keeps nothing of an app once it is written, and is most of what there is to load:
 * by itself it took two thirds of the time.
 */
const SHARED = /^(aws-cdk-lib|constructs)(\/|$)/;

/** Where constructs were made, which nobody reads in a test. */
const UNTRACED = { 'aws:cdk:disable-stack-trace': true, 'aws:cdk:disable-creation-stack-traces': true };
/** Whole runs deploy what others only look at. */
const UNCOPIED = { 'aws:cdk:disable-asset-staging': true };
const WHOLE_RUNS = path.join(__dirname, 'e2e') + path.sep;

module.exports = class SharedCdk extends Runtime {
  constructor(config, environment, resolver, transformer, cacheFs, coverageOptions, testPath, ...others) {
    super(config, environment, resolver, transformer, cacheFs, coverageOptions, testPath, ...others);
    // The CDK reads it outside of what Jest gives a file: it is for apps of the tests, and for no program that one of them starts.
    process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...UNTRACED, ...(!testPath.startsWith(WHOLE_RUNS) && UNCOPIED) });
    delete environment.global.process.env.CDK_CONTEXT_JSON;
  }

  requireModuleOrMock(from, name) {
    return SHARED.test(name) ? require(name) : super.requireModuleOrMock(from, name);
  }
};
