import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { ConnectionArgs } from '../../graphql/connection.ts';
import { type GuardedContext, type MutationContext, teamConnectionOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { wakeLanes } from '../../lanes/wake-lanes.ts';
import { DriftItemConnection, DriftReportType, IngestionHealthType } from '../drift/drift.type.ts';
import { type IngestionHealth, measureIngestion } from './measure-ingestion.ts';
import { reconciliationLaneOf } from './reconciliation-lanes.ts';
import { listDrift, viewDrift } from './view-drift.ts';

@InputType('ReconcileInput', { description: 'How to reconcile.' })
export class ReconcileInput extends MutationInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only look, and write down what differs in `driftReport`: no row changes. False by default.',
  })
  dryRun?: boolean | null;
}

@ObjectType('ReconcilePayload', { simpleResolvers: true, description: 'What reconcile answers.' })
export class ReconcilePayload {
  @Field(() => Boolean, { description: 'Whether it only looks.' })
  dryRun!: boolean;
}

@Resolver(() => DriftReportType)
export class ReconciliationResolver {
  @Query(() => IngestionHealthType, {
    description: "How Stripe's events fare in this environment, for the whole team. Stripe is not asked.",
  })
  @RequiresScopes('webhooks:read')
  async ingestionHealth(@Ctx() context: GuardedContext): Promise<IngestionHealth> {
    const { id } = await teamConnectionOf(context);
    return measureIngestion(context, id);
  }

  @Query(() => DriftReportType, {
    description: 'Where our rows differed from Stripe in this environment, for the whole team.',
  })
  @RequiresScopes('webhooks:read')
  async driftReport(@Ctx() context: GuardedContext) {
    const { id } = await teamConnectionOf(context);
    return viewDrift(context, id);
  }

  @FieldResolver(() => DriftItemConnection, { description: 'What was found, healed or not.' })
  items(
    @Root() { connectionId }: { connectionId: string },
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('healed', () => Boolean, { nullable: true, description: 'Only what is healed, or only what is not.' })
    healed: boolean | null,
    @Ctx() { em }: GuardedContext,
  ) {
    return listDrift({ em }, connectionId, { healed }, page);
  }

  @Mutation(() => ReconcilePayload, {
    description:
      "Compares everything with Stripe in the background: the events of the last 30 days with those that came, every object with our row; and brings what differs to Stripe's truth. `driftReport` tells when it is through, and what it found. Asking again while it runs lets it run once more.",
  })
  @RequiresScopes('webhooks:write')
  async reconcile(
    @Arg('input', () => ReconcileInput, { description: 'How.' }) { dryRun }: ReconcileInput,
    @Ctx() context: MutationContext,
  ): Promise<ReconcilePayload> {
    const { id } = await teamConnectionOf(context);
    return context.operation.write(async (em, note) => {
      await wakeLanes(em, [reconciliationLaneOf(id, dryRun ? 'dry' : 'full')]);
      note({ subjectType: 'StripeConnection', subjectId: id, after: { dryRun: dryRun ?? false } });
      return { dryRun: dryRun ?? false };
    });
  }
}
