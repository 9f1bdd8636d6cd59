import { Field, ID, InputType, Int } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { OneSubscriptionInput } from '../subscription-writes/subscription-writes.inputs.ts';
import type { ChangeTime, ItemChange, ProrationBehavior } from './subscription-change.ts';

export const ChangeTimeEnum = enumOf<ChangeTime>('SubscriptionChangeTime', 'When a change of a subscription is made.', {
  NOW: 'At once.',
  PERIOD_END: 'When the current billing period, or the trial, has ended. Until then nothing changes.',
});

export const ProrationBehaviorEnum = enumOf<ProrationBehavior>(
  'ProrationBehavior',
  'What becomes of the rest of a period in which the price or the quantity changes. A price of another interval begins a new period, and is billed at once whichever it is.',
  {
    CREATE_PRORATIONS:
      'What was paid for the rest of the period is credited, and what the rest costs now is charged: with the next invoice.',
    ALWAYS_INVOICE: 'The same, by an invoice that is made and collected at once.',
    NONE: 'Nothing. The new price is billed from the next period on.',
  },
);

@InputType('SubscriptionItemChangeInput', {
  description: 'One item that changes or goes (`itemId`), or is added (without).',
})
export class SubscriptionItemChangeInput implements ItemChange {
  @Field(() => ID, {
    nullable: true,
    description: 'Which item of the subscription: `psi_…`. Without it, one is added.',
  })
  itemId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'What it bills from then on: `pri_…`, active, recurring, in the currency of the others, and of no other item. Without it, what it bills now.',
  })
  priceId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many: 1 to 999,999. Without it as many as now, and 1 of what is added. `BAD_USER_INPUT` for a metered price, whose usage is counted.',
  })
  quantity?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the item goes. A subscription keeps one at least.',
  })
  remove?: boolean | null;
}

// biome-ignore lint/suspicious/noExplicitAny: what TypeScript demands of a mixin
type Class = abstract new (...args: any[]) => object;

/** What a change is, for the mutation that makes it and for the query that tells what it costs. */
const withChange = <Base extends Class>(base: Base) => {
  @InputType()
  abstract class ChangeInput extends base {
    @Field(() => ID, { description: 'Our id: `ps_…`. With a customer token, of its own customer.' })
    subscriptionId!: string;

    @Field(() => ID, {
      nullable: true,
      description:
        'Of a subscription with one item: what it bills from then on: `pri_…`, active, recurring and in the same currency. A customer token names a plan or self-service price of the project, and gets `FORBIDDEN` for any other. Not with `plan` or `items`.',
    })
    priceId?: string | null;

    @Field(() => String, {
      nullable: true,
      description: 'The same by the name of one of the plans of the project. Not with `priceId` or `items`.',
    })
    plan?: string | null;

    @Field(() => Int, {
      nullable: true,
      description:
        'Of a subscription with one item: how many, 1 to 999,999. Without it as many as now. `BAD_USER_INPUT` for a metered price, whose usage is counted.',
    })
    quantity?: number | null;

    @Field(() => [SubscriptionItemChangeInput], {
      nullable: true,
      description:
        'What changes of a subscription with whichever items: those that are not named stay. At most 20 items are billed together. Not for customer tokens.',
    })
    items?: SubscriptionItemChangeInput[] | null;

    @Field(() => ChangeTimeEnum, { defaultValue: 'NOW', description: 'When.' })
    at!: ChangeTime;

    @Field(() => ProrationBehaviorEnum, {
      nullable: true,
      description:
        'With `at: NOW`: what becomes of the rest of the period. `CREATE_PRORATIONS` by default; a customer token is always billed at once, as by `ALWAYS_INVOICE`, and may not say it.',
    })
    prorationBehavior?: ProrationBehavior | null;

    @Field(() => Date, {
      nullable: true,
      description:
        'With `at: NOW`: by which time it is prorated, within the current period, to the second. Send what a preview told, and what is billed is what was previewed. Now by default; with a customer token, in LIVE, at most ten minutes ago.',
    })
    prorationDate?: Date | null;
  }
  return ChangeInput;
};

@InputType('UpdateSubscriptionInput', {
  description: 'What a subscription bills from now, or from the next period on.',
})
export class UpdateSubscriptionInput extends withChange(MutationInput) {}

abstract class Nothing {}

@InputType('PreviewSubscriptionChangeInput', { description: 'A change as updateSubscription takes it.' })
export class PreviewSubscriptionChangeInput extends withChange(Nothing) {}

@InputType('DiscardPendingChangeInput', { description: 'Which subscription stays as it is.' })
export class DiscardPendingChangeInput extends OneSubscriptionInput {}
