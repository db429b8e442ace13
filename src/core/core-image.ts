import * as fs from 'fs';
import { Arn, ArnFormat, Aws, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { type Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isOtherRegion } from '../same-region';

type Render = (scope: Construct) => ecs.ContainerImage;

/**
 * The image that the Core runs, pinned to its content (CTR-1) and in a registry that private subnets reach.
 *
 * There is no variant for a tag, which can move, nor for a public registry, which the core tier has no route to: mirror
 * such an image into Amazon ECR. A pull-through cache serves it too, once it holds the image: its first pull needs a route
 * to the internet (Amazon ECR guide, "Considerations for Amazon ECR VPC endpoints").
 */
export class CoreImage {
  /**
   * An image in Amazon ECR, by digest.
   *
   * @param repository in the stack's own region, where its private endpoints lead
   * @param digest `sha256:` and 64 hexadecimal digits, as `aws ecr describe-images` prints it
   */
  public static fromEcr(repository: ecr.IRepository, digest: string): CoreImage {
    return new CoreImage((scope) => fromRepository(scope, repository, digest));
  }

  /**
   * An image in Amazon ECR, by the URI that build pipelines hand on: `<account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:…`.
   */
  public static fromUri(uri: string): CoreImage {
    return new CoreImage((scope) => fromUri(scope, uri));
  }

  /**
   * An image that the CDK builds from a folder with a Dockerfile, and publishes under a hash of its content.
   *
   * It is built for x86-64, which the Core runs on, whatever machine builds it.
   *
   * @param directory the folder
   */
  public static fromAsset(directory: string, options: ecs.AssetImageProps = {}): CoreImage {
    return new CoreImage((scope) => {
      if (!fs.existsSync(directory)) throw invalidProp(scope, 'image directory', directory, 'Name a folder that holds a Dockerfile.');
      return ecs.ContainerImage.fromAsset(directory, { platform: Platform.LINUX_AMD64, ...options });
    });
  }

  private constructor(private readonly render: Render) {}

  /**
   * The image for a container definition.
   *
   * @internal
   */
  public _bind(scope: Construct): ecs.ContainerImage {
    return this.render(scope);
  }
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

function fromRepository(scope: Construct, repository: ecr.IRepository, digest: string): ecs.ContainerImage {
  if (!Token.isUnresolved(digest) && !DIGEST.test(digest)) {
    throw invalidProp(scope, 'image digest', digest, 'Name the digest, sha256: and 64 hexadecimal digits; a tag can be moved to another image.');
  }
  checkRegion(scope, repository.env.region);
  return ecs.ContainerImage.fromEcrRepository(repository, digest);
}

/** The endpoints of the core tier lead to the registry of the stack's own region. */
function checkRegion(scope: Construct, region: string): void {
  if (!isOtherRegion(scope, region)) return;
  throw invalidProp(scope, 'image region', region, `The core tier reaches the registry of ${Stack.of(scope).region} only: replicate the repository there.`);
}

const ECR_URI = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(?<name>[a-z0-9][a-z0-9._/-]*)@(?<digest>.+)$/;

function fromUri(scope: Construct, uri: string): ecs.ContainerImage {
  if (Token.isUnresolved(uri)) {
    throw invalidProp(scope, 'image', 'a token', 'The URI must be known at synthesis to grant the pull: use CoreImage.fromEcr with a repository.');
  }
  const parts = ECR_URI.exec(uri)?.groups;
  if (!parts) {
    throw invalidProp(scope, 'image', uri, /\.dkr[.-]ecr/.test(uri)
      ? 'Name the image by digest, <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:…; a tag can be moved to another image.'
      : 'The core tier has no route to that registry: mirror the image into Amazon ECR.');
  }
  const { account = '', region = '', name = '', digest = '' } = parts;
  checkRegion(scope, region);
  const repositoryArn = Arn.format({ partition: Aws.PARTITION, service: 'ecr', region, account, resource: 'repository', resourceName: name, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  return fromRepository(scope, ecr.Repository.fromRepositoryAttributes(scope, 'ImageRepository', { repositoryArn, repositoryName: name }), digest);
}
