import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { type Billgraph, createTenant, startBillgraph, type TestTenant } from '../rig/billgraph.ts';
import { ask, refusalsOf } from '../rig/graph.ts';

/** What strangers may write into a token, and what the address of an app's keys may answer. Nothing of it is a fault of the server's. */

let billgraph: Billgraph;
let tenant: TestTenant;
beforeAll(async () => {
  billgraph = await startBillgraph({ allowPrivateAddresses: true });
  tenant = await createTenant(billgraph);
});
afterAll(() => billgraph.close());

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const tokenOf = (claims: unknown, header: unknown = { alg: 'EdDSA' }) => `${encode(header)}.${encode(claims)}.c2ln`;

describe('a token of an app', () => {
  it.each([
    { iss: 5 },
    { iss: true },
    { iss: ['https://app.example.com'] },
    { iss: [{ $ne: null }] },
    { iss: { $ne: null } },
    { iss: {} },
    { iss: '\ud800' },
    { iss: 'x', aud: { $ne: null } },
    { iss: 'x', aud: [[['y']]] },
    {},
  ])('that says %j is refused', async (claims) => {
    const answer = await ask(billgraph, tokenOf(claims), '{ viewer { id } }');
    expect([answer.status, ...refusalsOf(answer)]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
  });

  it.each([
    { alg: 'EdDSA', typ: 'billgraph-customer+jwt', kid: 5 },
    { alg: 'EdDSA', typ: 'billgraph-customer+jwt', kid: {} },
    { alg: 'EdDSA', typ: 'billgraph-customer+jwt', kid: '../../etc/passwd' },
    { alg: 'EdDSA', typ: 'billgraph-customer+jwt', kid: '__proto__' },
    { alg: 'EdDSA', typ: ['billgraph-customer+jwt'] },
    null,
    [],
  ])('with the header %j is refused', async (header) => {
    const answer = await ask(billgraph, tokenOf({ sub: 'x' }, header), '{ viewer { id } }');
    expect([answer.status, ...refusalsOf(answer)]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
  });
});

describe('the address of an app’s keys', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it.each([
    'HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}',
    'HTTP/1.1 600 Odd\r\ncontent-length: 2\r\n\r\n{}',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    'HTTP/1.1 204 None\r\n\r\n',
    'HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nx-odd: \u00ff\u0001\r\ncontent-length: 2\r\n\r\n{}',
    'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{',
    'nothing of the kind',
  ])('may answer %j', async (answered) => {
    const server = createServer();
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answered, 'latin1'));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    servers.push(server);
    const { port } = server.address() as AddressInfo;
    const issuer = `https://app${port}.example.com`;
    await billgraph.app.orm.em.fork().nativeUpdate(
      ProjectSettings,
      { projectId: tenant.projectId, environment: 'TEST' },
      {
        tokenIssuer: issuer,
        tokenAudience: 'x',
        tokenJwksUrl: `http://127.0.0.1:${port}/`,
        tokenAlgorithms: ['EdDSA'],
      },
    );
    const answer = await ask(billgraph, tokenOf({ iss: issuer, aud: 'x', sub: 'u' }), '{ viewer { id } }');
    expect([answer.status, ...refusalsOf(answer)]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
  });
});
