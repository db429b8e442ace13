const { default: Runtime } = require('jest-runtime');

/**
 * Jest loads every module anew for every file of tests. Here all of one worker share the CDK, which keeps nothing of an app once it is written, and is most of what there is to load:
 * by itself it took two thirds of the time.
 */
const SHARED = /^(aws-cdk-lib|constructs)(\/|$)/;

/** What nobody reads in a test: where constructs were made, and copies of assets. */
const CONTEXT = { 'aws:cdk:disable-stack-trace': true, 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-asset-staging': true };
process.env.CDK_CONTEXT_JSON = JSON.stringify(CONTEXT);

module.exports = class SharedCdk extends Runtime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    // For apps of these tests, and for no program that one of them starts.
    delete environment.global.process.env.CDK_CONTEXT_JSON;
  }

  requireModuleOrMock(from, name) {
    return SHARED.test(name) ? require(name) : super.requireModuleOrMock(from, name);
  }
};
