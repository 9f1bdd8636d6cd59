import { afterAll, beforeAll, expect, it } from 'vitest';
import { wakeMerging } from '../../src/customer-state/state-lanes.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { asOwner } from '../rig/database.ts';
import { featuresOf } from '../rig/features.ts';
import { ask } from '../rig/graph.ts';
import { usageOf } from '../rig/usage.ts';
import { createEndpoint, type Receiver, startReceiver } from './receiver.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let receiver: Receiver;
beforeAll(async () => {
  billgraph = await startBillgraph({ allowPrivateAddresses: true });
  tenant = await createTenant(billgraph);
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await billgraph.close();
});

it('tells once in a period that 80 and 100 percent of a limit were used, not that they are held', async () => {
  const usage = usageOf(billgraph, tenant);
  const { newFeature, made } = featuresOf(billgraph, tenant);
  await createEndpoint(billgraph, tenant, { url: receiver.url, eventTypes: ['usage.*'] });
  const meter = await usage.newMeter('SUM');
  const feature = await newFeature('calls', { type: 'LIMIT', meter: meter.id });
  const ada = await usage.newCustomer();
  await made('grantFeature', { customerId: ada.id, feature: 'calls', limit: '10', reason: 'a test' });

  /** What was told in all, when what follows from the changes so far was done. */
  const told = async () => {
    await wakeMerging(billgraph.app.orm.em.fork());
    await billgraph.settled();
    return receiver.received.map(({ json }) => json.data.threshold);
  };
  const report = (value: string) => usage.report([{ meter: meter.id, customerId: ada.id, value }]);

  await report('7.9');
  const reserve = `mutation { reserveUsage(input: { customerId: "${ada.id}", feature: "calls", amount: "1" }) { remaining } }`;
  expect((await ask(billgraph, tenant.apiKey, reserve)).errors).toBeUndefined();
  expect(await told()).toEqual([]);
  await report('0.1');
  expect(await told()).toEqual([80]);
  await report('5');
  expect(await told()).toEqual([80, 100]);
  await report('5');
  expect(await told()).toEqual([80, 100]);

  expect(receiver.received[0]!.json).toMatchObject({
    type: 'usage.threshold_reached',
    data: {
      customerId: ada.id,
      externalId: ada.externalId,
      featureId: feature.id,
      featureKey: 'calls',
      used: '8',
      limit: '10',
      periodStart: expect.stringMatching(/Z$/),
      periodEnd: expect.stringMatching(/Z$/),
    },
  });
  // The next period tells anew.
  await asOwner(billgraph.databaseUrl, `update usage_threshold set period_start = period_start - interval '1 month'`);
  await report('1');
  expect((await told()).sort()).toEqual([100, 100, 80, 80]);
});
