import { Arg, Args, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { badInput } from '../../errors.ts';
import { type Connection, ConnectionArgs } from '../../graphql/connection.ts';
import { type GuardedContext, type MutationContext, teamConnectionOf } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { assignStripeCustomer } from './assign-stripe-customer.ts';
import { assignStripePayment } from './assign-stripe-payment.ts';
import { listWebhookEvents } from './list-webhook-events.ts';
import { replayWebhookEvents } from './replay-webhook-events.ts';
import { WebhookEventConnection, WebhookEventFilter, type WebhookEventType } from './webhook-event.type.ts';

@InputType('ReplayWebhookEventsInput', { description: 'Which events to replay: `ids` or `filter`, and not both.' })
export class ReplayWebhookEventsInput extends MutationInput {
  @Field(() => [ID], { nullable: true, description: "By Stripe's ids, at most 1000: `evt_…`." })
  ids?: string[] | null;

  @Field(() => WebhookEventFilter, { nullable: true, description: 'All that a filter finds.' })
  filter?: WebhookEventFilter | null;
}

@ObjectType('ReplayWebhookEventsPayload', { simpleResolvers: true, description: 'What replayWebhookEvents answers.' })
export class ReplayWebhookEventsPayload {
  @Field(() => Int, { description: 'How many events are pending again.' })
  replayed!: number;
}

@InputType('AssignStripeCustomerInput', { description: "A customer of Stripe's, and the project that it belongs to." })
export class AssignStripeCustomerInput extends MutationInput {
  @Field(() => String, { description: "Stripe's id of the customer: `cus_…`." })
  stripeCustomerId!: string;

  @Field(() => ID, { description: 'A project of your team: `prj_…`.' })
  projectId!: string;
}

@ObjectType('AssignStripeCustomerPayload', { simpleResolvers: true, description: 'What assignStripeCustomer answers.' })
export class AssignStripeCustomerPayload {
  @Field(() => ID, { description: 'Our id of the customer: `pc_…`.' })
  customerId!: string;

  @Field(() => Int, { description: 'How many events that belonged to no project are pending again.' })
  replayed!: number;
}

@InputType('AssignStripePaymentInput', {
  description: "A guest's payment in Stripe, and the project that it belongs to.",
})
export class AssignStripePaymentInput extends MutationInput {
  @Field(() => String, { description: "Stripe's id of the payment: `pi_…`." })
  stripePaymentIntentId!: string;

  @Field(() => ID, { description: 'A project of your team: `prj_…`.' })
  projectId!: string;
}

@ObjectType('AssignStripePaymentPayload', { simpleResolvers: true, description: 'What assignStripePayment answers.' })
export class AssignStripePaymentPayload {
  @Field(() => ID, { description: 'Our id of the payment: `pay_…`.' })
  paymentId!: string;

  @Field(() => Int, { description: 'How many events that belonged to no project are pending again.' })
  replayed!: number;
}

@Resolver()
export class WebhookEventResolver {
  @Query(() => WebhookEventConnection, {
    description:
      'The events that Stripe sent for the Stripe connection of this environment, in the order in which they came. The key must reach every project of the team.',
  })
  @RequiresScopes('webhooks:read')
  async webhookEvents(
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => WebhookEventFilter, { nullable: true, description: 'Which events; all where it is left out.' })
    filter: WebhookEventFilter | null,
    @Ctx() context: GuardedContext,
  ): Promise<Connection<WebhookEventType>> {
    const { id } = await teamConnectionOf(context);
    return listWebhookEvents(context, id, filter ?? {}, page);
  }

  @Mutation(() => ReplayWebhookEventsPayload, {
    description:
      "Gives events another round: their objects are brought to Stripe's truth of today, in the background. Events that are pending are on their way already and do not count; an id that is unknown counts for nothing.",
  })
  @RequiresScopes('webhooks:write')
  async replayWebhookEvents(
    @Arg('input', () => ReplayWebhookEventsInput, { description: 'Which events.' }) input: ReplayWebhookEventsInput,
    @Ctx() context: MutationContext,
  ): Promise<ReplayWebhookEventsPayload> {
    const { id } = await teamConnectionOf(context);
    const which = chosen(input);
    return context.operation.write(async (em, note) => {
      const replayed = await replayWebhookEvents({ em }, id, which);
      note({ subjectType: 'StripeConnection', subjectId: id, after: { ...which, replayed } });
      return { replayed };
    });
  }

  @Mutation(() => AssignStripeCustomerPayload, {
    description:
      "Links a customer of Stripe's that belongs to no project to one of yours, and brings its subscriptions and what came for it, in the background. Nothing is written in Stripe. `NOT_FOUND` for a customer that Stripe does not have and for a project that is none of your team; `CONFLICT` where it belongs to another project.",
  })
  @RequiresScopes('webhooks:write')
  async assignStripeCustomer(
    @Arg('input', () => AssignStripeCustomerInput, { description: 'Who belongs where.' })
    input: AssignStripeCustomerInput,
    @Ctx() context: MutationContext,
  ): Promise<AssignStripeCustomerPayload> {
    const connection = await teamConnectionOf(context);
    return assignStripeCustomer(context, connection, { ...input, projectIds: context.principal.projectIds });
  }

  @Mutation(() => AssignStripePaymentPayload, {
    description:
      "Links a guest's payment that belongs to no project to one of yours, and brings its charges and what came for it, in the background. Nothing is written in Stripe. `NOT_FOUND` for a payment that Stripe does not have and for a project that is none of your team; `CONFLICT` where it belongs to another project, or has a customer: assign the customer then.",
  })
  @RequiresScopes('webhooks:write')
  async assignStripePayment(
    @Arg('input', () => AssignStripePaymentInput, { description: 'What belongs where.' })
    input: AssignStripePaymentInput,
    @Ctx() context: MutationContext,
  ): Promise<AssignStripePaymentPayload> {
    const connection = await teamConnectionOf(context);
    return assignStripePayment(context, connection, { ...input, projectIds: context.principal.projectIds });
  }
}

function chosen({ ids, filter }: ReplayWebhookEventsInput) {
  if (ids != null && filter == null) return { ids };
  if (filter != null && ids == null) return { filter };
  throw badInput('Give one of ids and filter, and not both.', 'input');
}
