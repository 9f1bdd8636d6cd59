import type Stripe from 'stripe';
import { checkText } from '../../check-input.ts';
import { badInput, Refusal } from '../../errors.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import type { Tenant } from '../../tenant.ts';
import type { CustomerTools } from '../customers/ask-for-customer.ts';
import { findCustomer } from '../customers/find-customer.ts';
import { syncTaxIds } from './sync-tax-ids.ts';
import { TaxId } from './tax-id.entity.ts';
import { taxIdTypes } from './tax-id-types.ts';

/**
 * Gives a customer a tax id in Stripe, which asks the authorities for it, and makes its row from what Stripe answers.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT with the field, also where Stripe finds the value badly written; NOT_FOUND, also where the customer
 * was deleted before Stripe answered; STRIPE_ERROR.
 */
export async function addCustomerTaxId(
  { stripe, operation, log }: Omit<CustomerTools, 'em'>,
  tenant: Tenant,
  { customerId, type, ...input }: { customerId: string; type: string; value: string },
): Promise<string> {
  if (!taxIdTypes.has(type))
    throw badInput('Stripe knows no such kind of tax id. Write it as eu_vat, gb_vat or us_ein.', 'type');
  const value = checkText(input.value, 'value', { max: 255 });
  const added = await operation.askStripe({
    async prepare(em) {
      const { stripeCustomerId } = await findCustomer({ em }, tenant, customerId);
      return { stripeCustomerId: stripeCustomerId! };
    },
    send: ({ stripeCustomerId }, options) =>
      stripe.customers.createTaxId(
        stripeCustomerId,
        { type: type as Stripe.CustomerCreateTaxIdParams['type'], value },
        options,
      ),
    async record(em, _prepared, object, note) {
      const { connectionId } = tenant;
      const answered = { type: 'tax_id', id: object.id, object, basis: 0 };
      await recordAnswer({ em, log, operation, sync: syncTaxIds }, tenant, answered);
      const row = await em.findOne(TaxId, { connectionId, stripeTaxId: object.id, deletedAt: null });
      if (row) note({ subjectType: 'TaxId', subjectId: row.id, after: { customer: customerId, type } });
      return row?.id ?? null;
    },
  });
  // Where the answer came late, customer or tax id may be gone by then. Decided after the step: nothing is left to do, whoever asks again.
  if (added === null)
    throw new Refusal('NOT_FOUND', 'The customer, or this tax id, was deleted before Stripe had answered.', {
      field: 'customerId',
    });
  return added;
}
