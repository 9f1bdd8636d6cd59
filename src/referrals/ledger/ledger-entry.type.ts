import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { type Money, MoneyType } from '../../graphql/money.type.ts';
import { NodeType } from '../../graphql/node.type.ts';
import type { LedgerAccount, LedgerKind } from './ledger-accounts.ts';

export const LedgerAccountEnum = enumOf('LedgerAccount', 'Between which accounts referral credit moves.', {
  REFERRAL_EXPENSE: 'What the project spends on rewards.',
  CUSTOMER_CREDIT:
    'What the project owes the customer and Stripe does not hold yet, below zero; above zero, what is to be taken back from Stripe.',
  STRIPE_BALANCE: "What was put on the customer's balance in Stripe, below zero, as Stripe counts credit.",
} satisfies Record<LedgerAccount, string>);

export const LedgerKindEnum = enumOf('LedgerKind', 'Why entries were written.', {
  CREDIT: 'A reward was earned.',
  CLAWBACK: 'What had earned it was refunded or disputed.',
  PAYOUT: "Stripe has put a credit on the customer's balance, or has taken a clawback from it.",
  REVERSAL: 'Stripe refuses to: the credit, or the clawback, is undone.',
  RETRY: 'Stripe is asked for it again (`retryReferralPayout`): the reversal is undone.',
} satisfies Record<LedgerKind, string>);

@ObjectType('LedgerEntry', {
  implements: NodeType,
  description:
    'One side of a transaction in the double-entry ledger of referral credit. Entries are added and never change; those of a transaction sum to zero, and balances are sums.',
})
export class LedgerEntryType {
  @Field(() => ID, { description: 'Our id: `led_…`.' })
  id!: string;

  @Field(() => ID, { description: 'What the entries of one transaction have in common: `ltx_…`.' })
  transactionId!: string;

  @Field(() => LedgerKindEnum, { description: 'Why it was written.' })
  kind!: LedgerKind;

  @Field(() => LedgerAccountEnum, { description: 'Of which account.' })
  account!: LedgerAccount;

  @Field(() => CustomerType, {
    nullable: true,
    description: "Of which customer. Null for REFERRAL_EXPENSE, which is the project's own.",
  })
  customer!: CustomerType | null;

  @Field(() => MoneyType, { description: 'What it adds to the account, with its sign.' })
  amount!: Money;

  @Field(() => ID, { description: 'The reward that it is about: `rew_…`.' })
  rewardId!: string;

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date;
}

export const LedgerEntryConnection = connectionOf('LedgerEntry', () => LedgerEntryType);

@ObjectType('ReferralBalance', {
  simpleResolvers: true,
  description:
    'What rewards come to in a currency, by the ledger: `credited` − `clawedBack` − `failedCredit` + `failedClawback` = `inStripe` + `waiting`, always.',
})
export class ReferralBalanceType {
  @Field(() => MoneyType, { description: 'All rewards that were earned.' })
  credited!: Money;

  @Field(() => MoneyType, {
    description: 'What was taken back of them, since what had earned it was refunded or disputed.',
  })
  clawedBack!: Money;

  @Field(() => MoneyType, {
    description: 'Credits that Stripe refused: they are given to nobody, unless they are retried.',
  })
  failedCredit!: Money;

  @Field(() => MoneyType, {
    description: 'Clawbacks that Stripe refused: the customers keep them, unless they are retried.',
  })
  failedClawback!: Money;

  @Field(() => MoneyType, {
    description:
      "What was put on customers' balances in Stripe for rewards, less what was taken from them again. Invoices may have used it since.",
  })
  inStripe!: Money;

  @Field(() => MoneyType, {
    description: 'What is still to be put on them; below zero, what is still to be taken from them.',
  })
  waiting!: Money;
}
