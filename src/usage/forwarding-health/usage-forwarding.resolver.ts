import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { ConnectionArgs } from '../../graphql/connection.ts';
import { type GuardedContext, type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { listFailedUsage } from './list-failed-usage.ts';
import { listMeterErrors } from './list-meter-errors.ts';
import { measureForwarding } from './measure-forwarding.ts';
import { resendUsage } from './resend-usage.ts';
import { FailedUsageConnection, MeterErrorConnection, UsageForwardingType } from './usage-forwarding.type.ts';

@InputType('ResendUsageInput', { description: 'What to send again: one of the two.' })
export class ResendUsageInput extends MutationInput {
  @Field(() => [ID], { nullable: true, description: 'Of these usage events, `ue_…`, at most 1,000.' })
  usageEventIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'What has failed of this meter, `met_…`: the oldest 10,000.' })
  meterId?: string | null;
}

@ObjectType('ResendUsagePayload', { simpleResolvers: true, description: 'What resendUsage answers.' })
export class ResendUsagePayload {
  @Field(() => Int, { description: 'How many events and corrections are sent again, in the background.' })
  resent!: number;
}

@Resolver(() => UsageForwardingType)
export class UsageForwardingResolver {
  @Query(() => UsageForwardingType, {
    description:
      "What Stripe's meters are yet to be told of recorded usage, and what they refused. Stripe is not asked.",
  })
  @RequiresScopes('meters:read')
  usageForwarding(@Ctx() { em, principal }: GuardedContext) {
    return measureForwarding({ em }, inProject(principal));
  }

  @FieldResolver(() => FailedUsageConnection, { description: 'What Stripe does not count.' })
  failures(@Args(() => ConnectionArgs) page: ConnectionArgs, @Ctx() { em, principal }: GuardedContext) {
    return listFailedUsage({ em }, inProject(principal), page);
  }

  @Query(() => MeterErrorConnection, {
    description:
      "Stripe's reports of usage that it took and could not count, about the meters of this project. What we sent of it is among the `failures` of `usageForwarding`, where Stripe names it.",
  })
  @RequiresScopes('meters:read')
  meterErrors(@Args(() => ConnectionArgs) page: ConnectionArgs, @Ctx() { em, principal }: GuardedContext) {
    return listMeterErrors({ em }, inProject(principal), page);
  }

  @Mutation(() => ResendUsagePayload, {
    description:
      "Sends usage again that Stripe's meters refused, once its reason is gone. What may have been counted all the same keeps its identifier, so that Stripe counts it once; of `unknown_whether_counted` nobody knows, so compare first. Ids of events that did not fail, or are not in this project, are passed over. `BAD_USER_INPUT` unless one of `usageEventIds` and `meterId` is given; `NOT_FOUND` for an unknown meter.",
  })
  @RequiresScopes('usage:write')
  async resendUsage(
    @Arg('input', () => ResendUsageInput, { description: 'What.' }) input: ResendUsageInput,
    @Ctx() context: MutationContext,
  ): Promise<ResendUsagePayload> {
    const tenant = await tenantOf(context);
    return context.operation.write(async (em, note) => {
      const resent = await resendUsage({ em }, tenant, input);
      note({ subjectType: 'Meter', subjectId: input.meterId ?? tenant.projectId, after: { resent } });
      return { resent };
    });
  }
}
