import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { badInput, notFound } from '../../errors.ts';
import { type MutationContext, tenantOf } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { createPortalSession, type PortalKind } from './create-portal-session.ts';
import { CreatePortalSessionInput, PortalKindEnum } from './portal.inputs.ts';

@ObjectType('CreatePortalSessionPayload', { simpleResolvers: true, description: 'What createPortalSession answers.' })
export class CreatePortalSessionPayload {
  @Field(() => String, {
    description:
      "Send the customer's browser there at once: whoever opens it first is the customer. Ours opens once; Stripe's expires within minutes where nobody does.",
  })
  url!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'When the portal closes. Null for kind STRIPE, of which Stripe does not say it.',
  })
  expiresAt!: Date | null;

  @Field(() => PortalKindEnum, { description: 'Whose portal it is.' })
  kind!: PortalKind;
}

@Resolver()
export class PortalResolver {
  @Mutation(() => CreatePortalSessionPayload, {
    description:
      "Opens the billing portal for a customer, who sees subscriptions, invoices and payment methods there, cancels at the end of the period, resumes, changes the plan within the project's plans and self-service prices, and updates what is paid with. `BAD_USER_INPUT` with the field; `NOT_FOUND` for a customer that you do not have, and a subscription that is not the customer's; `CONFLICT` where the flow is not possible: the subscription has ended, ends anyway, cannot change its plan (before its first payment, of several items, by usage), or there is no other plan; `STRIPE_ERROR` where Stripe refuses or cannot be reached.",
  })
  @RequiresScopes('portal:write')
  async createPortalSession(
    @Arg('input', () => CreatePortalSessionInput, { description: 'The session.' }) input: CreatePortalSessionInput,
    @Ctx() context: MutationContext,
  ): Promise<CreatePortalSessionPayload> {
    const { stripe, ...tenant } = await tenantOf(context);
    const { operation, installation, principal } = context;
    const customerId = customerOf(input, principal.customerId);
    const tools = { stripe, operation, publicUrl: installation.publicUrl };
    return createPortalSession(tools, tenant, { ...input, customerId, apiKeyId: principal.keyId ?? null });
  }
}

/** A customer token opens its own customer's portal; that there are others it does not learn. */
function customerOf({ customerId }: CreatePortalSessionInput, own: string | null): string {
  if (own !== null && customerId != null && customerId !== own) throw notFound('customer', 'customerId');
  const whose = customerId ?? own;
  if (whose == null) throw badInput('Say whose portal it is: `pc_…`.', 'customerId');
  return whose;
}
