import { badInput } from '../errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws Refusal BAD_USER_INPUT for a body that is none, or no JSON. */
export function readJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body))
    throw badInput('The request has no body. Send JSON: { "query": "…", "variables": { … } }.', 'body');
  try {
    return JSON.parse(utf8.decode(body));
  } catch (failure) {
    const what = failure instanceof SyntaxError ? `not JSON: ${failure.message}` : 'not UTF-8';
    throw badInput(`The body is ${what}.`, 'body');
  }
}
