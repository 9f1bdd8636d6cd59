import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest, resourceMissing } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { page, text } from '../wire/parameter-kinds.ts';
import { required } from '../wire/parameters.ts';
import { refreshEntitlements } from './refresh-entitlements.ts';

export const attachFeature = operation({ entitlement_feature: required(text()) }, async (tx, input, id) => {
  const product = await tx.get('product', id!);
  const feature = await tx.refer('entitlements.feature', input.entitlement_feature, 'entitlement_feature');
  const links = await tx.all('product_feature', { '_sandbox.product': product.id });
  if (links.some(({ entitlement_feature }) => entitlement_feature.id === feature.id)) {
    throw invalidRequest(`The product ${product.id} already has the feature ${feature.id}.`, 'entitlement_feature');
  }
  const link = tx.add<Stored<'product_feature'>>({
    id: newId('pft_test_61', 25),
    object: 'product_feature',
    entitlement_feature: structuredClone(feature),
    livemode: false,
    _sandbox: { product: product.id },
  });
  await refreshCustomersOf(tx, product.id);
  return link;
});

export const listProductFeatures = operation(page, async (tx, input, id) => {
  const product = await tx.get('product', id!);
  return tx.list('product_feature', `/v1/products/${product.id}/features`, input, { '_sandbox.product': product.id });
});

export const retrieveProductFeature = operation({}, (tx, _input, product, id) => linkOf(tx, product!, id!));

export const detachFeature = operation({}, async (tx, _input, product, id) => {
  const link = await linkOf(tx, product!, id!);
  tx.remove(link);
  await refreshCustomersOf(tx, product!);
  return { id: link.id, object: 'product_feature', deleted: true };
});

async function linkOf(tx: AccountTransaction, product: string, id: string) {
  const link = await tx.get('product_feature', id);
  if (link._sandbox.product !== product) throw resourceMissing('product_feature', id, 'id', 404);
  return link;
}

async function refreshCustomersOf(tx: AccountTransaction, product: string): Promise<void> {
  const subscriptions = await tx.all('subscription', { 'items.data': { contains: { price: { product } } } });
  for (const customer of new Set(subscriptions.map(({ customer }) => customer)))
    await refreshEntitlements(tx, customer);
}
