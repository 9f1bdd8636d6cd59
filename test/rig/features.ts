import type { TestTenant } from './billgraph.ts';
import { ask } from './graph.ts';

const payloads: Record<string, string> = {
  Feature: '{ feature { id key name description type options archivedAt } }',
  setProductFeature: '{ productFeature { id feature { key } limit unlimited perUnit option startedAt } }',
  removeProductFeature: '{ product { id features { nodes { feature { key } } } } }',
  grant: `{ grant { id kind customer { id } feature { key } allowed limit unlimited option reason actorKind actorId active
    startsAt expiresAt revokedAt revokerKind revokerId revokeReason } }`,
};

const payloadOf = (name: string) =>
  payloads[name] ?? (/^(create|update|archive|reactivate)Feature$/.test(name) ? payloads.Feature : payloads.grant);

/** Asks what is to do with features. */
export const featuresOf = (server: { url: string }, { apiKey }: Pick<TestTenant, 'apiKey'>) => {
  const mutate = (name: string, input: object, credential: string | null = apiKey) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    return ask(server, credential, `mutation ($input: ${type}!) { ${name}(input: $input) ${payloadOf(name)} }`, {
      input,
    });
  };
  /** What a mutation left that must succeed. */
  const made = async (name: string, input: object) => {
    const { data, errors } = await mutate(name, input);
    if (errors) throw new Error(`${name}: ${errors[0]!.message}`);
    return Object.values<any>(data[name])[0];
  };
  const newFeature = (key: string, input: object = {}) =>
    made('createFeature', { key, name: key, type: 'BOOLEAN', ...input });
  return { mutate, made, newFeature };
};
