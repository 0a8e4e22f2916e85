// The OpenID provider of the shop: the npm package oidc-provider, listening on loopback only.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { accounts, clients } from './people.mjs';

export const API = 'https://api.shop.example';
export const BILLING = 'https://billing.shop.example';
const SCOPES = 'orders:read orders:write orders:admin';
const DAY = 86400;

const KEY_MAKERS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

// Private keys live in this process only: nothing here may write them to disk.
export function freshKeys(kids) {
  return Object.entries(kids).map(([alg, kid]) => ({
    ...KEY_MAKERS[alg]().privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig',
  }));
}

// The resource server decides the form of its access tokens; here the client picks the algorithm and the lifetime.
function resourceServer(sealingKey) {
  return (_ctx, resource, client) => ({
    scope: SCOPES,
    audience: resource,
    accessTokenFormat: 'jwt',
    accessTokenTTL: clients[client.clientId].ttl ?? 30 * DAY,
    jwt: {
      sign: { alg: clients[client.clientId].alg },
      ...(clients[client.clientId].sealed
        && { encrypt: { alg: 'RSA-OAEP-256', enc: 'A256GCM', key: sealingKey, kid: 'seal-1' } }),
    },
  });
}

// Tokens without a resource (ID tokens, opaque ones) live for a day.
const accessLifetime = (_ctx, token) => token.resourceServer?.accessTokenTTL ?? DAY;

// oidc-provider sets no nbf by itself; its own hook for the token's form does.
function addNotBefore(_ctx, token, jwt) {
  const wait = clients[token.clientId].startsIn;
  if (wait) jwt.payload.nbf = jwt.payload.iat + wait;
}

function registration([id, { secret }]) {
  return secret
    ? { client_id: id, client_secret: secret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }
    : { client_id: id, token_endpoint_auth_method: 'none', redirect_uris: [redirectUri(id)] };
}

export const redirectUri = (clientId) => `https://shop.example/${clientId}/callback`;

function settings(jwks) {
  const sealingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  return {
    jwks: { keys: jwks },
    clients: Object.entries(clients).map(registration),
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['openid', ...SCOPES.split(' ')],
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_ctx, token) => accounts[token.accountId],
    ttl: {
      AccessToken: accessLifetime, ClientCredentials: accessLifetime, IdToken: DAY, Grant: DAY, Interaction: 600, Session: 600,
    },
    formats: { customizers: { jwt: addNotBefore } },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: resourceServer(sealingKey),
        useGrantedResource: () => false,
      },
    },
  };
}

// `issuer` is a public https name, so the provider runs as if behind a proxy that ends TLS.
export async function startProvider({ issuer, port, keys }) {
  const provider = new Provider(issuer, settings(keys));
  provider.proxy = true;
  provider.on('server_error', (_ctx, error) => console.error(`provider ${issuer}:`, error));
  const server = provider.listen(port, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return { issuer, base: `http://127.0.0.1:${port}`, stop: () => server.close().closeAllConnections() };
}
