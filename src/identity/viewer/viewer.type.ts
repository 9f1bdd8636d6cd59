import { Field, ID, ObjectType } from 'type-graphql';
import type { Environment } from '../../environment.ts';
import { EnvironmentEnum } from '../../environment.type.ts';
import { enumOf } from '../../graphql/enum-of.ts';
import { RoleEnum } from '../../tenancy/members/role.type.ts';
import type { Principal } from '../access/principal.ts';
import type { Role } from '../access/roles.ts';

export const PrincipalKindEnum = enumOf<Principal['kind']>('PrincipalKind', 'What kind of credential asks.', {
  API_KEY: 'A backend, with an API key.',
  CUSTOMER_TOKEN: 'The frontend of one customer.',
  OPERATOR: 'A person of the team, who is signed in.',
});

@ObjectType('Viewer', { description: 'Whom this request speaks for, and what it reaches.' })
export class ViewerType {
  @Field(() => PrincipalKindEnum, { description: 'What kind of credential asks.' })
  kind!: Principal['kind'];

  @Field(() => ID, {
    description:
      "The key's id (`key_…`), the customer's whom the token speaks for (`pc_…`), or the operator's (`op_…`).",
  })
  id!: string;

  @Field(() => [String], { description: 'Every scope that it holds, by the alphabet.' })
  scopes!: string[];

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'What an operator is in the team; null for the others.',
  })
  role!: Role | null;

  @Field(() => EnvironmentEnum, {
    description: "The environment of this request: a credential's own, or the header `Billgraph-Environment`.",
  })
  environment!: Environment;
}
