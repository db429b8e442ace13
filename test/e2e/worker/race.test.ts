import { BrokerStand } from '../../support/broker-stand';

/** How many nonces are raced for, and how many at a time. */
const [ROUNDS, AT_ONCE] = [1000, 20];

test('of two brokers that are sent the same request at once, exactly one takes it, each time', async () => {
  const stand = await BrokerStand.open();
  try {
    const brokers = await Promise.all([stand.broker(), stand.broker()]);
    const worker = brokers[0].worker('w-race');
    await worker.register();
    const wrong: string[] = [];
    const race = async (from: number): Promise<void> => {
      for (let round = from; round < ROUNDS; round += AT_ONCE) {
        // Nobody assigned the job: whoever takes the request refuses it by 403, whoever finds its nonce used by 401.
        const request = worker.signed('checkout', { job_id: `job-${round}`, credential_id: 'router' });
        const statuses = (await Promise.all(brokers.map((broker) => broker.send(request)))).map(({ status }) => status).sort();
        if (statuses.join() !== '401,403') wrong.push(`${round}: ${statuses.join()}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => race(index)));
    expect(wrong).toEqual([]);
    expect(stand.records.filter(({ reason }) => reason === 'replayed')).toHaveLength(ROUNDS);
  } finally {
    await stand.stop();
  }
}, 600_000);
