// jose's verdicts: reads and answers the lines that token_verdicts.cpp says, on each layer "OK" or an error.
// Usage: node jose_verdicts.mjs PACKAGES, the folder that has node_modules.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';
import { pathToFileURL } from 'node:url';

globalThis.crypto ??= webcrypto; // Node 18 has it under another name only
const jose = await import(pathToFileURL(createRequire(`${process.argv[2]}/`).resolve('jose')));

function readSetting({ issuer, audiences, algorithms, jwks, secrets }) {
  const options = { issuer, audience: audiences, algorithms, requiredClaims: ['exp'] };
  if (jwks !== undefined) return { options, key: jose.createLocalJWKSet(JSON.parse(jwks)) };
  return { options, key: ({ alg, kid }) => secretFor(secrets, alg, kid) };
}

// jose takes no set of secrets; this is what its documentation has instead, a function of the header.
function secretFor(secrets, alg, kid) {
  const fitting = secrets.filter((secret) => secret.alg === alg && (kid === undefined || kid === secret.kid));
  if (fitting.length !== 1) throw new jose.errors.JWKSNoMatchingKey();
  return Buffer.from(fitting[0].bytes, 'hex');
}

const said = (error) => error.code ?? `${error.name}: ${error.message}`;

async function judge({ options, key }, token, now) {
  const answer = { jws: 'OK', payload: null, jwt: 'OK', claims: null };
  try {
    const { payload } = await jose.compactVerify(token, key, options);
    answer.payload = Buffer.from(payload).toString('hex');
  } catch (error) {
    answer.jws = said(error);
  }
  try {
    const { payload } = await jose.jwtVerify(token, key, { ...options, currentDate: new Date(now * 1000) });
    answer.claims = payload;
  } catch (error) {
    answer.jwt = said(error);
  }
  return answer;
}

const settings = new Map();
const answers = [];
for (const text of readFileSync(0, 'utf8').trimEnd().split('\n')) {
  const line = JSON.parse(text);
  if (line.setting !== undefined) settings.set(line.setting, readSetting(line));
  else answers.push(JSON.stringify(await judge(settings.get(line.in), Buffer.from(line.token, 'hex').toString('latin1'), line.now)));
}
process.stdout.write(answers.join('\n') + '\n');
