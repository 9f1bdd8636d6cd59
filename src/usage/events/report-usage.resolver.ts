import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { enumOf } from '../../graphql/enum-of.ts';
import type { MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { inProject } from '../../identity/access/principal.ts';
import { reportUsage, type UsageReport } from './report-usage.ts';
import type { OnRejection, UsageAnswer, UsageRejection } from './usage-answer.ts';

const OnRejectionEnum = enumOf<OnRejection>(
  'UsageOnRejection',
  'What becomes of the rest of a batch in which an event is rejected.',
  {
    RECORD_OTHERS: 'The others are recorded: mend the rejected ones, and send them again.',
    RECORD_NONE: 'None is recorded. Those that were recorded before, as an answer DUPLICATE says, stay.',
  },
);

const UsageResultEnum = enumOf<UsageAnswer['status']>('UsageReportStatus', 'What became of a reported event.', {
  RECORDED: 'It counts from now on.',
  DUPLICATE: 'It was recorded before, by its identifier, and counts once.',
  REJECTED: 'It does not count: `code` and `message` say why.',
});

const UsageRejectionEnum = enumOf<UsageRejection>('UsageRejectionCode', 'Why an event was rejected.', {
  UNKNOWN_METER: 'The project has no meter of this id or event name.',
  ARCHIVED_METER: 'The meter is archived.',
  UNKNOWN_CUSTOMER:
    'The project has no such customer, or it was deleted, or not exactly one of `customerId` and `externalId` was given.',
  VALUE_MISSING: 'The meter needs a `value`, or a `uniqueValue`.',
  VALUE_NOT_TAKEN: 'The meter takes no `value` (other than 1), or no `uniqueValue`.',
  VALUE_NOT_A_NUMBER: 'The value is no number in decimal digits: `NaN`, `Infinity` and `1e3` are none.',
  VALUE_NEGATIVE: 'The value is less than 0. What was too much is voided or replaced.',
  VALUE_TOO_LARGE: 'The value has more than 15 digits, or the `uniqueValue` is empty or longer than 200 characters.',
  VALUE_TOO_PRECISE: 'The value has more than 15 digits that count, or more than 12 decimals.',
  TIMESTAMP_TOO_OLD: 'The timestamp is more than 35 days back.',
  TIMESTAMP_IN_FUTURE: 'The timestamp is more than 5 minutes ahead.',
  IDENTIFIER_INVALID: 'The identifier is empty or longer than 100 characters.',
  IDENTIFIER_REUSED: 'An event of this identifier has another meter, customer, value or timestamp.',
  BATCH_REJECTED: 'Another event of the batch was rejected, and `onRejection` is RECORD_NONE.',
});

@InputType('UsageEventInput', { description: 'Something that a customer used.' })
export class UsageEventInput {
  @Field(() => String, { description: 'The event name of the meter, `api_calls`, or its id, `met_…`.' })
  meter!: string;

  @Field(() => ID, { nullable: true, description: 'Who used it: `pc_…`. Exactly one of this and `externalId`.' })
  customerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Who used it, by your own id of the customer.' })
  externalId?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'How much, in the unit of the meter: 0 or more, at most 15 digits that count and 12 decimals. Left out for meters that COUNT, each event being 1, and for UNIQUE_COUNT.',
  })
  value?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For a meter of UNIQUE_COUNT, what is counted once, such as the id of a user: 1 to 200 characters.',
  })
  uniqueValue?: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When: at most 35 days back and 5 minutes ahead. Now where it is left out.',
  })
  timestamp?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Your own id of the event, 1 to 100 characters, unique in the project and environment: an event that is sent again with it counts once. Without one, an event that is sent again counts again.',
  })
  identifier?: string | null;
}

@InputType('ReportUsageInput', { description: 'A batch of usage.' })
export class ReportUsageInput extends MutationInput {
  @Field(() => [UsageEventInput], { description: '1 to 1,000 events, of any customers and meters, in any order.' })
  events!: UsageEventInput[];

  @Field(() => OnRejectionEnum, {
    defaultValue: 'RECORD_OTHERS',
    description: 'What becomes of the rest where an event is rejected.',
  })
  onRejection!: OnRejection;
}

@ObjectType('UsageReportResult', { simpleResolvers: true, description: 'What became of one event of a batch.' })
export class UsageReportResult {
  @Field(() => UsageResultEnum, { description: 'What became of it.' })
  status!: UsageAnswer['status'];

  @Field(() => String, {
    nullable: true,
    description: 'The identifier of the event: yours, or the one that was made. Null for a rejected event without one.',
  })
  identifier!: string | null;

  @Field(() => ID, { nullable: true, description: 'The event that counts: `ue_…`. Null where it was rejected.' })
  eventId!: string | null;

  @Field(() => UsageRejectionEnum, { nullable: true, description: 'Why it was rejected; null where it was not.' })
  code!: UsageRejection | null;

  @Field(() => String, { nullable: true, description: 'The same for people, and what to do.' })
  message!: string | null;
}

@ObjectType('ReportUsagePayload', { simpleResolvers: true, description: 'What reportUsage answers.' })
export class ReportUsagePayload {
  @Field(() => [UsageReportResult], { description: 'For each event of the batch what became of it, in their order.' })
  results!: UsageReportResult[];

  @Field(() => Int, { description: 'How many events were recorded.' })
  recorded!: number;

  @Field(() => Int, { description: 'How many had been recorded before.' })
  duplicates!: number;

  @Field(() => Int, { description: 'How many were rejected.' })
  rejected!: number;
}

@Resolver()
export class ReportUsageResolver {
  @Mutation(() => ReportUsagePayload, {
    description:
      'Records what customers used: all that is recorded of a batch counts at once, in `usage` with the answer, and in Stripe soon after. Each event has an answer of its own; an event that is rejected is no error of the call. `BAD_USER_INPUT` for a batch of none or of more than 1,000, of which nothing is recorded.',
  })
  @RequiresScopes('usage:write')
  async reportUsage(
    @Arg('input', () => ReportUsageInput, { description: 'The batch.' }) { events, onRejection }: ReportUsageInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<UsageReport> {
    const { kind, id, ...tenant } = inProject(principal);
    return reportUsage({ operation }, tenant, { events, onRejection, actor: { kind, id } });
  }
}
