import { CloudAssembly } from 'aws-cdk-lib/cx-api';

// What apps of a file of tests have written into folders that they made themselves.
afterAll(() => CloudAssembly.cleanupTemporaryDirectories());
