/** A process that is a load balancer before one function: so that what both use can be told from what the bench uses. */
import { startAlbFront } from '../../src/drill/broker/alb-front';

export interface FrontSettings {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly environments: number;
}

async function main(): Promise<void> {
  const settings = JSON.parse(process.env.FRONT_SETTINGS ?? '') as FrontSettings;
  let logBytes = 0;
  const front = await startAlbFront({ ...settings, onOutput: (text) => { logBytes += Buffer.byteLength(text); } });
  process.on('message', () => process.send?.({ logBytes }));
  process.on('disconnect', () => void front.stop().then(() => process.exit(0)));
  process.send?.({ port: front.port });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
