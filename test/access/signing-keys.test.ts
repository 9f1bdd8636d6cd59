import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreateCustomerDocument, CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { rotateSigningKeys, signingKeysLane } from '../../src/identity/tokens/rotate-signing-keys.ts';
import { SigningKey } from '../../src/identity/tokens/signing-key.entity.ts';
import { createSigningKeys } from '../../src/identity/tokens/signing-keys.ts';
import { wakeLanes } from '../../src/lanes/wake-lanes.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask } from '../rig/graph.ts';

let billgraph: Billgraph;
let tenant: TestTenant;
let customerId: string;
beforeAll(async () => {
  billgraph = await startBillgraph();
  tenant = await createTenant(billgraph);
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerDocument, { input: { email: 'ada@example.com' } });
  customerId = data.createCustomer.customer.id;
});
afterAll(() => billgraph.close());

const minutes = 60_000;
const hours = 60 * minutes;
/** Every key is so much older. */
async function age(milliseconds: number) {
  const em = billgraph.app.orm.em.fork();
  for (const key of await em.findAll(SigningKey)) key.createdAt = new Date(key.createdAt.getTime() - milliseconds);
  await em.flush();
}
const rotate = (atOnce = false) =>
  rotateSigningKeys({ em: billgraph.app.orm.em.fork(), sealer: billgraph.app.sealer }, { atOnce });
/** As another process would read them. */
const freshKeys = () => createSigningKeys({ em: billgraph.app.orm.em, sealer: billgraph.app.sealer });
async function mint() {
  const input = { customerId, scopes: ['customers:read'] };
  const { data } = await ask(billgraph, tenant.apiKey, CreateCustomerTokenDocument, { input });
  return data.createCustomerToken.token as string;
}

describe('the key that signs', () => {
  it('is replaced: published at once, signing ten minutes later, and taken away when its last token has expired', async () => {
    const token = await mint();
    const { kid: first } = decodeProtectedHeader(token);
    expect(await rotate()).toEqual({ made: 0, removed: 0 });

    await age(1 * hours);
    expect(await rotate(true)).toEqual({ made: 1, removed: 0 });
    const kids = async () => (await freshKeys().jwks()).keys.map(({ kid }) => kid);
    const [, second] = await kids();
    expect(await kids()).toEqual([first, second]);
    expect((await freshKeys().current()).kid).toBe(first);

    await age(11 * minutes);
    expect((await freshKeys().current()).kid).toBe(second);
    expect(await rotate()).toEqual({ made: 0, removed: 0 });
    expect(await freshKeys().publicKey(first!)).toBeDefined();

    await age(25 * hours);
    expect(await rotate()).toEqual({ made: 0, removed: 1 });
    expect(await kids()).toEqual([second]);
    expect(await freshKeys().publicKey(first!)).toBeUndefined();
  });

  it('is replaced by itself after thirty days', async () => {
    await age(30 * 24 * hours);
    expect(await rotate()).toMatchObject({ made: 1 });
    expect(await rotate()).toEqual({ made: 0, removed: 0 });
  });

  it('is replaced by the lane that the clock wakes', async () => {
    await age(30 * 24 * hours);
    const em = billgraph.app.orm.em.fork();
    const newest = (await freshKeys().jwks()).keys.at(-1)!.kid;
    await wakeLanes(em, [signingKeysLane]);
    await billgraph.settled();
    expect((await freshKeys().jwks()).keys.at(-1)!.kid).not.toBe(newest);
  });
});
