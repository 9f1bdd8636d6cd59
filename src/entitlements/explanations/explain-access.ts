import type { EntityManager } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { ofOneMoment } from '../../database/of-one-moment.ts';
import { badInput, notFound } from '../../errors.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { Feature } from '../features/feature.entity.ts';
import type { FeatureKind } from '../features/feature-type.ts';
import { featureWhere } from '../features/find-feature.ts';
import type { AccessSource } from './access-source.ts';
import { judgeSources, type Verdict } from './judge-sources.ts';
import { sourcesOfGrants, sourcesOfStripe } from './sources-beside-subscriptions.ts';
import { sourcesOfSubscriptions } from './sources-of-subscriptions.ts';

export type Explanation = Verdict & {
  /** Of the feature. */
  type: FeatureKind;
  at: Date;
  sources: AccessSource[];
  /** Since when anything is known of the customer's subscriptions; null where he never had one. */
  subscriptionsKnownSince: Date | null;
};

/**
 * Why a customer had a feature at an instant, or had it not.
 * @param wanted.customer columns by which he is found; `at` is now where it is null.
 * @throws Refusal NOT_FOUND for the customer or the feature; BAD_USER_INPUT for an instant that is to come.
 */
export async function explainAccess(
  { em }: { em: EntityManager },
  side: Side,
  wanted: { customer: object; feature: string; at: Date | null },
): Promise<Explanation> {
  const at = wanted.at ?? new Date();
  if (at.getTime() > Date.now()) throw badInput('What is to come is not known. Give an instant that has passed.', 'at');
  return ofOneMoment(em, (em) => explain(em, side, { ...wanted, at }));
}

async function explain(
  em: EntityManager,
  { projectId, environment }: Side,
  wanted: { customer: object; feature: string; at: Date },
): Promise<Explanation> {
  const { at } = wanted;
  const texts = [wanted.feature, ...Object.values(wanted.customer)];
  const isText = texts.every((text) => !String(text).includes('\0'));
  const feature = isText && (await em.findOne(Feature, { ...featureWhere(wanted.feature), projectId, environment }));
  if (!feature) throw notFound('feature', 'feature');
  const there = { stripeCustomerId: { $ne: null }, deletedAt: null };
  const customer = await em.findOne(Customer, { $and: [wanted.customer, there], projectId, environment });
  if (!customer) throw notFound('customer', 'customer');
  const past = { customerId: customer.id, featureId: feature.id, at };
  const bought = await sourcesOfSubscriptions(em, { projectId, environment }, past);
  const sources = [...bought.sources, ...(await sourcesOfStripe(em, past)), ...(await sourcesOfGrants(em, past))];
  return {
    ...judgeSources(feature, sources),
    type: feature.type,
    at,
    sources,
    subscriptionsKnownSince: bought.knownSince,
  };
}
