import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { CustomerBy, customerWhere } from '../../billing/customers/customer-by.inputs.ts';
import type { GuardedContext } from '../../graphql/graph-context.ts';
import { RequiresScopes } from '../../graphql/requires-scopes.ts';
import { inProject } from '../../identity/access/principal.ts';
import { featureWhere } from '../features/find-feature.ts';
import { chooseCustomer } from './choose-customer.ts';
import { FeatureAccessType } from './entitlement.type.ts';
import { FeatureAccess } from './feature-access.entity.ts';
import { refuseUnknown } from './refuse-unknown.ts';

@Resolver()
export class EntitlementResolver {
  @Query(() => FeatureAccessType, {
    nullable: true,
    description:
      'Whether a customer may use a feature now. `NOT_FOUND` with the field where there is no such customer, or no such feature: a mistyped key is no "no". `BAD_USER_INPUT` where a backend names no customer.',
  })
  @RequiresScopes('entitlements:read')
  async hasAccess(
    @Arg('customer', () => CustomerBy, {
      nullable: true,
      description: 'Who; a customer token may leave it out, and finds its own customer only.',
    })
    by: CustomerBy | null,
    @Arg('feature', () => ID, { description: 'What: its key, or its id `fea_…`.' }) feature: string,
    @Ctx() { read, em, principal }: GuardedContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const customer = customerWhere(chooseCustomer(by, principal));
    const access = await read.one(FeatureAccess, { customer, feature: featureWhere(feature) }, info);
    return access ?? refuseUnknown({ em }, inProject(principal), feature);
  }
}
