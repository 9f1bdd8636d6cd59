import { Field, ObjectType } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';

export const UsageForwardingStatusEnum = enumOf(
  'UsageForwardingStatus',
  "How an event fares on its way to Stripe's meter.",
  {
    WAITING: 'Stripe has not confirmed it yet. It is sent by itself.',
    FORWARDED: 'Stripe has it.',
    FAILED: 'Stripe does not count it; `error` says why. `resendUsage` sends it again.',
    DROPPED: 'It was voided before Stripe had it, and is never sent.',
  },
);

@ObjectType('UsageForwardingError', { simpleResolvers: true, description: 'Why Stripe does not count an event.' })
export class UsageForwardingErrorType {
  @Field(() => String, {
    description: "In Stripe's word, or in ours: the same codes as those of `failures` of `usageForwarding`.",
  })
  code!: string;

  @Field(() => String, { description: 'The same in a sentence.' })
  message!: string;
}

@ObjectType('UsageEventForwarding', {
  description:
    "What Stripe's meter was told of one usage event. It comes moments after the event, and again where Stripe reports later that it could not count it.",
})
export class UsageEventForwardingType {
  @Field(() => UsageForwardingStatusEnum, { description: 'How it fares.' })
  status!: keyof typeof UsageForwardingStatusEnum;

  @Field(() => Date, {
    nullable: true,
    description: 'When Stripe took it. Null where it has not, or does not count it.',
  })
  forwardedAt!: Date | null;

  @Field(() => UsageForwardingErrorType, {
    nullable: true,
    description: 'Why Stripe does not count it. Null unless the status is `FAILED`.',
  })
  error!: UsageForwardingErrorType | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The identifier of the event in Stripe that carries it, perhaps with others: a meter that adds up is told once of each second, one of the last value once of several events. Null where none does yet.',
  })
  stripeIdentifier!: string | null;
}
