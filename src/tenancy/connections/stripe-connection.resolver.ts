import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';
import type { GuardedContext, MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { rollWebhookSecret } from '../webhook-endpoints/roll-webhook-secret.ts';
import { connectTeam } from './connect-team.ts';
import { disconnectStripe } from './disconnect-stripe.ts';
import { findConnection } from './find-connection.ts';
import { rotateStripeKey } from './rotate-stripe-key.ts';
import { StripeConnection } from './stripe-connection.entity.ts';
import { StripeConnectionType } from './stripe-connection.type.ts';

@InputType('StripeKeyInput', { description: 'A secret key of Stripe.' })
export class StripeKeyInput extends MutationInput {
  @Field(() => EnvironmentEnum, { description: 'The environment that it is for. The mode of the key must match.' })
  environment!: Environment;

  @Field(() => String, {
    description:
      'A secret (`sk_…`) or restricted (`rk_…`) key of the account. It is sealed before it is kept, and never answered.',
  })
  secretKey!: string;
}

@InputType('RollWebhookSecretInput', { description: 'A new signing secret for the webhook endpoint.' })
export class RollWebhookSecretInput extends MutationInput {
  @Field(() => EnvironmentEnum, { description: 'The environment.' })
  environment!: Environment;

  @Field(() => Int, {
    nullable: true,
    description:
      'For how many seconds the old one is still accepted: 86400 (a day) by default and at most; 0 where it was leaked.',
  })
  overlap?: number | null;
}

@InputType('DisconnectStripeInput', { description: 'Which account to disconnect.' })
export class DisconnectStripeInput extends MutationInput {
  @Field(() => EnvironmentEnum, { description: 'The environment.' })
  environment!: Environment;
}

@ObjectType('StripeConnectionPayload', { simpleResolvers: true, description: 'The connection as it is now.' })
export class StripeConnectionPayload {
  @Field(() => StripeConnectionType, { description: 'The connection.' })
  connection!: StripeConnectionType;
}

@ObjectType('DisconnectStripePayload', { simpleResolvers: true, description: 'What disconnectStripe answers.' })
export class DisconnectStripePayload {
  @Field(() => Boolean, {
    description:
      'Whether our webhook endpoints are gone from Stripe. False where Stripe no longer takes the key: delete them in its dashboard.',
  })
  endpointsDeleted!: boolean;
}

@Resolver()
export class StripeConnectionResolver {
  @Query(() => [StripeConnectionType], {
    description:
      'The Stripe accounts of the team, at most one for each environment. The query `doctor` says how one is.',
  })
  @RequiresScopes('connection:read')
  async stripeConnections(@Ctx() { em, principal }: GuardedContext): Promise<StripeConnectionType[]> {
    const rows = await em.find(StripeConnection, { team: principal.teamId }, { orderBy: { environment: 'desc' } });
    return rows.map(shown);
  }

  @Mutation(() => StripeConnectionPayload, {
    description:
      'Connects a Stripe account: tries the key, and makes or takes over the webhook endpoint. `BAD_USER_INPUT` for a key of the other mode, one that Stripe refuses, and a restricted one without a right that is needed, which is named; `CONFLICT` where an account is connected already, or the rows here are of another account.',
  })
  @RequiresScopes('connection:write')
  async connectStripe(
    @Arg('input', () => StripeKeyInput, { description: 'The key.' }) input: StripeKeyInput,
    @Ctx() context: MutationContext,
  ): Promise<StripeConnectionPayload> {
    const { em, operation, installation } = context;
    const { teamId } = context.principal;
    return shownOf(context, await connectTeam({ ...installation, em, operation }, { teamId, ...input }));
  }

  @Mutation(() => StripeConnectionPayload, {
    description:
      'Puts another key of the same account in the place of the one that is kept; every process uses it within five seconds. `BAD_USER_INPUT` as in connectStripe; `CONFLICT` for a key of another account, and where none is connected.',
  })
  @RequiresScopes('connection:write')
  async rotateStripeKey(
    @Arg('input', () => StripeKeyInput, { description: 'The new key.' }) input: StripeKeyInput,
    @Ctx() context: MutationContext,
  ): Promise<StripeConnectionPayload> {
    const { operation, installation } = context;
    const { teamId } = context.principal;
    return shownOf(context, await rotateStripeKey({ ...installation, operation }, { teamId, ...input }));
  }

  @Mutation(() => StripeConnectionPayload, {
    description:
      'Gives the webhook endpoint a new signing secret; both are accepted for the overlap. `BAD_USER_INPUT` for an overlap out of range; `CONFLICT` where no account is connected, or it has no endpoint that Billgraph made.',
  })
  @RequiresScopes('connection:write')
  async rollWebhookSecret(
    @Arg('input', () => RollWebhookSecretInput, { description: 'Which one.' }) input: RollWebhookSecretInput,
    @Ctx() context: MutationContext,
  ): Promise<StripeConnectionPayload> {
    const { em, operation, installation } = context;
    const { teamId } = context.principal;
    const row = await findConnection({ em }, { teamId, environment: input.environment });
    const { stripe } = (await installation.connections.byId(row.id))!;
    const tools = { stripe, sealer: installation.sealer, write: operation.write };
    await rollWebhookSecret(tools, row, input.overlap ?? undefined);
    installation.connections.forget(row.id);
    return shownOf(context, row.id);
  }

  @Mutation(() => DisconnectStripePayload, {
    description:
      'Deletes our webhook endpoints in Stripe and forgets the key. What is known stays, and grows old; connecting the same account again goes on. `CONFLICT` where none is connected; `STRIPE_ERROR` where Stripe cannot be reached, and then nothing is changed.',
  })
  @RequiresScopes('connection:write')
  async disconnectStripe(
    @Arg('input', () => DisconnectStripeInput, { description: 'Which one.' }) input: DisconnectStripeInput,
    @Ctx() context: MutationContext,
  ): Promise<DisconnectStripePayload> {
    const { em, operation, installation, principal } = context;
    return disconnectStripe({ ...installation, em, operation }, { teamId: principal.teamId, ...input });
  }
}

async function shownOf({ em }: MutationContext, id: string): Promise<StripeConnectionPayload> {
  return { connection: shown(await em.findOneOrFail(StripeConnection, id, { refresh: true })) };
}

const shown = (row: StripeConnection): StripeConnectionType => ({
  id: row.id,
  environment: row.environment,
  stripeAccountId: row.stripeAccountId,
  connected: row.sealedSecretKey !== null,
  stripeWebhookEndpointId: row.stripeWebhookEndpointId ?? null,
  webhookSecretRetiresAt: row.webhookSecretRetiresAt ?? null,
  createdAt: row.createdAt,
});
