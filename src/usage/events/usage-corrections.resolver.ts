import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphContext, MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { DecimalScalar } from '../../graphql/scalars.ts';
import { inProject } from '../../identity/access/principal.ts';
import { replaceUsage, voidUsage } from './correct-usage.ts';
import { UsageEvent } from './usage-event.entity.ts';
import { UsageEventType } from './usage-event.type.ts';

@InputType('UsageEventBy', { description: 'How a usage event is found: exactly one of these.' })
@Directive('@oneOf')
export class UsageEventBy {
  @Field(() => ID, { nullable: true, description: 'Our id: `ue_…`.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'The identifier that it was reported with.' })
  identifier?: string | null;
}

@InputType()
abstract class Correction extends MutationInput {
  @Field(() => UsageEventBy, {
    description: 'Which event. `NOT_FOUND` where you have none; `CONFLICT` where it was voided before.',
  })
  event!: UsageEventBy;

  @Field(() => String, { description: 'Why, for who looks later: 1 to 500 characters.' })
  reason!: string;
}

@InputType('VoidUsageInput', { description: 'An event that counts no more.' })
export class VoidUsageInput extends Correction {}

@InputType('ReplaceUsageInput', {
  description: 'An event that counts no more, and what counts instead. What is left out is as it was.',
})
export class ReplaceUsageInput extends Correction {
  @Field(() => DecimalScalar, { nullable: true, description: 'How much it was: as in `UsageEventInput`.' })
  value?: string | null;

  @Field(() => String, { nullable: true, description: 'For a meter of UNIQUE_COUNT: as in `UsageEventInput`.' })
  uniqueValue?: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was: at most 35 days back and 5 minutes ahead, unless it is left out.',
  })
  timestamp?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The identifier of the new event, since the old one keeps its own: 1 to 100 characters. One is made where it is left out. `CONFLICT` where another event has it.',
  })
  identifier?: string | null;
}

@ObjectType('VoidUsagePayload', { description: 'What voidUsage answers.' })
export class VoidUsagePayload {
  eventId!: string;
}

@ObjectType('ReplaceUsagePayload', { description: 'What replaceUsage answers.' })
export class ReplaceUsagePayload {
  eventId!: string;
  replacedId!: string;
}

@Resolver()
export class UsageCorrectionsResolver {
  @Mutation(() => VoidUsagePayload, {
    description:
      'Lets an event count no more. It stays, with the reason, and its identifier stays taken. Stripe is told where it can be: what was invoiced is not invoiced again (docs/usage.md). `NOT_FOUND`; `CONFLICT`; `BAD_USER_INPUT`.',
  })
  @RequiresScopes('usage:write')
  async voidUsage(
    @Arg('input', () => VoidUsageInput, { description: 'Which event, and why.' }) input: VoidUsageInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<VoidUsagePayload> {
    return { eventId: await operation.write((em) => voidUsage(em, inProject(principal), input)) };
  }

  @Mutation(() => ReplaceUsagePayload, {
    description:
      'Voids an event, and records another one of the same customer and meter in its place, at once. `NOT_FOUND`; `CONFLICT`; `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('usage:write')
  async replaceUsage(
    @Arg('input', () => ReplaceUsageInput, { description: 'Which event, and what is different.' })
    input: ReplaceUsageInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<ReplaceUsagePayload> {
    const { kind, id, ...tenant } = inProject(principal);
    return operation.write((em) => replaceUsage(em, tenant, { ...input, actor: { kind, id } }));
  }
}

@Resolver(() => VoidUsagePayload)
class VoidedResolver {
  @FieldResolver(() => UsageEventType, { description: 'The event as it is now.' })
  event(@Root() { eventId }: VoidUsagePayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
    return read.one(UsageEvent, { id: eventId }, info);
  }
}

@Resolver(() => ReplaceUsagePayload)
class ReplacedResolver {
  @FieldResolver(() => UsageEventType, { description: 'The event that counts now.' })
  event(@Root() { eventId }: ReplaceUsagePayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
    return read.one(UsageEvent, { id: eventId }, info);
  }

  @FieldResolver(() => UsageEventType, { description: 'The event that counts no more.' })
  replaced(
    @Root() { replacedId }: ReplaceUsagePayload,
    @Ctx() { read }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return read.one(UsageEvent, { id: replacedId }, info);
  }
}

export const correctionPayloadResolvers = [VoidedResolver, ReplacedResolver] as const;
