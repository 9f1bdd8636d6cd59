import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { operation } from '../wire/operation.ts';
import { missingParameter, type Values } from '../wire/parameters.ts';
import { defaultConfiguration } from './default-configuration.ts';
import { sessionParameters } from './session-parameters.ts';

type Session = Stored<'billing_portal.session'>;
/** An empty hash, which the types of the wire take for no hash. */
const nothing: unknown = {};

type Input = Values<typeof sessionParameters>;

export const createPortalSession = operation(sessionParameters, async (tx, input) => {
  if (!input.customer) throw missingParameter('customer');
  const customer = await tx.refer('customer', input.customer, 'customer');
  const configuration = input.configuration
    ? await tx.refer('billing_portal.configuration', input.configuration, 'configuration')
    : await defaultConfiguration(tx);
  if (!configuration.active) throw invalidRequest('The configuration is not active.', 'configuration');
  const id = newId('bps_1');
  const session = tx.add<Session>({
    id,
    object: 'billing_portal.session',
    after_expiration: null,
    configuration: configuration.id,
    created: tx.now,
    customer: customer.id,
    customer_account: null,
    flow: await flowOf(tx, input, customer.id),
    livemode: false,
    locale: (input.locale as Session['locale']) ?? null,
    on_behalf_of: null,
    return_url: input.return_url ?? configuration.default_return_url,
    url: `${tx.publicUrl}/p/session/${id}`,
  });
  tx.emit('billing_portal.session.created', session);
  return session;
});

/** The flow, whole: it names a subscription of the customer, if its type is about one. */
async function flowOf(tx: AccountTransaction, { flow_data: flow }: Input, customer: string): Promise<Session['flow']> {
  if (!flow) return null;
  const { type, after_completion: after } = flow;
  const named = type.startsWith('subscription_') ? flow[type as 'subscription_cancel'] : undefined;
  if (type.startsWith('subscription_')) {
    if (!named) throw missingParameter(`flow_data[${type}]`);
    const param = `flow_data[${type}][subscription]`;
    const subscription = await tx.refer('subscription', named.subscription, param);
    if (subscription.customer !== customer) {
      throw invalidRequest(`The subscription ${subscription.id} does not belong to this customer.`, param);
    }
    if (subscription.ended_at) throw invalidRequest(`The subscription ${subscription.id} is canceled.`, param);
  }
  if (after?.type === 'redirect' && !after.redirect) throw missingParameter('flow_data[after_completion][redirect]');
  const about = { subscription: named?.subscription ?? '' };
  const items = flow.subscription_update_confirm?.items ?? [];
  return {
    after_completion: {
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ?? null,
      type: after?.type ?? 'portal_homepage',
    },
    customer_update: type === 'customer_update' ? (nothing as null) : null,
    subscription_cancel: type === 'subscription_cancel' ? { ...about, retention: null } : null,
    subscription_pause: type === 'subscription_pause' ? about : null,
    subscription_update: type === 'subscription_update' ? about : null,
    subscription_update_confirm:
      type === 'subscription_update_confirm'
        ? {
            ...about,
            discounts: null,
            items: items.map(({ id, price = null, quantity }) => ({ id, price, quantity })),
          }
        : null,
    type,
  };
}
