import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { MutationContext } from '../../graphql/graph-context.ts';
import { MutationInput } from '../../graphql/mutation-input.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { frontendScopes } from '../../identity/access/scopes.ts';
import { createCustomerToken } from './create-customer-token.ts';

@InputType('CreateCustomerTokenInput', { description: 'A token for the frontend of one customer.' })
export class CreateCustomerTokenInput extends MutationInput {
  @Field(() => ID, { description: 'The customer whom the token speaks for: `pc_…`.' })
  customerId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How long it lives, in seconds: 900 (15 minutes) by default, at most 86400 (24 hours).',
  })
  ttl?: number | null;

  @Field(() => [String], {
    description: `What the frontend may do: some of ${frontendScopes.map((scope) => `\`${scope}\``).join(', ')}, and no more than your key holds. None means none.`,
  })
  scopes!: string[];
}

@ObjectType('CreateCustomerTokenPayload', { simpleResolvers: true, description: 'What createCustomerToken answers.' })
export class CreateCustomerTokenPayload {
  @Field(() => String, {
    description:
      'A signed JWT (EdDSA; public keys at /.well-known/jwks.json). Send it as `Authorization: Bearer <token>`. It is not kept: mint another one when it is lost.',
  })
  token!: string;

  @Field(() => Date, { description: 'When it stops working.' })
  expiresAt!: Date;
}

@Resolver()
export class CustomerTokenResolver {
  @Mutation(() => CreateCustomerTokenPayload, {
    description:
      'Mints a customer token: a credential that a browser may hold. It sees its customer and nobody else. It ends early where the API key that minted it is revoked (claim `azp`), on every server within 5 seconds. `FORBIDDEN` for a scope that your key does not hold, `NOT_FOUND` for a customer that you do not have.',
  })
  @RequiresScopes('customer_tokens:write')
  createCustomerToken(
    @Arg('input', () => CreateCustomerTokenInput, { description: 'Whom the token is for, and what it may do.' })
    input: CreateCustomerTokenInput,
    @Ctx() { operation, signingKeys, principal }: MutationContext,
  ): Promise<CreateCustomerTokenPayload> {
    return operation.write(async (em, note) => {
      const minted = await createCustomerToken({ em, signingKeys }, inProject(principal), input);
      note({
        subjectType: 'Customer',
        subjectId: input.customerId,
        after: { scopes: input.scopes, expiresAt: minted.expiresAt },
      });
      return minted;
    });
  }
}
