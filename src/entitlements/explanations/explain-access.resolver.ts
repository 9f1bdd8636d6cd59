import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { CustomerBy, customerWhere } from '../../billing/customers/customer-by.inputs.ts';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { AccessExplanationType } from './access-explanation.type.ts';
import { explainAccess } from './explain-access.ts';
import { viewExplanation } from './view-explanation.ts';

@Resolver()
export class ExplainAccessResolver {
  @Query(() => AccessExplanationType, {
    nullable: true,
    description:
      "Why a customer has a feature, or has it not, now or at any instant that has passed: every source with who, why, since when and until when. It tells what was answered then, by what Billgraph knew then: what Stripe told later counts from when it was told. What cannot be known: subscriptions before Billgraph first heard of them (`subscriptionsKnownSince`), and entitlements of Stripe's that had ended before their past was kept. `NOT_FOUND` with the field for the customer and the feature; `BAD_USER_INPUT` for an instant that is to come.",
  })
  @RequiresScopes('features:read')
  async explainAccess(
    @Arg('customer', () => CustomerBy, { description: 'Who.' }) by: CustomerBy,
    @Arg('feature', () => ID, { description: 'What: its key, or its id `fea_…`.' }) feature: string,
    @Arg('at', () => Date, { nullable: true, description: 'When. Now where it is left out.' }) at: Date | null,
    @Ctx() { em, principal }: GuardedContext,
  ): Promise<AccessExplanationType> {
    const wanted = { customer: customerWhere(by), feature, at: at ?? null };
    return viewExplanation(await explainAccess({ em }, inProject(principal), wanted));
  }
}
