import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

type Active = Stored<'entitlements.active_entitlement'>;

const entitling = ['active', 'past_due', 'trialing'];

/** Brings what a customer is entitled to in line with its subscriptions, and says so if that changed something. */
export async function refreshEntitlements(tx: AccountTransaction, customer: string): Promise<void> {
  const held = await tx.all('entitlements.active_entitlement', { '_sandbox.customer': customer });
  const due = await featuresDue(tx, customer);
  const lost = held.filter(({ feature }) => !due.has(feature));
  const gained = [...due.values()].filter(({ id }) => !held.some(({ feature }) => feature === id));
  if (!lost.length && !gained.length) return;
  for (const entitlement of lost) tx.remove(entitlement);
  const added = gained.map((feature) =>
    tx.add<Active>({
      id: newId('ent_test_61', 25),
      object: 'entitlements.active_entitlement',
      feature: feature.id,
      livemode: false,
      lookup_key: feature.lookup_key,
      _sandbox: { customer },
    }),
  );
  const data = [...added, ...held.filter((entitlement) => !lost.includes(entitlement))];
  const url = `/v1/customer/${customer}/entitlements`;
  tx.emit(
    'entitlements.active_entitlement_summary.updated',
    {
      object: 'entitlements.active_entitlement_summary',
      customer,
      entitlements: { object: 'list', data, has_more: false, url },
      livemode: false,
    },
    { entitlements: { data: held } },
  );
}

async function featuresDue(tx: AccountTransaction, customer: string) {
  const due = new Map<string, Stored<'entitlements.feature'>>();
  const links = await tx.all('product_feature', {});
  if (!links.length) return due;
  const subscriptions = await tx.all('subscription', { customer, status: entitling });
  const products = new Set(subscriptions.flatMap(({ items }) => items.data.map(({ price }) => price.product)));
  for (const { _sandbox, entitlement_feature } of links) {
    if (!products.has(_sandbox.product)) continue;
    const feature = await tx.find('entitlements.feature', entitlement_feature.id);
    if (feature) due.set(feature.id, feature);
  }
  return due;
}
