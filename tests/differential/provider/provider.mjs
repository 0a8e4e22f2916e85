// An OpenID provider on loopback, the npm package oidc-provider, whose keys change on command.
//
// Usage: node provider.mjs PACKAGES PORT; PACKAGES is the folder that holds node_modules.
// Reads lines: `keys NAME[=KID]...` makes the named keys the published ones, the first of them signing. A name stands
// for one private key, made when it is first heard; the kid is the name unless another is given. Answers `ready`.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [packages, port] = process.argv.slice(2);
const found = createRequire(`${packages}/`).resolve('oidc-provider');
const { Provider } = await import(pathToFileURL(found));

const MONTH = 30 * 86400;
const made = new Map();

function key(entry) {
  const [name, kid = name] = entry.split('=');
  if (!made.has(name)) {
    made.set(name, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }));
  }
  return { ...made.get(name), kid, alg: 'ES256', use: 'sig' };
}

function settings(keys) {
  return {
    jwks: { keys },
    clients: [{
      client_id: 'machine', client_secret: 'loopback-only', grant_types: ['client_credentials'],
      redirect_uris: [], response_types: [], id_token_signed_response_alg: 'ES256',
    }],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    ttl: { ClientCredentials: MONTH },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'read', audience: 'https://api.example', accessTokenFormat: 'jwt', accessTokenTTL: MONTH,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

let answer = (_request, response) => response.writeHead(503).end('<html>not yet</html>');
const server = createServer((request, response) => answer(request, response));
await new Promise((resolve) => server.listen(Number(port), '127.0.0.1', resolve));

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...entries] = line.split(' ');
  if (command !== 'keys') break;
  answer = new Provider(`http://127.0.0.1:${port}`, settings(entries.map(key))).callback();
  console.log('ready');
}
server.close().closeAllConnections();
