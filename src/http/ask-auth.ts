import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressHeader } from '../identity/operators/address-header.ts';
import type { Auth } from '../identity/operators/create-auth.ts';

/** Asks better-auth as the client asked us: its headers, and the address that it really has. */
export function askAuth(auth: Auth, request: FastifyRequest, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url, origin);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'content-length' || value === undefined) continue;
    for (const one of [value].flat()) headers.append(name, one);
  }
  headers.set(addressHeader, request.ip);
  const body = Buffer.isBuffer(request.body) && request.method === 'POST' ? new Uint8Array(request.body) : undefined;
  return auth.handler(new Request(`${origin}${pathname}${search}`, { method: request.method, headers, body }));
}

/** Signs in with what a page of ours was told: with the limit on attempts, and without the cookies that came along. */
export function askToSignIn(
  auth: Auth,
  request: FastifyRequest,
  origin: string,
  body: { email: string; password: string },
): Promise<Response> {
  return auth.handler(
    new Request(`${origin}/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, ...clientOf(request) },
      body: JSON.stringify(body),
    }),
  );
}

/** Signs in who has just chosen this password. */
export function signInNewcomer(
  auth: Auth,
  request: FastifyRequest,
  body: { email: string; password: string },
): Promise<Response> {
  return auth.api.signInEmail({ body, headers: new Headers(clientOf(request)), asResponse: true });
}

const clientOf = ({ ip, headers }: FastifyRequest) => ({
  [addressHeader]: ip,
  'user-agent': headers['user-agent'] ?? '',
});

export function copyCookies(from: Response, reply: FastifyReply): void {
  const cookies = from.headers.getSetCookie();
  if (cookies.length) reply.header('set-cookie', cookies);
}
