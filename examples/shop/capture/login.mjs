// Gets tokens from a running provider the way its users do: over HTTP, with the standard flows.
import { createHash, randomBytes } from 'node:crypto';
import { redirectUri } from './provider.mjs';
import { clients } from './people.mjs';

const MAX_STEPS = 10;
const TIMEOUT_MS = 10_000;

class Browser {
  constructor({ base, issuer }) {
    this.base = base;
    this.issuer = new URL(issuer);
    this.cookies = new Map();
  }

  async send(path, form) {
    const response = await fetch(this.base + path, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-forwarded-proto': 'https',
        'x-forwarded-host': this.issuer.host,
      },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (value) this.cookies.set(name, value); else this.cookies.delete(name);
  }
}

async function redirectTarget(response, issuer) {
  const location = response.headers.get('location');
  if (!location) throw new Error(`no redirect: ${response.status} ${await response.text()}`);
  return new URL(location, issuer);
}

// Signs in, consents, and follows redirects until the provider sends the browser back to the client.
async function authorizationCode(browser, account, query, callback) {
  const forms = [{ prompt: 'login', login: account, password: 'unused' }, { prompt: 'consent' }];
  let response = await browser.send(`/auth?${new URLSearchParams(query)}`);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = await redirectTarget(response, browser.issuer);
    if (next.href.startsWith(callback)) return next.searchParams.get('code') ?? fail(next.href);
    const form = next.pathname.startsWith('/interaction/') ? forms.shift() : undefined;
    response = await browser.send(next.pathname + next.search, form);
  }
  return fail('the sign-in did not end');
}

function fail(text) {
  throw new Error(text);
}

async function tokenEndpoint(browser, form) {
  const response = await browser.send('/token', form);
  const body = await response.json();
  return response.ok ? body : fail(JSON.stringify(body));
}

export async function signIn(provider, { client, account, scope, resource }) {
  const browser = new Browser(provider);
  const verifier = randomBytes(32).toString('base64url');
  const callback = redirectUri(client);
  const wanted = resource ? { resource } : {};
  const code = await authorizationCode(browser, account, {
    client_id: client, response_type: 'code', redirect_uri: callback, scope: `openid ${scope}`, ...wanted,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  }, callback);
  return tokenEndpoint(browser, {
    grant_type: 'authorization_code', client_id: client, code, redirect_uri: callback, code_verifier: verifier, ...wanted,
  });
}

export function machineToken(provider, { client, scope, resource }) {
  return tokenEndpoint(new Browser(provider), {
    grant_type: 'client_credentials', client_id: client, client_secret: clients[client].secret, scope, resource,
  });
}

export async function servedKeys(provider) {
  const response = await new Browser(provider).send('/jwks');
  return response.text();
}
