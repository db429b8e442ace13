import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancedFargateService } from 'aws-cdk-lib/aws-ecs-patterns';

const app = new App();
const stack = new Stack(app, 'Unsafe');

new ApplicationLoadBalancedFargateService(stack, 'Core', {
  vpc: new Vpc(stack, 'Vpc'),
  taskImageOptions: {
    image: ContainerImage.fromRegistry('acme/core:latest'),
    environment: { OPENAI_API_KEY: 'put-the-key-here' },
  },
});

app.synth();
