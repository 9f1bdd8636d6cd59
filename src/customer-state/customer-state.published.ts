import { Customer } from '../billing/customers/customer.entity.ts';
import { subscriptionStatuses } from '../billing/subscriptions/subscription-status.ts';
import { publish } from '../reader/publish.ts';
import { CustomerStateType } from './customer-state.type.ts';

const ended = ['CANCELED', 'INCOMPLETE_EXPIRED'];

export const publishedCustomerState = publish(
  CustomerStateType,
  Customer,
  (from) => ({
    version: from.columns(['stateVersion'], ({ stateVersion }) => stateVersion!),
    changesAt: from.columns(['stateChangesAt'], ({ stateChangesAt }) => stateChangesAt),
    customer: from.self(),
    subscriptions: from.list('subscriptions', {
      only: { status: subscriptionStatuses.filter((status) => !ended.includes(status)) },
    }),
    openInvoices: from.list('invoices', { only: { status: ['OPEN'] } }),
  }),
  { visible: { stripeCustomerId: 'present', deletedAt: 'absent' }, beside: true },
);
