import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What an answer depends on besides the address: a cache between keeps one for each of these, and gives none to another credential. */
const dependsOn = 'Accept, Authorization, Cookie, Billgraph-Project, Billgraph-Environment';

/**
 * Lets a client keep the answer of a question by GET, and ask whether it still is the answer. It is made anew each time, by whoever asks: what a match
 * saves is its way back. An answer with errors is not kept.
 * @returns what is sent: null where the client has it already.
 */
export function tagged(request: FastifyRequest, reply: FastifyReply, text: string): string | null {
  if (request.method !== 'GET') return text;
  const vary = reply.getHeader('vary');
  reply.header('vary', vary ? `${vary}, ${dependsOn}` : dependsOn);
  if (reply.statusCode !== 200 || !text.startsWith('{"data":')) {
    reply.header('cache-control', 'no-store');
    return text;
  }
  const tag = tagOf(String(reply.getHeader('content-type')), text);
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  if (!matches(request.headers['if-none-match'], tag)) return text;
  reply.code(304).removeHeader('content-type');
  return null;
}

/** Strong: the same bytes in the same form, and no others. */
const tagOf = (mediaType: string, text: string) =>
  `"${createHash('sha256').update(`${mediaType}\n${text}`).digest('base64url')}"`;

/** What a client has may be named weakly: a proxy that packs the answer makes its tag so. */
function matches(condition: string | undefined, tag: string): boolean {
  if (condition === undefined) return false;
  if (condition.trim() === '*') return true;
  return condition.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
