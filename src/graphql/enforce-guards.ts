import type { DirectiveNode } from 'graphql';
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { forbidden, unauthenticated } from '../errors.ts';
import { missingScopes, operatorScopes } from '../identity/access/scopes.ts';
import type { GraphContext } from './graph-context.ts';

type Guard = { open: boolean; alternatives: string[][] };

/**
 * Makes the published guards true: a field with a guard, or of a type with one, answers only to a principal who satisfies it.
 * Whoever reaches the field (alias, fragment, another field) passes here. Call it after everything else has touched the schema.
 * @throws listing every root field that does not have exactly one guard, and every guard on an interface.
 */
export function enforceGuards(schema: GraphQLSchema): void {
  const faults: string[] = [];
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type) && guardsOf(type.astNode?.directives).length)
      faults.push(`${type.name}: put the guard on the object types that implement it`);
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const own = guardsOf(field.astNode?.directives);
      if (roots.includes(type) && own.length !== 1)
        faults.push(`${type.name}.${field.name}: needs exactly one of @Public(), @Authenticated(), @RequiresScopes(…)`);
      guard(field, [...guardsOfType(type), ...own]);
    }
  }
  if (faults.length) throw new Error(`The schema is not guarded:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
}

const guardsOfType = (type: GraphQLObjectType) => guardsOf(type.astNode?.directives);

function guardsOf(directives: readonly DirectiveNode[] = []): Guard[] {
  return directives.flatMap((directive): Guard[] => {
    if (directive.name.value === 'public') return [{ open: true, alternatives: [] }];
    if (directive.name.value === 'authenticated') return [{ open: false, alternatives: [[]] }];
    if (directive.name.value === 'requiresScopes') return [{ open: false, alternatives: scopesOf(directive) }];
    return [];
  });
}

function scopesOf(directive: DirectiveNode): string[][] {
  const value = directive.arguments?.[0]?.value;
  if (value?.kind !== 'ListValue') throw new Error('@requiresScopes needs a list of lists.');
  return value.values.map((needed) =>
    needed.kind === 'ListValue' ? needed.values.map((scope) => (scope.kind === 'StringValue' ? scope.value : '')) : [],
  );
}

function guard(field: GraphQLField<unknown, GraphContext>, guards: Guard[]) {
  const closed = guards.filter(({ open }) => !open);
  if (!closed.length) return;
  const { resolve = defaultFieldResolver, subscribe } = field;
  const guarded =
    (next: GraphQLFieldResolver<unknown, GraphContext>): GraphQLFieldResolver<unknown, GraphContext> =>
    (source, args, context, info) => {
      for (const { alternatives } of closed) check(alternatives, context, `${info.parentType.name}.${info.fieldName}`);
      return next(source, args, context, info);
    };
  field.resolve = guarded(resolve);
  if (subscribe) field.subscribe = guarded(subscribe);
}

function check(alternatives: string[][], { principal, operator }: GraphContext, field: string) {
  if (!principal && operator) throw forbidden('You are in no team. Ask somebody who is to invite you.');
  if (!principal)
    throw unauthenticated(
      `${field} needs a credential: send \`Authorization: Bearer <API key or customer token>\`, or sign in.`,
    );
  const missing = missingScopes(alternatives, principal.scopes);
  if (!missing.length) return;
  const ofPeople =
    principal.kind !== 'OPERATOR' && missing.some((scope) => operatorScopes.some((one) => one === scope));
  const who = ofPeople ? ' Only a signed-in operator can hold it.' : '';
  throw forbidden(`${field} needs ${missing.length === 1 ? 'the scope' : 'the scopes'} ${missing.join(', ')}.${who}`, {
    requiredScopes: alternatives,
    missingScopes: missing,
  });
}
