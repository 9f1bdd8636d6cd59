import { DirectiveLocation, GraphQLDirective, GraphQLList, GraphQLNonNull, GraphQLString } from 'graphql';
import { Directive } from 'type-graphql';
import type { Scope } from '../identity/access/scopes.ts';

const guardLocations = [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.OBJECT];

export const guardDirectives = [
  new GraphQLDirective({
    name: 'public',
    description: 'Anybody may ask for this field, without a credential.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
  }),
  new GraphQLDirective({
    name: 'authenticated',
    description: 'Any valid credential may ask for this: `UNAUTHENTICATED` without one.',
    locations: guardLocations,
  }),
  new GraphQLDirective({
    name: 'requiresScopes',
    description:
      'The credential must hold every scope of at least one of the inner lists: `UNAUTHENTICATED` without a credential, `FORBIDDEN` (with `requiredScopes` and `missingScopes`) where a scope is missing.',
    locations: guardLocations,
    args: {
      scopes: {
        description: 'An OR of ANDs.',
        type: new GraphQLNonNull(
          new GraphQLList(new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString)))),
        ),
      },
    },
  }),
];

export const Public = () => Directive('@public');

export const Authenticated = () => Directive('@authenticated');

/** Guards a field. Each argument is one alternative: a scope, or several that are needed together. */
export const RequiresScopes = (...alternatives: (Scope | Scope[])[]) =>
  Directive(`@requiresScopes(scopes: ${JSON.stringify(alternatives.map((needed) => [needed].flat()))})`);
