import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { recordAnswer } from '../../ingestion/mirror/record-answer.ts';
import { isNoSuchObject } from '../../stripe/stripe-trouble.ts';
import type { Tenant } from '../../tenant.ts';
import type { CustomerTools } from '../customers/ask-for-customer.ts';
import { syncTaxIds } from './sync-tax-ids.ts';
import { TaxId } from './tax-id.entity.ts';

/**
 * Takes a tax id from its customer in Stripe, and erases what it was. Invoices that show it keep it.
 * @returns our id of the customer.
 * @throws Refusal NOT_FOUND; STRIPE_ERROR.
 */
export async function removeCustomerTaxId(
  { stripe, operation, log }: Omit<CustomerTools, 'em'>,
  tenant: Tenant,
  { taxIdId: id }: { taxIdId: string },
): Promise<string> {
  return operation.askStripe({
    async prepare(em) {
      const { projectId, environment } = tenant;
      const options = { populate: ['customer'] } as const;
      const taxId =
        isId('ptx', id) && (await em.findOne(TaxId, { id, projectId, environment, deletedAt: null }, options));
      if (!taxId) throw notFound('tax id', 'taxIdId');
      const { stripeTaxId, evidence: basis, customer, type } = taxId;
      return { stripeTaxId, basis, type, customerId: customer.id, stripeCustomerId: customer.stripeCustomerId! };
    },
    // Stripe has no idempotency keys for this: where an earlier try did it, or somebody else, it is gone.
    send: ({ stripeCustomerId, stripeTaxId }, options) =>
      stripe.customers.deleteTaxId(stripeCustomerId, stripeTaxId, {}, options).catch((failure) => {
        if (isNoSuchObject(failure)) return { deleted: true as const };
        throw failure;
      }),
    async record(em, { stripeTaxId, basis, customerId, type }, object, note) {
      const answered = { type: 'tax_id', id: stripeTaxId, object, isDeleted: true, basis };
      await recordAnswer({ em, log, operation, sync: syncTaxIds }, tenant, answered as never);
      note({ subjectType: 'TaxId', subjectId: id, before: { customer: customerId, type }, after: null });
      return customerId;
    },
  });
}
