// Records the data of the shop example: keys, tokens, request heads and what must become of them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkCases, checkTokens } from './check.mjs';
import { Clients } from './clients.mjs';
import { Sink } from './sink.mjs';
import { servedKeys } from './login.mjs';
import { freshKeys, startProvider } from './provider.mjs';
import { deriveTokens, issueTokens } from './tokens.mjs';
import { byteCases } from './cases/bytes.mjs';
import { clientCases } from './cases/clients.mjs';
import { pathCases } from './cases/paths.mjs';
import { policyCases } from './cases/policy.mjs';
import { tokenCases } from './cases/tokens.mjs';

const SINK_PORT = 4480;
const SHOP = 'https://id.shop.example';
const KIDS = { RS256: 'shop-rs-1', ES256: 'shop-es-1', EdDSA: 'shop-ed-1' };
const PEER = '203.0.113.7';
const out = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

function startProviders() {
  return Promise.all([
    startProvider({ issuer: SHOP, port: 4455, keys: freshKeys(KIDS) }),
    startProvider({ issuer: 'https://id.other.example', port: 4456, keys: freshKeys(KIDS) }),
    startProvider({ issuer: SHOP, port: 4457, keys: freshKeys({ ...KIDS, ES256: 'shop-es-2' }) }),
  ]);
}

async function collectTokens() {
  const providers = await startProviders();
  try {
    const keysText = await servedKeys(providers[0]);
    const issued = await issueTokens(...providers);
    await sleep(2100); // the one-second tokens run out
    return { keysText, tokens: { ...issued, ...deriveTokens(issued, JSON.parse(keysText)) } };
  } finally {
    for (const provider of providers) provider.stop();
  }
}

// The head that the hostile ones are made from: what curl sends for GET /orders.
async function baseHead(clients, bearer) {
  const { head } = await clients.curl({ target: '/orders', headers: bearer('gold-rs256') });
  return head.toString('latin1');
}

async function listCases(clients, tokens) {
  const bearer = (name) => ({ Authorization: `Bearer ${tokens[name].token}` });
  const base = await baseHead(clients, bearer);
  return [
    ...clientCases(clients, bearer),
    ...policyCases(clients, bearer),
    ...pathCases(clients, bearer, base),
    ...tokenCases(clients, bearer, tokens, base),
    ...byteCases(clients, base),
  ];
}

async function recordCases(tokens) {
  const sink = new Sink();
  const clients = new Clients(sink);
  try {
    await sink.listen(SINK_PORT);
    await clients.prepare();
    const recorded = [];
    for (const item of await listCases(clients, tokens)) recorded.push(await record(item));
    return recorded;
  } finally {
    sink.close();
    clients.close();
  }
}

async function record({ name, why, peer = PEER, send, expect }) {
  const { head, from } = await send().catch((error) => { throw new Error(`${name}: ${error.message}`); });
  return { name, why, peer, from, expect, head };
}

function clear(name) {
  rmSync(out(name), { recursive: true, force: true });
  mkdirSync(out(name));
}

function writeTokens(tokens) {
  clear('tokens');
  const index = Object.entries(tokens).map(([name, { token, made, by, why, verdict }]) => {
    const file = `tokens/${name}.jwt`;
    writeFileSync(out(file), token);
    return { name, file, made, ...(by && { by }), why, expect: verdict };
  });
  return index;
}

function writeRequests(cases) {
  clear('requests');
  return cases.map(({ head, name, why, peer, from, expect }, index) => {
    const request = `requests/${String(index + 1).padStart(3, '0')}-${name}.http`;
    writeFileSync(out(request), head);
    return { name, request, peer, from, why, expect };
  });
}

// One entry a line: readable, and a change shows as one line.
function writeList(file, members, list, entries) {
  const head = Object.entries(members).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`).join('');
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  writeFileSync(out(file), `{\n${head}  ${JSON.stringify(list)}: [\n${lines}\n  ]\n}\n`);
}

async function main() {
  const start = Math.floor(Date.now() / 1000);
  const { keysText, tokens } = await collectTokens();
  const members = { now: start + 3600, captured: new Date(start * 1000).toISOString().replace('.000', '') };
  await checkTokens(tokens, JSON.parse(keysText), SHOP, members.now);
  const cases = await recordCases(tokens);
  checkCases(cases);
  writeFileSync(out('keys.json'), keysText);
  writeList('tokens.json', members, 'tokens', writeTokens(tokens));
  writeList('cases.json', members, 'cases', writeRequests(cases));
  console.log(`${Object.keys(tokens).length} tokens, ${cases.length} cases`);
}

await main();
