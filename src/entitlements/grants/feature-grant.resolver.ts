import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { FeatureGrant } from './feature-grant.entity.ts';
import { GrantFeatureInput, OverrideFeatureInput, RevokeFeatureGrantInput } from './feature-grant.inputs.ts';
import { FeatureGrantType } from './feature-grant.type.ts';
import { type Decision, grantFeature } from './grant-feature.ts';
import { revokeFeatureGrant } from './revoke-feature-grant.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class GrantPayload {
  grantId!: string;
}

@ObjectType('GrantFeaturePayload', { description: 'What grantFeature answers.' })
export class GrantFeaturePayload extends GrantPayload {}

@ObjectType('OverrideFeaturePayload', { description: 'What overrideFeature answers.' })
export class OverrideFeaturePayload extends GrantPayload {}

@ObjectType('RevokeFeatureGrantPayload', { description: 'What revokeFeatureGrant answers.' })
export class RevokeFeatureGrantPayload extends GrantPayload {}

@Resolver()
export class FeatureGrantResolver {
  @Mutation(() => GrantFeaturePayload, {
    description:
      'Gives a customer a feature besides what he has otherwise: limits add up, and of options the furthest counts. `NOT_FOUND` for the customer and the feature; `CONFLICT` where the feature is archived; `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('entitlements:write')
  grantFeature(
    @Arg('input', () => GrantFeatureInput, { description: 'What is granted.' }) input: GrantFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<GrantFeaturePayload> {
    return decide(context, { ...input, kind: 'GRANT' });
  }

  @Mutation(() => OverrideFeaturePayload, {
    description:
      'Says what a customer has of a feature instead of all that products and grants give him, or takes it away. Of several overrides the one that was made last counts. `NOT_FOUND` for the customer and the feature; `CONFLICT` where the feature is archived; `BAD_USER_INPUT` with the field.',
  })
  @RequiresScopes('entitlements:write')
  overrideFeature(
    @Arg('input', () => OverrideFeatureInput, { description: 'What he has instead.' }) input: OverrideFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<OverrideFeaturePayload> {
    return decide(context, { ...input, kind: 'OVERRIDE' });
  }

  @Mutation(() => RevokeFeatureGrantPayload, {
    description:
      'Ends a grant or an override now, or before it begins. It is kept, with who and why. `NOT_FOUND`; `CONFLICT` where it was revoked or has expired already; `BAD_USER_INPUT` for the reason.',
  })
  @RequiresScopes('entitlements:write')
  async revokeFeatureGrant(
    @Arg('input', () => RevokeFeatureGrantInput, { description: 'Which one.' }) input: RevokeFeatureGrantInput,
    @Ctx() context: MutationContext,
  ): Promise<RevokeFeatureGrantPayload> {
    const side = await sideOf(context);
    const { operation, principal } = context;
    const work = operation.write(async (em) => (await revokeFeatureGrant({ em }, side, principal, input)).id);
    return { grantId: await work };
  }
}

async function decide(context: MutationContext, decision: Decision): Promise<GrantPayload> {
  const side = await sideOf(context);
  const { operation, principal } = context;
  return { grantId: await operation.write(async (em) => (await grantFeature({ em }, side, principal, decision)).id) };
}

const leaves = (payload: new () => GrantPayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => FeatureGrantType, { description })
    grant(@Root() { grantId }: GrantPayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(FeatureGrant, { id: grantId }, info);
    }
  }
  return PayloadResolver;
};

export const grantPayloadResolvers = [
  leaves(GrantFeaturePayload, 'The new grant.'),
  leaves(OverrideFeaturePayload, 'The new override.'),
  leaves(RevokeFeatureGrantPayload, 'The grant as it is now.'),
] as const;
