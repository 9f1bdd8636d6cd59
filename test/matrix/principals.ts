import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CreateCustomerTokenDocument } from '../../src/client/operations.generated.ts';
import { environments } from '../../src/environment.ts';
import { createApiKey } from '../../src/identity/access/create-api-key.ts';
import { type Role, roles, scopesOfRole } from '../../src/identity/access/roles.ts';
import { frontendScopes, type KeyScope, keyScopes } from '../../src/identity/access/scopes.ts';
import { ask } from '../rig/graph.ts';
import { createOperator, pageHeaders } from '../rig/operator.ts';
import type { Side, World } from './world.ts';

/** Who asks, and what is known of him without asking. */
export type Asker = {
  name: string;
  credential: string | null;
  headers: Record<string, string>;
  /** What he holds; null where nobody asks, or who asks does not hold. */
  scopes: ReadonlySet<string> | null;
  /** A credential that was given and does not hold is refused whatever is asked. */
  invalid?: boolean;
  /** Signed in, and in no team. */
  inNoTeam?: boolean;
  /** Where he works. */
  side: Side;
  customerId: string | null;
  /** Whether he reaches every project of his team. */
  wholeTeam: boolean;
};

/** An app that publishes the keys of its own tokens. */
export async function startApp(): Promise<{ url: string; server: Server; sign(claims: object): Promise<string> }> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'app-1', alg: 'EdDSA' }];
  const server = createServer((_request, response) => void response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    server,
    sign: (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'app-1' })
        .setExpirationTime('1h')
        .sign(privateKey),
  };
}

const nobody = { credential: null, headers: {}, scopes: null, customerId: null, wholeTeam: false };

/** Everybody who may ask, in every role: a field's scopes decide about the keys and tokens among them. */
export async function createAskers(world: World, app: Awaited<ReturnType<typeof startApp>>) {
  const { billgraph, side, tenants, owners, appTokens } = world;
  const home = side('A1', 'TEST');
  const kept = new Map<string, Promise<Asker>>();

  async function key(
    name: string,
    at: Side,
    scopes: string[],
    more: object = {},
    projectIds?: string[],
  ): Promise<Asker> {
    const own = projectIds ?? (at.team === 'A' ? [tenants.A1.projectId, tenants.A2.projectId] : [at.projectId]);
    const { secret } = await createApiKey(
      { em: billgraph.app.orm.em.fork() },
      { teamId: at.teamId, projectIds: own, environment: at.environment, name, scopes: scopes as KeyScope[], ...more },
    );
    const held = new Set(scopes.filter((scope) => keyScopes.some((one) => one === scope)));
    const headers = { 'billgraph-project': at.projectId };
    return { ...nobody, name, credential: secret, headers, scopes: held, side: at, wholeTeam: !projectIds };
  }

  async function token(name: string, at: Side, scopes: readonly string[]): Promise<Asker> {
    const { credential, headers } = await key(`for ${name}`, at, keyScopes);
    const input = { customerId: at.rows.customerId, scopes, ttl: 3_600 };
    const { data, errors } = await ask(billgraph, credential, CreateCustomerTokenDocument, { input }, headers);
    if (errors) throw new Error(JSON.stringify(errors));
    const asker = { ...nobody, name, credential: data.createCustomerToken.token, scopes: new Set(scopes), side: at };
    return { ...asker, customerId: at.rows.customerId };
  }

  async function operator(role: Role): Promise<Asker[]> {
    const { cookie } = role === 'OWNER' ? owners.A : await createOperator(billgraph, home, role);
    return environments.map((environment) => {
      const at = side('A1', environment);
      const headers = {
        cookie,
        ...pageHeaders,
        'billgraph-project': at.projectId,
        'billgraph-environment': environment,
      };
      const who = { ...nobody, name: `a session as ${role} in ${environment}`, scopes: scopesOfRole(role), side: at };
      return { ...who, headers, wholeTeam: true };
    });
  }

  const foreign = (await createOperator(billgraph, null)).cookie;
  const claims = { iss: appTokens.issuer, aud: appTokens.audience, sub: home.rows.externalId };
  const hour = 3_600_000;
  const revoked = await key('a revoked key', home, keyScopes);
  await billgraph.app.orm.em
    .getConnection()
    .execute('update api_key set revoked_at = now() where name = ?', [revoked.name]);
  const always: Asker[] = [
    { ...nobody, name: 'nobody', side: home },
    { ...revoked, scopes: null, invalid: true },
    {
      ...(await key('an expired key', home, keyScopes, { expiresAt: new Date(Date.now() - hour) })),
      scopes: null,
      invalid: true,
    },
    await key('a key with every scope', home, keyScopes),
    await key('a key with every scope of one project', home, keyScopes, {}, [home.projectId]),
    await key('a key without scopes', home, []),
    await key('a key with every scope in LIVE', side('A1', 'LIVE'), keyScopes),
    await key('a key of the other team', side('B1', 'TEST'), keyScopes),
    await key('a key of the other team in LIVE', side('B1', 'LIVE'), keyScopes),
    await token('a customer token with every scope', home, frontendScopes),
    await token('a customer token without scopes', home, []),
    await token('a customer token in LIVE', side('A1', 'LIVE'), frontendScopes),
    await token('a customer token of the other team', side('B1', 'TEST'), frontendScopes),
    {
      ...nobody,
      name: "an app's own token",
      credential: await app.sign(claims),
      scopes: new Set(frontendScopes),
      side: home,
      customerId: home.rows.customerId,
    },
    ...(await Promise.all(roles.map(operator))).flat(),
    {
      ...nobody,
      name: 'a session in no team',
      headers: { cookie: foreign, ...pageHeaders },
      side: home,
      inNoTeam: true,
    },
  ];

  /** For each alternative of a field: a key that holds exactly it, and keys that hold all but one of it. */
  async function keysFor(needs: string[][] | null): Promise<Asker[]> {
    const wanted = (needs ?? []).flatMap((scopes) => [
      { name: `a key with ${scopes.join(' and ')}`, scopes },
      ...scopes.map((missing) => ({
        name: `a key with all but ${missing}`,
        scopes: keyScopes.filter((scope) => scope !== missing),
      })),
    ]);
    return Promise.all(
      wanted.map(({ name, scopes }) => {
        const made = kept.get(name) ?? key(name, home, scopes);
        kept.set(name, made);
        return made;
      }),
    );
  }
  return { always, keysFor };
}
