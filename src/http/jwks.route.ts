import type { SigningKeys } from '../identity/tokens/signing-keys.ts';
import type { HttpServer } from './create-http-server.ts';

/** The public keys of the tokens that we sign, for whoever wants to check one without asking us. */
export function mountJwks(http: HttpServer, tools: Promise<{ signingKeys: SigningKeys }>): void {
  http.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    const { signingKeys } = await tools;
    return signingKeys.jwks();
  });
}
