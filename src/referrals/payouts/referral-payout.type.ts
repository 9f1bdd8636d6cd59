import { Field, ID, Int, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import type { PayoutKind, PayoutState } from './payout-states.ts';

export const PayoutKindEnum = enumOf('ReferralPayoutKind', 'Which way the money goes.', {
  CREDIT: "To the customer's balance in Stripe, which pays his next invoices.",
  CLAWBACK: 'Back from that balance, which may go below what is there: then the next invoice is higher.',
} satisfies Record<PayoutKind, string>);

export const PayoutStateEnum = enumOf('ReferralPayoutState', 'What became of a payout.', {
  PENDING:
    'Stripe is yet to be asked. Where the customer is not in Stripe yet, or no account is connected, it waits for that.',
  ASKED: 'Stripe is being asked, and its answer is not known. It is asked again until it is, and does it once.',
  DONE: "It is in the customer's balance in Stripe: see `stripeBalanceTransactionId`.",
  FAILED:
    'Stripe refuses it: see `failureCode`. What the ledger said of it is reversed. Nothing more is done, unless you say so (`retryReferralPayout`).',
  CANCELED: 'What it was for ended before Stripe had it: the reward was clawed back, or its credit failed.',
} satisfies Record<PayoutState, string>);

@ObjectType('ReferralPayout', {
  implements: NodeType,
  description:
    "A change of a customer's balance in Stripe for a reward: its credit, or the clawback of that. Of a reward there is at most one of each.",
})
export class ReferralPayoutType {
  @Field(() => ID, { description: "Our id: `rpo_…`; in Stripe it is the entry's metadata `billgraph_payout`." })
  id!: string;

  @Field(() => ID, { description: 'The reward that it is for: `rew_…`.' })
  rewardId!: string;

  @Field(() => CustomerType, { description: 'Whose balance.' })
  customer!: CustomerType;

  @Field(() => PayoutKindEnum, { description: 'Which way.' })
  kind!: PayoutKind;

  @Field(() => PayoutStateEnum, { description: 'What became of it.' })
  state!: PayoutState;

  @Field(() => MoneyType, { description: 'How much, above zero either way.' })
  amount!: Money;

  @Field(() => String, {
    nullable: true,
    description: "Stripe's id of the entry in the customer's balance: `cbtxn_…`. Null until it is DONE.",
  })
  stripeBalanceTransactionId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Why it FAILED, in Stripe's word: `resource_missing` where the customer is deleted there, `invalid_request` where Stripe gives none. `currency_mismatch` is ours: Stripe bills the customer in another currency, so that no invoice would use the credit. Null otherwise.",
  })
  failureCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The same in a sentence. Null otherwise.' })
  failureMessage!: string | null;

  @Field(() => Int, { description: 'How often it was asked for anew after it had FAILED, by `retryReferralPayout`.' })
  retries!: number;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was done, failed or was canceled. Null while it is neither.',
  })
  endedAt!: Date | null;

  @Field(() => Date, { description: 'When it was decided.' })
  createdAt!: Date;
}

export const ReferralPayoutConnection = connectionOf('ReferralPayout', () => ReferralPayoutType);
