import { Arg, Args, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { ConnectionArgs } from '../../graphql/connection.ts';
import type { GuardedContext, MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { pageById } from '../../reader/page-by-id.ts';
import { OutgoingMessage } from '../webhooks/outgoing-message.entity.ts';
import { deliveriesWhere, messagesWhere } from './message-filter.ts';
import { OutgoingDelivery } from './outgoing-delivery.entity.ts';
import {
  OutgoingDeliveryConnection,
  OutgoingDeliveryFilter,
  OutgoingMessageConnection,
  OutgoingMessageFilter,
} from './outgoing-delivery.type.ts';
import { replayOutgoingMessages } from './replay-outgoing-messages.ts';
import { viewOutgoingDelivery, viewOutgoingMessage } from './view-outgoing-delivery.ts';

@InputType('ReplayOutgoingMessagesInput', {
  description: 'Which messages are sent again: `ids` or `filter`, and not both.',
})
export class ReplayOutgoingMessagesInput extends MutationInput {
  @Field(() => [ID], {
    nullable: true,
    description: 'By their ids, at most 1000: `msg_…`. An unknown one counts for nothing.',
  })
  ids?: string[] | null;

  @Field(() => OutgoingMessageFilter, { nullable: true, description: 'All that a filter finds, the oldest first.' })
  filter?: OutgoingMessageFilter | null;

  @Field(() => ID, {
    nullable: true,
    description: 'To this endpoint alone: `oep_…`. To each that wants them where it is left out.',
  })
  endpointId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only where the endpoint has not taken the message: it failed, or the endpoint was disabled then.',
  })
  undelivered?: boolean | null;
}

@ObjectType('ReplayOutgoingMessagesPayload', {
  simpleResolvers: true,
  description: 'What replayOutgoingMessages answers.',
})
export class ReplayOutgoingMessagesPayload {
  @Field(() => Int, {
    description: 'How many deliveries begin again, at most 10,000. What is due anyway does not count.',
  })
  replayed!: number;

  @Field(() => Boolean, { description: 'Whether there are more: ask again with a later `createdAfter`.' })
  hasMore!: boolean;
}

@Resolver()
export class OutgoingDeliveriesResolver {
  @Query(() => OutgoingMessageConnection, {
    description: 'What the endpoints of the project were told in the last thirty days, in this environment.',
  })
  @RequiresScopes('outgoing_webhooks:read')
  async outgoingMessages(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Arg('filter', () => OutgoingMessageFilter, { nullable: true, description: 'Which; all where it is left out.' })
    filter: OutgoingMessageFilter | null,
    @Ctx() { em, principal }: GuardedContext,
  ) {
    const where = messagesWhere(inProject(principal), filter ?? {});
    const page = await pageById(em, OutgoingMessage, where, args);
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewOutgoingMessage(node) }));
    return { ...page, edges, nodes: edges.map(({ node }) => node) };
  }

  @Query(() => OutgoingDeliveryConnection, {
    description:
      'The messages of the project on their way to its endpoints, in this environment, each with its last answer.',
  })
  @RequiresScopes('outgoing_webhooks:read')
  async outgoingDeliveries(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Arg('filter', () => OutgoingDeliveryFilter, { nullable: true, description: 'Which; all where it is left out.' })
    filter: OutgoingDeliveryFilter | null,
    @Ctx() { em, principal }: GuardedContext,
  ) {
    const where = deliveriesWhere(inProject(principal), filter ?? {});
    const page = await pageById(em, OutgoingDelivery, where, args);
    const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: viewOutgoingDelivery(node) }));
    return { ...page, edges, nodes: edges.map(({ node }) => node) };
  }

  @Mutation(() => ReplayOutgoingMessagesPayload, {
    description:
      'Sends messages again, in the background, under the ids that they had. Disabled endpoints get nothing. `BAD_USER_INPUT` without one of `ids` and `filter`; `NOT_FOUND` for an endpoint that is none of the project; `CONFLICT` where the project is archived.',
  })
  @RequiresScopes('outgoing_webhooks:write')
  async replayOutgoingMessages(
    @Arg('input', () => ReplayOutgoingMessagesInput, { description: 'Which, and where to.' })
    input: ReplayOutgoingMessagesInput,
    @Ctx() { operation, principal }: MutationContext,
  ): Promise<ReplayOutgoingMessagesPayload> {
    const { idempotencyKey: _, ...which } = input;
    const side = inProject(principal);
    return operation.write(async (em, note) => {
      const done = await replayOutgoingMessages({ em }, side, which);
      note({ subjectType: 'Project', subjectId: side.projectId, after: { ...which, ...done } });
      return done;
    });
  }
}
