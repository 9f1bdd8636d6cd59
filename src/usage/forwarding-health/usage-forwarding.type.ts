import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';

@ObjectType('FailedUsage', {
  simpleResolvers: true,
  description: "Usage that is recorded here and that Stripe's meter does not count. `resendUsage` sends it again.",
})
export class FailedUsageType {
  @Field(() => ID, { description: 'Our id: `ufw_…`.' })
  id!: string;

  @Field(() => ID, { description: 'The usage event: `ue_…`.' })
  usageEventId!: string;

  @Field(() => ID, { description: 'Whose usage: `pc_…`.' })
  customerId!: string;

  @Field(() => ID, { description: 'By which meter: `met_…`.' })
  meterId!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What Stripe lacks, in the unit of the meter; below zero for a correction. Null where the meter bills the last value of a period: Stripe is told the value that the period has.',
  })
  value!: string | null;

  @Field(() => Boolean, {
    description: 'Whether it takes back what Stripe counted of an event that was voided or replaced since.',
  })
  isCorrection!: boolean;

  @Field(() => Date, { description: 'When it was used.' })
  occurredAt!: Date;

  @Field(() => String, {
    description:
      "Why, in Stripe's word: `archived_meter`, `timestamp_too_far_in_past`, `meter_event_customer_not_found`; `cannot_be_canceled` for a correction of a meter of Stripe's that counts events, which Stripe takes for a day alone; `unknown_whether_counted` where nobody could know for more than a day whether Stripe counted it.",
  })
  code!: string;

  @Field(() => String, { description: 'The same in a sentence.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The identifier of the event in Stripe that carried it. Null where it is sent under a new one.',
  })
  stripeIdentifier!: string | null;
}

export const FailedUsageConnection = connectionOf('FailedUsage', () => FailedUsageType);

@ObjectType('UsageForwarding', {
  description: "How recorded usage fares on its way to Stripe's meters. Our own answers do not wait for it.",
})
export class UsageForwardingType {
  @Field(() => Int, { description: 'How many events, and corrections of events, Stripe has not confirmed yet.' })
  pending!: number;

  @Field(() => Date, { nullable: true, description: 'When the oldest of them was recorded; null where there is none.' })
  oldestPendingAt!: Date | null;

  @Field(() => Int, { description: 'Its age, in seconds; 0 where there is none.' })
  lagSeconds!: number;

  @Field(() => Int, { description: 'How many Stripe does not count: see `failures`.' })
  failed!: number;
}

@ObjectType('MeterErrorSample', { simpleResolvers: true, description: 'One event that Stripe could not count.' })
export class MeterErrorSampleType {
  @Field(() => String, { description: 'What was wrong with it, in words of Stripe.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its identifier in Stripe. Where we sent it, its usage is among the `failures` of `usageForwarding`.',
  })
  identifier!: string | null;
}

@ObjectType('MeterErrorReason', { simpleResolvers: true, description: 'A reason for which events were not counted.' })
export class MeterErrorReasonType {
  @Field(() => String, { description: "Stripe's word: `meter_event_customer_not_found`." })
  code!: string;

  @Field(() => Int, { description: 'How many events.' })
  errorCount!: number;

  @Field(() => [MeterErrorSampleType], { description: 'Some of them, as Stripe chose.' })
  samples!: MeterErrorSampleType[];
}

@ObjectType('MeterError', {
  simpleResolvers: true,
  description: "Stripe's report that it took events of a meter and could not count them, for a window of time.",
})
export class MeterErrorType {
  @Field(() => ID, { description: 'Our id: `mer_…`.' })
  id!: string;

  @Field(() => String, { description: "Stripe's id of the meter: `mtr_…`." })
  stripeMeterId!: string;

  @Field(() => String, { description: 'What happened, in words of Stripe.' })
  summary!: string;

  @Field(() => Date, { description: 'When the window begins.' })
  windowStart!: Date;

  @Field(() => Date, { description: 'When it ends.' })
  windowEnd!: Date;

  @Field(() => Int, { description: 'How many events were not counted. At most 2147483647.' })
  errorCount!: number;

  @Field(() => [MeterErrorReasonType], { description: 'Why.' })
  reasons!: MeterErrorReasonType[];

  @Field(() => Date, { description: 'When Stripe reported it.' })
  createdAt!: Date;
}

export const MeterErrorConnection = connectionOf('MeterError', () => MeterErrorType);
