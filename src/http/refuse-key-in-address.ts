import { unauthenticated } from '../errors.ts';

/** Parameters that the graph does not have, and in which clients put credentials. */
const credentials = /[?&](access_token|api_?key|key|token|authorization)=/i;
const apiKey = /bs_(test|live)_[0-9a-z]{30}/i;

/** @throws Refusal UNAUTHENTICATED where the address of a request holds a credential: addresses are kept by logs and browsers. */
export function refuseKeyInAddress(url: string): void {
  if (!url.includes('?') || !(credentials.test(url) || apiKey.test(url))) return;
  throw unauthenticated(
    'A credential may not stand in the address, which logs and browsers keep. Send it as `Authorization: Bearer …`, and replace this one.',
  );
}
