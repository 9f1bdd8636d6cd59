import type { EntityManager } from '@mikro-orm/core';
import type Stripe from 'stripe';
import { runStatement } from '../../database/run-statement.ts';
import { badInput, conflict, Refusal } from '../../errors.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { retrievePrice } from '../../ingestion/mirror/retrieve-price.ts';
import type { Tenant } from '../../tenant.ts';
import type { CatalogTools } from '../catalog/catalog-tools.ts';
import { findPrice } from '../catalog/find-price.ts';
import { Price } from '../catalog/price.entity.ts';
import { Product } from '../catalog/product.entity.ts';
import { recordPrice } from '../catalog/record-price.ts';
import { syncProducts } from '../catalog/sync-products.ts';
import { updatePrice } from '../catalog/update-price.ts';
import type { AmountsInput, OptionInput } from './check-amounts.ts';
import { newPriceOf } from './new-price-of.ts';
import { replaceInProject } from './replace-in-project.ts';

export type AmountChange = AmountsInput & {
  priceId: string;
  /** Those that are named change; null takes all away. */
  currencyOptions?: OptionInput[] | null;
};

/** The price before and after, by the ids of the rows. */
export type ChangedAmount = { priceId: string; archivedPriceId: string };

/**
 * Gives a price another amount, which Stripe does not let change: makes a new price that is the same otherwise, moves to it the lookup
 * key, the plans and self-service settings of the project and, in Stripe, the product's default price, and archives the old one. Each
 * of the three calls to Stripe is a step of the operation, so that a crash between them ends in the same. Subscriptions keep the
 * old price.
 * @throws Refusal BAD_USER_INPUT with the field; NOT_FOUND; CONFLICT where somebody else changes it; STRIPE_ERROR.
 */
export async function changePriceAmount(
  tools: CatalogTools & { em: EntityManager },
  tenant: Tenant,
  input: AmountChange,
): Promise<ChangedAmount> {
  const { priceId: archivedPriceId } = input;
  // What Stripe knows of it and we do not keep. It is looked at once: what follows from it is kept with the first step.
  const looked = await findPrice(tools, tenant, archivedPriceId);
  const { stripePriceId, updatedAt } = looked;
  const shown = await retrievePrice(tools.stripe, stripePriceId, ['product']);
  const made = await makeNext(tools, tenant, input, { shown, updatedAt });
  if (made.isDefault) await makeDefault(tools, tenant, made);
  await updatePrice(tools, tenant, { priceId: archivedPriceId, active: false });
  return { priceId: made.priceId, archivedPriceId };
}

type Made = { priceId: string; stripePriceId: string; stripeProductId: string; isDefault: boolean };

/** The price as Stripe showed it, and how our row stood when it was asked. */
type Look = { shown: Stripe.Price; updatedAt: Date };

function makeNext(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  input: AmountChange,
  { shown, updatedAt }: Look,
): Promise<Made> {
  return operation.askStripe({
    async prepare(em) {
      const old = await lockPrice(em, tenant, input.priceId);
      if (old.updatedAt.getTime() !== updatedAt.getTime()) throw changedMeanwhile();
      const product = shown.product as Stripe.Product;
      return { ...newPriceOf(input, { old, shown, tenant }), isDefault: product.default_price === old.stripePriceId };
    },
    subjectOf: () => input.priceId,
    send: ({ parameters }, options) => stripe.prices.create(parameters as unknown as Stripe.PriceCreateParams, options),
    fields: { unit_amount_decimal: 'unitAmount' },
    async record(em, { parameters, isDefault }, object) {
      await lockProject(em, tenant);
      const priceId = await recordPrice({ em, log, operation }, tenant, {
        object,
        basis: 0,
        lookupKey: parameters.lookup_key,
      });
      await replaceInProject({ em }, tenant, { from: input.priceId, to: priceId });
      const old = await em.findOneOrFail(Price, { id: input.priceId });
      old.replacedBy = em.getReference(Price, priceId);
      return { priceId, stripePriceId: object.id, stripeProductId: parameters.product, isDefault };
    },
  });
}

/** Stripe does not archive the default price of a product. */
function makeDefault(
  { stripe, operation, log }: CatalogTools,
  tenant: Tenant,
  { stripePriceId: default_price, stripeProductId }: Made,
): Promise<string> {
  return operation.askStripe({
    async prepare(em) {
      const { connectionId } = tenant;
      const { id, evidence: basis } = await em.findOneOrFail(Product, { connectionId, stripeProductId });
      return { id, basis };
    },
    send: (_prepared, options) => stripe.products.update(stripeProductId, { default_price }, options),
    async record(em, { id, basis }, object, note) {
      note({ subjectType: 'Product', subjectId: id, after: { stripeDefaultPriceId: default_price } });
      const answered = { type: 'product', id: stripeProductId, object, basis };
      await recordAnswer({ em, log, operation, sync: syncProducts }, tenant, answered);
      return id;
    },
  });
}

/** What was shown may be the price before that change: the new price would lose it. */
const changedMeanwhile = () =>
  new Refusal('CONFLICT', 'This price was changed a moment ago. Send the same call again.', {
    field: 'priceId',
    retryable: true,
    retryAfter: 1,
  });

/** The price, which nobody else changes in this moment, nor has changed. */
async function lockPrice(em: EntityManager, tenant: Tenant, priceId: string): Promise<Price> {
  await runStatement(em, 'select from price where id = $1 for no key update', [priceId]);
  const price = await findPrice({ em }, tenant, priceId);
  const others = `select from operation where subject_id = $1 and phase = 'ASKED' and mutation = 'changePriceAmount'`;
  if ((await runStatement(em, others, [priceId])).length)
    throw conflict('The amount of this price is being changed by another call. Read the prices again in a moment.');
  if (price.active && !price.replacedBy) return price;
  const { id: next } = price.replacedBy ?? {};
  throw badInput(
    next
      ? `This price was replaced by ${next}. Change that one, or take this one up again first (archivePrice with reactivate).`
      : 'This price is archived. Take it up again first (archivePrice with reactivate), or make a new one.',
    'priceId',
  );
}

/** So that the settings of the project do not change meanwhile: updateProjectSettings locks it too. */
async function lockProject(em: EntityManager, { projectId }: Tenant): Promise<void> {
  await runStatement(em, 'select from project where id = $1 for no key update', [projectId]);
}
