import http from 'node:http';
import https from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** What is asked of an address that a user of ours named. Redirects are answered as they come, and not followed. */
export type OutgoingFetch = (url: string, request?: OutgoingRequest) => Promise<Response>;

export type OutgoingRequest = {
  method?: string;
  headers?: Headers;
  body?: string;
  signal?: AbortSignal;
  /** Milliseconds until it is given up; ten seconds by default. */
  patience?: number;
  /** So many bytes of the answer are enough, and what comes late is left out: the status is what counts. */
  enough?: number;
};

/** Nobody may hold a request of ours for longer, in milliseconds, or fill our memory, in bytes. */
const patienceByDefault = 10_000;
const longestAnswer = 1_048_576;
/** How long, in milliseconds, a part of an answer is waited for, where a part is enough. */
const patienceForPart = 1_000;

/** The filter takes an address of IPv4 that is written as one of IPv6 (`::7f00:1`) for a public one. */
const unknownToFilter = { denyIPAddressList: ['::/96'] };

/**
 * Asks addresses that users name. Private, local and reserved addresses are refused unless configuration allows them: by the
 * address that is connected to, so that no name can lead there.
 * @throws where the address is refused, cannot be reached, takes too long, or answers more than 1 MiB or no HTTP. AbortError or TimeoutError
 *   where it took too long.
 */
export function createOutgoingFetch({ allowPrivateAddresses }: { allowPrivateAddresses: boolean }): OutgoingFetch {
  const agents = allowPrivateAddresses
    ? { http: new http.Agent(), https: new https.Agent() }
    : { http: new RequestFilteringHttpAgent(unknownToFilter), https: new RequestFilteringHttpsAgent(unknownToFilter) };
  return (url, { method = 'GET', headers = new Headers(), body, signal, patience = patienceByDefault, enough } = {}) =>
    new Promise((resolve, reject) => {
      const isSecure = new URL(url).protocol === 'https:';
      const options: https.RequestOptions = {
        method,
        headers: Object.fromEntries(headers),
        agent: isSecure ? agents.https : agents.http,
        signal: AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])]),
      };
      const request = (isSecure ? https : http).request(url, options, (answer) => {
        // Where a part is enough, nothing that happens from here on makes the answer another one.
        if (enough !== undefined) request.off('error', reject).on('error', () => {});
        (enough === undefined ? readBody(answer) : readStart(answer, enough))
          .then((text) => responseOf(answer, text))
          .then(resolve, reject);
      });
      request.on('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new Error('The answer is of another protocol.'));
      });
      request.on('error', reject).end(body);
    });
}

async function readBody(answer: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    length += part.length;
    if (length > longestAnswer) throw new Error(`The answer is longer than ${longestAnswer} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What comes of a body until there is enough of it, or it takes too long. */
async function readStart(answer: http.IncomingMessage, enough: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  const impatience = setTimeout(() => answer.destroy(), patienceForPart);
  try {
    for await (const part of answer) {
      parts.push(part);
      length += part.length;
      if (length >= enough) break;
    }
  } catch {
    // It was cut off, by the other side or by us.
  } finally {
    clearTimeout(impatience);
  }
  return Buffer.concat(parts).subarray(0, enough);
}

/** @throws for a status that HTTP does not have. */
function responseOf({ statusCode = 502, headers }: http.IncomingMessage, body: Buffer): Response {
  if (statusCode < 200 || statusCode > 599) throw new Error(`it answered ${statusCode}, which is no status of HTTP.`);
  const hasBody = ![101, 103, 204, 205, 304].includes(statusCode);
  const named = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return new Response(hasBody ? new Uint8Array(body) : null, {
    status: statusCode,
    headers: named as [string, string][],
  });
}
