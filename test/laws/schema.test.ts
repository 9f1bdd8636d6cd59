import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLArgument,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  buildSchema as parseSchema,
  specifiedDirectives,
} from 'graphql';
import { buildSchemaSync, Directive, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { describe, expect, it } from 'vitest';
import { enforceGuards } from '../../src/graphql/enforce-guards.ts';
import { guardDirectives } from '../../src/graphql/requires-scopes.ts';
import { SubscriptionField, withSubscriptions } from '../../src/graphql/subscription-field.ts';
import { scopes } from '../../src/identity/access/scopes.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'schema/schema.graphql'), 'utf8');
const schema = parseSchema(text);
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
const isRoot = (type: GraphQLNamedType) => roots.some((root) => root === type);
const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];

describe('the published schema', () => {
  it('describes everything', () => {
    const silent = types.flatMap((type) => {
      const builtIn = ['Boolean', 'Float', 'ID', 'Int', 'String'].includes(type.name);
      const members = [
        ...(builtIn || isRoot(type) ? [] : [[type.name, type.description] as const]),
        ...fieldsOf(type).map((field) => [`${type.name}.${field.name}`, field.description] as const),
        ...fieldsOf(type).flatMap((field) =>
          'args' in field
            ? field.args.map(
                (arg: GraphQLArgument) => [`${type.name}.${field.name}(${arg.name})`, arg.description] as const,
              )
            : [],
        ),
        ...(isEnumType(type)
          ? type.getValues().map((value) => [`${type.name}.${value.name}`, value.description] as const)
          : []),
      ];
      return members.filter(([, description]) => !description).map(([name]) => name);
    });
    expect(silent).toEqual([]);
  });

  it('names only scopes that exist', () => {
    const named = [...text.matchAll(/@requiresScopes\(scopes: (\[\[.*?\]\])\)/g)].flatMap(([, list]) =>
      JSON.parse(list!).flat(),
    );
    expect(named.filter((scope) => !scopes.includes(scope))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });

  it('guards every root field', () => {
    const unguarded = roots.flatMap((type) =>
      Object.values(type.getFields())
        .filter(
          (field) =>
            !field.astNode!.directives!.some(({ name }) => /^(public|authenticated|requiresScopes)$/.test(name.value)),
        )
        .map((field) => `${type.name}.${field.name}`),
    );
    expect(unguarded).toEqual([]);
  });

  it('lets every mutation be repeated: one input, not null, with an idempotencyKey', () => {
    const others = Object.values(schema.getMutationType()!.getFields()).filter(({ args: [input, ...more] }) => {
      const type = input && isNonNullType(input.type) ? input.type.ofType : null;
      const key = isInputObjectType(type) ? String(type.getFields().idempotencyKey?.type) : '';
      return input?.name !== 'input' || more.length > 0 || key !== 'String';
    });
    expect(others.map(({ name }) => `${name}: let its input extend MutationInput (graphql/mutation-input.ts)`)).toEqual(
      [],
    );
  });

  it('pages every list of rows', () => {
    const bare = types.filter(isObjectType).flatMap((type) =>
      Object.values(type.getFields())
        .filter(
          (field) =>
            /^\[(Charge|CheckoutSession|Customer|Dispute|Invoice|InvoiceLine|Payment|PaymentMethod|Price|Product|Subscription|SubscriptionItem)!\]!?$/.test(
              String(field.type),
            ) && !type.name.endsWith('Connection'),
        )
        .map((field) => `${type.name}.${field.name}`),
    );
    expect(bare).toEqual([]);
  });

  it('never answers an amount of money as a float', () => {
    const floats = types.filter(isObjectType).flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => /Float/.test(String(field.type)))
        .map((field) => `${type.name}.${field.name}`),
    );
    expect(floats).toEqual([]);
  });
});

describe('a root field without a guard', () => {
  it('fails the build, and is named', () => {
    @ObjectType()
    class Pushed {
      @Field(() => String)
      text!: string;
    }
    @Resolver()
    class Unguarded {
      @Query(() => String)
      secret() {
        return 'secret';
      }
      @Query(() => String)
      @Directive('@authenticated')
      @Directive('@public')
      confused() {
        return 'confused';
      }
      @SubscriptionField(() => Pushed, { source: async function* () {}, description: 'A subscription.' })
      leak() {
        return { text: 'secret' };
      }
    }
    const built = buildSchemaSync({
      resolvers: [Unguarded],
      directives: [...specifiedDirectives, ...guardDirectives],
      validate: false,
    });
    const all = /Query\.secret: needs exactly one.*\n.*Query\.confused.*\n.*SubscriptionRoot\.leak: needs exactly one/;
    expect(() => enforceGuards(withSubscriptions(built))).toThrow(all);
  });
});
