import type { EntityManager } from '@mikro-orm/core';
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInputObjectType,
  isNonNullType,
} from 'graphql';
import { badInput } from '../errors.ts';
import { fingerprintOf } from '../operations/call.ts';
import type { Execution } from '../operations/create-execution.ts';
import type { Operations } from '../operations/create-operations.ts';
import { unrecorded } from '../operations/unrecorded.ts';
import { selectedOf } from '../reader/selection.ts';
import type { GraphContext } from './graph-context.ts';

/**
 * Mutations that begin outside of the caller's tenant: with a customer of no project yet, with an invitation to another team, with a code of
 * somebody else than the customer whose token asks.
 */
const outsideOfTenants = [
  'assignStripeCustomer',
  'linkStripeCustomer',
  'assignStripePayment',
  'acceptInvitation',
  'applyReferral',
];

type Args = { input: { idempotencyKey?: string | null } & Record<string, unknown> };
type Resolver = GraphQLFieldResolver<unknown, GraphContext>;

export type Mutations = {
  /** Runs a mutation's own resolver, without its guard: it was passed when the mutation was asked for. */
  resolve(
    mutation: string,
    args: Record<string, unknown>,
    context: GraphContext,
    execution: Execution,
  ): Promise<unknown>;
};

/**
 * Makes every mutation an operation (see operations/operation.ts): carried out once for a key, its writes in the audit log. Call it
 * before the guards are put on, so that they are passed first.
 * @throws listing every mutation that takes anything but one `input!` with an `idempotencyKey`.
 */
export function enforceOperations(schema: GraphQLSchema, { operations }: { operations: Operations }): Mutations {
  const resolvers = new Map<string, Resolver>();
  const faults: string[] = [];
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const [input, ...others] = field.args;
    const type = input && isNonNullType(input.type) && input.type.ofType;
    if (input?.name !== 'input' || others.length || !isInputObjectType(type) || !type.getFields().idempotencyKey)
      faults.push(`Mutation.${field.name}: takes one argument, \`input\`, not null, whose class extends MutationInput`);
    const { resolve = defaultFieldResolver } = field;
    resolvers.set(field.name, resolve);
    field.resolve = (source, args: Args, context: GraphContext, info) => {
      const { idempotencyKey: _, ...input } = args.input;
      const key = keyOf(args, context, info);
      const carryOut = (execution: Execution) =>
        Promise.resolve(resolve(source, { input }, contextWithin(context, execution), info));
      const { principal, origin } = context;
      const em = outsideOfTenants.includes(field.name) ? context.everyTenant : context.em;
      if (!principal) return carryOut({ operation: unrecorded({ em }), em });
      const asked = { mutation: field.name, args: { input } };
      return operations.run(
        em,
        { call: { ...asked, principal, origin, fingerprint: fingerprintOf(asked) }, key },
        carryOut,
      );
    };
  }
  if (faults.length)
    throw new Error(`Mutations that cannot be repeated:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  return {
    resolve: async (mutation, args, context, execution) =>
      resolvers.get(mutation)?.({}, args, contextWithin(context, execution), {} as GraphQLResolveInfo),
  };
}

/** The context's getters stand on a prototype. */
const contextWithin = (
  context: GraphContext,
  { operation, em }: { operation: Execution['operation']; em: EntityManager },
) => Object.create(context, { operation: { value: operation }, em: { value: em } });

/** @throws Refusal BAD_USER_INPUT for a key that is none, that is given twice, or that nobody gives. */
function keyOf({ input }: Args, { idempotencyKey: header, principal }: GraphContext, info: GraphQLResolveInfo) {
  const key = input.idempotencyKey ?? header;
  if (key === undefined) return null;
  const field = input.idempotencyKey == null ? 'Idempotency-Key' : 'idempotencyKey';
  if (!/^[\x20-\x7E]{1,255}$/.test(key))
    throw badInput('An idempotency key is a text of 1 to 255 printable ASCII characters.', field);
  if (header !== undefined && header !== key)
    throw badInput('The header Idempotency-Key names another key than the input. Send one of them.', field);
  if (header !== undefined && mutationsIn(info) > 1)
    throw badInput(
      'The header Idempotency-Key is for one mutation. Give each one its own in its input.',
      'Idempotency-Key',
    );
  if (!principal) throw badInput('An idempotency key belongs to a credential. Leave it out.', field);
  return key;
}

function mutationsIn({ operation, parentType, ...document }: GraphQLResolveInfo): number {
  return selectedOf([operation], parentType, document, ({ alias, name }) => (alias ?? name).value).size;
}
