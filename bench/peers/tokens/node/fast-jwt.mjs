// createVerifier with everything it can check, made once for the key of each token; with its cache, and without.
import { createPublicKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'PS256', 'HS256'];

function algorithmOf(token) {
  const header = Buffer.from(token.split('.')[0], 'base64url').toString();
  return ALGORITHMS.find((name) => header.includes(`"alg":"${name}"`)) ?? 'RS256';
}

function verifierFor(token, shop, cache) {
  const algorithm = algorithmOf(token);
  const jwk = shop.keys.find(({ alg }) => alg === algorithm);
  const key = jwk && createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return createVerifier({
    key: key ?? shop.secret,
    algorithms: [algorithm],
    allowedIss: shop.issuer,
    allowedAud: shop.audience,
    requiredClaims: ['exp', 'iss', 'aud'],
    clockTimestamp: shop.now_s * 1000,
    cache,
  });
}

function verifyTokens(tokens, shop, cache) {
  const inputs = tokens.map((token) => ({ token, verify: verifierFor(token, shop, cache) }));
  return () => {
    let accepted = 0;
    for (const { token, verify } of inputs) {
      try {
        verify(token);
        accepted += 1;
      } catch {
        // refused
      }
    }
    return accepted;
  };
}

export const operations = {
  verify_token: (tokens, shop) => verifyTokens(tokens, shop, false),
  verify_cached: (tokens, shop) => verifyTokens(tokens, shop, true),
};
