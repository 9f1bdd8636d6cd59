import type { FastifyRequest } from 'fastify';

/** Whether a request comes from this machine, and to a name that is this machine's: other names can be made to point here. */
export function isLocal(request: FastifyRequest): boolean {
  const from = request.socket.remoteAddress ?? '';
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  return /^(::1|(::ffff:)?127\.)/.test(from) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(name);
}
