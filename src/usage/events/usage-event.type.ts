import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerType } from '../../billing/customers/customer.type.ts';
import { connectionOf } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { NodeType } from '../../graphql/node.type.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { UsageEventForwardingType } from '../forwarding-health/event-forwarding.type.ts';
import { MeterType } from '../meters/meter.type.ts';

export const UsageEventStatusEnum = enumOf('UsageEventStatus', 'Whether an event counts.', {
  RECORDED: 'It counts.',
  VOIDED: 'It counts no more; `replacedBy` may count instead.',
});

@ObjectType('UsageEvent', {
  implements: NodeType,
  description:
    'Something that a customer used, as it was reported. It is never changed or deleted: what was wrong is voided, and stays with the reason.',
})
export class UsageEventType {
  @Field(() => ID, { description: 'Our id: `ue_…`.' })
  id!: string;

  @RequiresScopes('meters:read')
  @Field(() => MeterType, { description: 'What was used.' })
  meter!: MeterType;

  @RequiresScopes('customers:read')
  @Field(() => CustomerType, { description: 'Who used it.' })
  customer!: CustomerType;

  @Field(() => String, {
    description: 'By which a report that is sent again is known. The id of the event where the caller gave none.',
  })
  identifier!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'How much, in the unit of the meter; 1 where the meter counts events. Null where it counts `uniqueValue`s.',
  })
  value!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is counted once, however often it comes. Null for other meters.',
  })
  uniqueValue!: string | null;

  @Field(() => UsageEventStatusEnum, { description: 'Whether it counts.' })
  status!: keyof typeof UsageEventStatusEnum;

  @Field(() => Date, {
    description: 'When it was used: the timestamp of the report. It says which period it counts in.',
  })
  occurredAt!: Date;

  @Field(() => Date, { description: 'When it was reported.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Since when it counts no more. Null while it counts.' })
  voidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it counts no more. Null while it counts.' })
  voidReason!: string | null;

  @Field(() => UsageEventType, {
    nullable: true,
    description: 'What counts instead since then. Null where nothing does.',
  })
  replacedBy!: UsageEventType | null;

  @RequiresScopes('meters:read')
  @Field(() => UsageEventForwardingType, {
    nullable: true,
    description:
      "Whether and when Stripe's meter was told of it. Null where that is over for more than 90 days: it was forwarded, or dropped, and the details are gone.",
  })
  forwarding!: UsageEventForwardingType | null;

  @RequiresScopes('meters:read')
  @Field(() => UsageEventForwardingType, {
    nullable: true,
    description:
      'The same of what takes it back in Stripe, since it was voided. Null where nothing does: it counts, or Stripe never had it, or that is over for more than 90 days.',
  })
  withdrawal!: UsageEventForwardingType | null;
}

export const UsageEventConnection = connectionOf('UsageEvent', () => UsageEventType);
