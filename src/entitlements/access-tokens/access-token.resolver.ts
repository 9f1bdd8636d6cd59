import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { BigIntScalar } from '../../graphql/scalars.ts';
import { inProject } from '../../identity/access/principal.ts';
import { createAccessToken, type NewAccessToken } from './create-access-token.ts';

@InputType('CreateAccessTokenInput', { description: 'What a customer may use, signed.' })
export class CreateAccessTokenInput extends MutationInput implements NewAccessToken {
  @Field(() => ID, {
    nullable: true,
    description: 'Whose access it says: `pc_…`. A customer token need not name its own customer.',
  })
  customerId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How long it may be believed, in seconds: 300 (5 minutes) by default, at most 3600 (an hour).',
  })
  ttl?: number | null;
}

@ObjectType('CreateAccessTokenPayload', { simpleResolvers: true, description: 'What createAccessToken answers.' })
export class CreateAccessTokenPayload {
  @Field(() => String, {
    description:
      'A signed JWT (EdDSA, `typ` `billgraph-access+jwt`; public keys at /.well-known/jwks.json), with the claims `sub` (the customer), `iss` (this server), `aud` (`<project>/<environment>`), `iat`, `exp`, `project`, `environment`, `features` and `version`. `features` holds by key what the customer has: `true`; of what has options, the option; of a limit, `{ limit, used, remaining, resetsAt }`, decimals in text, null for without a limit, `resetsAt` in seconds since 1970, and only `limit` where no meter counts. It is no credential here.',
  })
  token!: string;

  @Field(() => Date, {
    description: 'When it stops to hold: after `ttl`, or when the access changes by time alone, whichever is first.',
  })
  expiresAt!: Date;

  @Field(() => BigIntScalar, { description: "The version of the customer's state that it says." })
  version!: bigint;
}

@Resolver()
export class AccessTokenResolver {
  @Mutation(() => CreateAccessTokenPayload, {
    description:
      'Signs what a customer may use, so that an edge function can check it without asking anybody. It cannot be taken back: it ends soon, and its `version` tells whether it is the newest. A customer token signs for its own customer. `BAD_USER_INPUT` for a `ttl` out of range, `NOT_FOUND` for a customer that you do not have.',
  })
  @RequiresScopes('access_tokens:write')
  createAccessToken(
    @Arg('input', () => CreateAccessTokenInput, { description: 'Whose access, and for how long.' })
    input: CreateAccessTokenInput,
    @Ctx() { operation, signingKeys, installation, principal }: MutationContext,
  ): Promise<CreateAccessTokenPayload> {
    const issuer = installation.publicUrl;
    return operation.write(async (em, note) => {
      const signed = await createAccessToken({ em, signingKeys, issuer }, inProject(principal), input);
      const { expiresAt, version } = signed;
      const subjectId = (input.customerId ?? principal.customerId)!;
      note({ subjectType: 'Customer', subjectId, after: { expiresAt, version: String(version) } });
      return signed;
    });
  }
}
