import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { type GraphContext, type MutationContext, sideOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { createFeature } from './create-feature.ts';
import { Feature } from './feature.entity.ts';
import {
  ArchiveFeatureInput,
  CreateFeatureInput,
  ReactivateFeatureInput,
  UpdateFeatureInput,
} from './feature.inputs.ts';
import { FeatureType } from './feature.type.ts';
import { updateFeature } from './update-feature.ts';

/** What a mutation leaves: its field is read after the commit. */
abstract class FeaturePayload {
  featureId!: string;
}

@ObjectType('CreateFeaturePayload', { description: 'What createFeature answers.' })
export class CreateFeaturePayload extends FeaturePayload {}

@ObjectType('UpdateFeaturePayload', { description: 'What updateFeature answers.' })
export class UpdateFeaturePayload extends FeaturePayload {}

@ObjectType('ArchiveFeaturePayload', { description: 'What archiveFeature answers.' })
export class ArchiveFeaturePayload extends FeaturePayload {}

@ObjectType('ReactivateFeaturePayload', { description: 'What reactivateFeature answers.' })
export class ReactivateFeaturePayload extends FeaturePayload {}

@Resolver()
export class FeatureWritesResolver {
  @Mutation(() => CreateFeaturePayload, {
    description:
      'Makes a feature. Nobody has it until a product gives it (setProductFeature) or somebody grants it (grantFeature). `BAD_USER_INPUT` with the field; `CONFLICT` where the key is taken; `NOT_FOUND` for the meter.',
  })
  @RequiresScopes('features:write')
  async createFeature(
    @Arg('input', () => CreateFeatureInput, { description: 'The feature.' }) input: CreateFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<CreateFeaturePayload> {
    const side = await sideOf(context);
    return { featureId: await context.operation.write(async (em) => (await createFeature({ em }, side, input)).id) };
  }

  @Mutation(() => UpdateFeaturePayload, {
    description:
      'Changes the name, the description, and adds options: what is left out stays. `BAD_USER_INPUT` with the field; `NOT_FOUND`; `CONFLICT` where it is archived.',
  })
  @RequiresScopes('features:write')
  updateFeature(
    @Arg('input', () => UpdateFeatureInput, { description: 'What changes.' }) input: UpdateFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<UpdateFeaturePayload> {
    return change(context, input);
  }

  @Mutation(() => ArchiveFeaturePayload, {
    description:
      'Archives a feature: no product and no grant gives it anew, and who has it keeps it. Its key stays taken. `NOT_FOUND`.',
  })
  @RequiresScopes('features:write')
  archiveFeature(
    @Arg('input', () => ArchiveFeatureInput, { description: 'Which feature.' }) { feature }: ArchiveFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<ArchiveFeaturePayload> {
    return change(context, { feature, archived: true });
  }

  @Mutation(() => ReactivateFeaturePayload, { description: 'Takes an archived feature up again. `NOT_FOUND`.' })
  @RequiresScopes('features:write')
  reactivateFeature(
    @Arg('input', () => ReactivateFeatureInput, { description: 'Which feature.' }) { feature }: ReactivateFeatureInput,
    @Ctx() context: MutationContext,
  ): Promise<ReactivateFeaturePayload> {
    return change(context, { feature, archived: false });
  }
}

async function change(context: MutationContext, input: Parameters<typeof updateFeature>[2]): Promise<FeaturePayload> {
  const side = await sideOf(context);
  return { featureId: await context.operation.write(async (em) => (await updateFeature({ em }, side, input)).id) };
}

const leaves = (payload: new () => FeaturePayload, description: string): (new () => object) => {
  @Resolver(() => payload)
  class PayloadResolver {
    @FieldResolver(() => FeatureType, { description })
    feature(@Root() { featureId }: FeaturePayload, @Ctx() { read }: GraphContext, @Info() info: GraphQLResolveInfo) {
      return read.one(Feature, { id: featureId }, info);
    }
  }
  return PayloadResolver;
};

export const featurePayloadResolvers = [
  leaves(CreateFeaturePayload, 'The new feature.'),
  leaves(UpdateFeaturePayload, 'The feature as it is now.'),
  leaves(ArchiveFeaturePayload, 'The feature as it is now.'),
  leaves(ReactivateFeaturePayload, 'The feature as it is now.'),
] as const;
