import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import * as path from 'node:path';
import { CoreImage } from '../../src';
import { DIGEST, remoteCore } from '../support/remote-core';

const URI = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/team/core@${DIGEST}`;

function imageOf(stack: Stack, image: CoreImage): unknown {
  remoteCore(stack, { container: { image } });
  const [task] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
  return (task?.Properties as { ContainerDefinitions: { Image: unknown }[] }).ContainerDefinitions[0]?.Image;
}

/** A stack in a region that is known, as an app names it in `env`. */
function regional(region: string): Stack {
  return new Stack(new App(), 'Regional', { env: { account: '111122223333', region } });
}

describe('CoreImage', () => {
  test('names a repository\'s image by digest', () => {
    const stack = new Stack();
    const image = imageOf(stack, CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Other', 'core'), DIGEST));
    expect(JSON.stringify(image)).toContain(`/core@${DIGEST}`);
  });

  test('takes the URI that a pipeline hands on, and grants the pull of that repository alone', () => {
    const stack = regional('eu-central-1');
    expect(JSON.stringify(imageOf(stack, CoreImage.fromUri(URI)))).toContain(`/team/core@${DIGEST}`);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: Match.arrayWith([{
          Effect: 'Allow',
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-central-1:111122223333:repository/team/core']] },
        }]),
      },
    });
  });

  test('builds an image from a folder', () => {
    expect(JSON.stringify(imageOf(new Stack(), CoreImage.fromAsset(path.join(__dirname, 'image'))))).toMatch(/container-assets-.*:[0-9a-f]{64}/);
  });

  test('takes a digest that is a token for what it is', () => {
    const stack = new Stack();
    const digest = new CfnParameter(stack, 'Digest').valueAsString;
    expect(() => imageOf(stack, CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Other', 'core'), digest))).not.toThrow();
  });

  test('refuses a folder that is not there', () => {
    expect(() => imageOf(new Stack(), CoreImage.fromAsset('/no/such/folder'))).toThrow('Default/Core/Service: image directory is "/no/such/folder". Name a folder');
  });

  test.each(['latest', 'v1.2.3', '', 'sha256:abc', `sha256:${'AB'.repeat(32)}`])('refuses %p as a digest', (digest) => {
    const stack = new Stack();
    expect(() => imageOf(stack, CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Other', 'core'), digest)))
      .toThrow(`Default/Core/Service: image digest is "${digest}". Name the digest`);
  });

  test.each([
    [`ghcr.io/acme/core@${DIGEST}`, 'mirror the image into Amazon ECR'],
    [`public.ecr.aws/acme/core@${DIGEST}`, 'mirror the image into Amazon ECR'],
    ['acme/core:latest', 'mirror the image into Amazon ECR'],
    ['111122223333.dkr.ecr.eu-central-1.amazonaws.com/core:latest', 'Name the image by digest'],
    ['111122223333.dkr.ecr.eu-central-1.amazonaws.com/core', 'Name the image by digest'],
    ['111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:abc', 'Name the digest'],
  ])('refuses %s and says what to do', (uri, todo) => {
    expect(() => imageOf(new Stack(), CoreImage.fromUri(uri))).toThrow(todo);
  });

  test('refuses a URI that is a token, since the pull could not be granted', () => {
    const stack = new Stack();
    expect(() => imageOf(stack, CoreImage.fromUri(new CfnParameter(stack, 'Uri').valueAsString))).toThrow('use CoreImage.fromEcr with a repository');
  });

  test('refuses a registry of another region, which the endpoints do not lead to', () => {
    expect(() => imageOf(regional('us-east-1'), CoreImage.fromUri(URI))).toThrow('image region is "eu-central-1". The core tier reaches the registry of us-east-1 only');
  });
});
