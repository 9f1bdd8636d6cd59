import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { badInput } from '../../errors.ts';
import { ConnectionArgs } from '../../graphql/connection.ts';
import { type GuardedContext, type MutationContext, teamConnectionOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { pageById } from '../../reader/page-by-id.ts';
import type { BackfillObject } from '../listings/backfill-objects.ts';
import type { Assignment } from './assignment.ts';
import { Backfill } from './backfill.entity.ts';
import { BackfillConnection, BackfillFailureConnection, BackfillObjectEnum, BackfillType } from './backfill.type.ts';
import { failuresOf } from './failures.loader.ts';
import { startBackfill } from './start-backfill.ts';
import { type BackfillView, viewBackfill } from './view-backfill.ts';

@InputType('BackfillMetadataProject', { description: 'A value of the metadata key, and the project it stands for.' })
export class BackfillMetadataProject {
  @Field(() => String, { description: 'The value, to the letter.' })
  value!: string;

  @Field(() => ID, { description: 'A project of your team: `prj_…`.' })
  projectId!: string;
}

@InputType('BackfillMetadataRule', { description: 'Each object goes to the project that its metadata stands for.' })
export class BackfillMetadataRule {
  @Field(() => String, { description: 'The key in the metadata of customers and products.' })
  key!: string;

  @Field(() => [BackfillMetadataProject], {
    description: 'What its values stand for. Objects without one are skipped.',
  })
  projects!: BackfillMetadataProject[];
}

@InputType('BackfillAssignment', {
  description:
    'The project of an object that has none yet: exactly one of these. Prices go with their product, subscriptions and invoices with their customer; what has a row stays where it is.',
})
@Directive('@oneOf')
export class BackfillAssignment {
  @Field(() => ID, { nullable: true, description: 'All to this project of your team: `prj_…`.' })
  projectId?: string | null;

  @Field(() => BackfillMetadataRule, { nullable: true, description: 'By a key in the metadata.' })
  metadata?: BackfillMetadataRule | null;
}

@InputType('StartBackfillInput', { description: 'What to bring, and to which project.' })
export class StartBackfillInput extends MutationInput {
  @Field(() => [BackfillObjectEnum], { nullable: true, description: 'All kinds where none are named.' })
  objects?: BackfillObject[] | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'Only what Stripe created after this instant, and what that refers to. Objects under test clocks come in any case: their time is that of the clock.',
  })
  createdAfter?: Date | null;

  @Field(() => BackfillAssignment, { description: 'The project of each object.' })
  assign!: BackfillAssignment;
}

@ObjectType('StartBackfillPayload', { simpleResolvers: true, description: 'What startBackfill answers.' })
export class StartBackfillPayload {
  @Field(() => BackfillType, { description: 'The backfill, at its start.' })
  backfill!: BackfillView;
}

@Resolver(() => BackfillType)
export class BackfillResolver {
  @Query(() => BackfillType, { nullable: true, description: 'One backfill; null where there is none.' })
  @RequiresScopes('webhooks:read')
  async backfill(
    @Arg('id', () => ID, { description: 'Our id: `bf_…`.' }) id: string,
    @Ctx() context: GuardedContext,
  ): Promise<BackfillView | null> {
    const { em } = context;
    const { id: connectionId } = await teamConnectionOf(context);
    const backfill = await em.findOne(Backfill, { id, connectionId });
    return backfill && viewBackfill({ em }, backfill);
  }

  @Query(() => BackfillConnection, { description: 'Every backfill of the Stripe connection in this environment.' })
  @RequiresScopes('webhooks:read')
  async backfills(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() context: GuardedContext) {
    const { em } = context;
    const { id: connectionId } = await teamConnectionOf(context);
    const page = await pageById(em, Backfill, { connectionId }, args);
    const nodes = await Promise.all(page.nodes.map((backfill) => viewBackfill({ em }, backfill)));
    return { ...page, nodes, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] })) };
  }

  @Mutation(() => StartBackfillPayload, {
    description:
      'Brings what your Stripe account holds already to this server, page by page in the background: watch `backfill`. Stripe is only read. `CONFLICT` while another backfill of the connection runs; `NOT_FOUND` for a project that is none of your team.',
  })
  @RequiresScopes('webhooks:write')
  async startBackfill(
    @Arg('input', () => StartBackfillInput, { description: 'The backfill.' }) input: StartBackfillInput,
    @Ctx() context: MutationContext,
  ): Promise<StartBackfillPayload> {
    const { id: connectionId, teamId } = await teamConnectionOf(context);
    const wanted = { ...input, assign: assignmentOf(input.assign) };
    return context.operation.write(async (em, note) => {
      const id = await startBackfill({ em }, { teamId, connectionId }, wanted);
      note({ subjectType: 'Backfill', subjectId: id, after: wanted });
      return { backfill: await viewBackfill({ em }, await em.findOneOrFail(Backfill, { id })) };
    });
  }

  @FieldResolver(() => BackfillFailureConnection)
  failures(
    @Root() { id }: BackfillView,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() { em }: GuardedContext,
  ) {
    return failuresOf({ em }, id, page);
  }
}

function assignmentOf({ projectId, metadata }: BackfillAssignment): Assignment {
  if (projectId != null) return { projectId };
  if (metadata != null) return { metadata };
  throw badInput('Give one of projectId and metadata, and not null.', 'assign');
}
