// Cross-check with another verifier, the npm package jose: what we call good verifies, what we call bad does not.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { API } from './provider.mjs';

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

async function verifies(token, keys, issuer, now) {
  const options = { issuer, audience: API, algorithms: ALGORITHMS, currentDate: new Date(now * 1000) };
  return jwtVerify(token, keys, options).then(() => true, () => false);
}

export async function checkTokens(tokens, jwks, issuer, now) {
  const keys = createLocalJWKSet(jwks);
  for (const [name, { token, verdict, lax }] of Object.entries(tokens)) {
    if (lax) continue;
    const good = await verifies(token, keys, issuer, now);
    if (good !== (verdict === 'OK')) throw new Error(`${name}: expected ${verdict}, jose says ${good ? 'good' : 'bad'}`);
  }
}

// Case names are file names.
export function checkCases(cases) {
  const names = new Set(cases.map(({ name }) => name));
  if (names.size !== cases.length) throw new Error('two cases have the same name');
}
