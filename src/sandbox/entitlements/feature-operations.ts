import type Stripe from 'stripe';
import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata, metadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, page, text } from '../wire/parameter-kinds.ts';
import { type Every, required } from '../wire/parameters.ts';

const parameters = {
  lookup_key: required(text({ max: 80 })),
  metadata,
  name: required(text({ max: 80 })),
} satisfies Every<Stripe.Entitlements.FeatureCreateParams>;

export const createFeature = operation(parameters, async (tx, { lookup_key, metadata, name }) => {
  const [holder] = await tx.all('entitlements.feature', { lookup_key });
  if (holder) {
    throw invalidRequest(
      `The feature ${holder.id} already has that lookup key.`,
      'lookup_key',
      'resource_already_exists',
    );
  }
  return tx.add<Stored<'entitlements.feature'>>({
    id: newId('feat_test_61', 25),
    object: 'entitlements.feature',
    active: true,
    livemode: false,
    lookup_key,
    metadata: mergeMetadata({}, metadata),
    name,
  });
});

const changed = {
  active: boolean,
  metadata,
  name: text({ max: 80 }),
} satisfies Every<Stripe.Entitlements.FeatureUpdateParams>;

export const updateFeature = operation(changed, async (tx, { active, metadata, name }, id) => {
  const feature = await tx.get('entitlements.feature', id!);
  tx.update(feature, { active, metadata: mergeMetadata(feature.metadata, metadata), name });
  return feature;
});

const listed = {
  ...page,
  archived: boolean,
  lookup_key: text(),
} satisfies Every<Stripe.Entitlements.FeatureListParams>;

export const listFeatures = operation(listed, (tx, { archived = false, ...input }) =>
  tx.list('entitlements.feature', '/v1/entitlements/features', input, {
    active: !archived,
    lookup_key: input.lookup_key,
  }),
);

const activeListed = {
  ...page,
  customer: required(text()),
} satisfies Every<Stripe.Entitlements.ActiveEntitlementListParams>;

export const listActiveEntitlements = operation(activeListed, async (tx, input) => {
  const { id } = await tx.refer('customer', input.customer, 'customer');
  return tx.list('entitlements.active_entitlement', '/v1/entitlements/active_entitlements', input, {
    '_sandbox.customer': id,
  });
});
