// The tokens of the example: which are asked of a provider, and which are made from those by hand.
import {
  constants, createHmac, createPublicKey, generateKeyPairSync, sign,
} from 'node:crypto';
import { API, BILLING } from './provider.mjs';
import { machineToken, signIn } from './login.mjs';

const READ = 'orders:read';
const READ_WRITE = 'orders:read orders:write';
const READ_ADMIN = 'orders:read orders:admin';

// name: [client, account, scope, verdict of a verifier of API at the time of cases.json]
const SIGN_INS = {
  'gold-rs256': ['web', 'customer-1001', READ_WRITE, 'OK'],
  'gold-read-only': ['web', 'customer-1001', READ, 'OK'],
  'gold-write-only': ['web', 'customer-1001', 'orders:write', 'OK'],
  'standard-es256': ['mobile', 'customer-1002', READ_WRITE, 'OK'],
  suspended: ['mobile', 'customer-1003', READ_WRITE, 'OK'],
  bronze: ['mobile', 'customer-1004', READ_WRITE, 'OK'],
  'no-tier': ['mobile', 'customer-1005', READ_WRITE, 'OK'],
  'staff-eddsa': ['desk', 'staff-2001', READ_ADMIN, 'OK'],
  'staff-no-admin-scope': ['desk', 'staff-2002', READ_WRITE, 'OK'],
  'senior-staff': ['web', 'staff-2002', READ_ADMIN, 'OK'],
  'finance-staff': ['desk', 'staff-2003', READ_ADMIN, 'OK'],
  'half-finance-staff': ['desk', 'staff-2005', READ_ADMIN, 'OK'],
  'leaving-staff': ['web', 'staff-2004', READ_ADMIN, 'OK'],
  contractor: ['mobile', 'contractor-3001', READ_ADMIN, 'OK'],
  'text-for-boolean': ['mobile', 'contractor-3002', READ_ADMIN, 'OK'],
  'line-break-in-subject': ['mobile', 'customer-1009\r\nx-shop-tier: gold', READ, 'OK'],
  'expired-rs256': ['kiosk-web', 'customer-1001', READ_WRITE, 'TOKEN_EXPIRED'],
  'expired-es256': ['kiosk-mobile', 'customer-1001', READ_WRITE, 'TOKEN_EXPIRED'],
  'not-yet-valid': ['launch-day', 'customer-1001', READ, 'TOKEN_NOT_YET_VALID'],
  encrypted: ['sealed-web', 'customer-1001', READ, 'TOKEN_ENCRYPTED'],
};

const issue = (token, by, why, verdict) => ({ token, made: 'issued', by, why, verdict });

export async function issueTokens(shop, other, impostor) {
  const tokens = {};
  for (const [name, [client, account, scope, verdict]] of Object.entries(SIGN_INS)) {
    const answer = await signIn(shop, { client, account, scope, resource: API });
    tokens[name] = issue(answer.access_token, shop.issuer, `Sign-in through the client ${client}`, verdict);
  }
  return { ...tokens, ...await machineTokens(shop), ...await misplacedTokens(shop), ...await foreignTokens(other, impostor) };
}

async function machineTokens(shop) {
  const client = 'partner-sync';
  const { access_token: token } = await machineToken(shop, { client, scope: READ_WRITE, resource: API });
  const { access_token: billing } = await machineToken(shop, { client, scope: READ, resource: BILLING });
  return {
    'partner-eddsa': issue(token, shop.issuer, 'Client credentials of a partner', 'OK'),
    'partner-billing': issue(billing, shop.issuer, `Client credentials for ${BILLING}`, 'TOKEN_AUDIENCE'),
  };
}

async function misplacedTokens(shop) {
  const who = { client: 'web', account: 'customer-1001', scope: READ };
  const { access_token: billing } = await signIn(shop, { ...who, resource: BILLING });
  const { access_token: opaque, id_token: idToken } = await signIn(shop, who);
  return {
    'wrong-audience': issue(billing, shop.issuer, `Issued for ${BILLING}`, 'TOKEN_AUDIENCE'),
    'id-token': issue(idToken, shop.issuer, 'An ID token: its audience is the client', 'TOKEN_AUDIENCE'),
    opaque: issue(opaque, shop.issuer, 'An access token without a resource is not a JWT', 'TOKEN_SEGMENTS'),
  };
}

// The impostor is a second provider that claims the shop's issuer name and reuses a key id of the shop.
async function foreignTokens(other, impostor) {
  const gold = { account: 'customer-1001', scope: READ_WRITE, resource: API };
  const { access_token: elsewhere } = await signIn(other, { ...gold, client: 'web' });
  const { access_token: sameKid } = await signIn(impostor, { ...gold, client: 'web' });
  const { access_token: newKid } = await signIn(impostor, { ...gold, client: 'mobile' });
  return {
    'other-issuer': issue(elsewhere, other.issuer, 'A healthy provider that the shop does not trust', 'TOKEN_ISSUER_UNKNOWN'),
    'impostor-same-kid': issue(sameKid, 'an impostor', 'Right issuer and kid, wrong key', 'TOKEN_SIGNATURE'),
    'impostor-unknown-kid': issue(newKid, 'an impostor', 'Right issuer, a kid that the shop never published', 'TOKEN_KEY_UNKNOWN'),
  };
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function open(jws) {
  const [header, payload, signature] = jws.split('.').map((part) => Buffer.from(part, 'base64url'));
  return { header: JSON.parse(header), payload: JSON.parse(payload), signature, parts: jws.split('.') };
}

// Sets one of the four unused bits of the last character of an RSA-2048 signature: lax decoders see the same bytes.
function withUnusedBit(jws) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return jws.slice(0, -1) + alphabet[alphabet.indexOf(jws.at(-1)) | 1];
}

// Puts an ES256 signature (r and s, 32 bytes each) into the ASN.1 form that JOSE does not use.
function asDer(signature) {
  const integer = (bytes) => {
    const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
    const body = short[0] & 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
    return Buffer.concat([Buffer.of(2, body.length), body]);
  };
  const body = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function macOverPem(gold, jwks) {
  const pem = createPublicKey({ key: jwks.keys.find((key) => key.alg === 'RS256'), format: 'jwk' })
    .export({ type: 'spki', format: 'pem' });
  const text = `${encode({ ...gold.header, alg: 'HS256' })}.${gold.parts[1]}`;
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
}

function signedWithCarriedKey(gold) {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = `${encode({ ...gold.header, jwk: own.publicKey.export({ format: 'jwk' }) })}.${gold.parts[1]}`;
  const key = { key: own.privateKey, padding: constants.RSA_PKCS1_PADDING };
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

// `lax: true` marks what ordinary libraries accept although the RFC forbids it.
export function deriveTokens(issued, jwks) {
  const gold = open(issued['gold-rs256'].token);
  const standard = open(issued['standard-es256'].token);
  const [header, payload, signature] = gold.parts;
  const flipped = Buffer.from(gold.signature);
  flipped[17] ^= 1;
  const made = (token, why, verdict, more) => ({ token, made: 'derived', why, verdict, ...more });
  return {
    'tampered-payload': made(
      [standard.parts[0], encode({ ...standard.payload, tier: 'gold' }), standard.parts[2]].join('.'),
      'standard-es256 with tier rewritten to gold', 'TOKEN_SIGNATURE'),
    'tampered-signature': made([header, payload, flipped.toString('base64url')].join('.'),
      'gold-rs256 with one bit of the signature flipped', 'TOKEN_SIGNATURE'),
    'swapped-signature': made([header, payload, open(issued['senior-staff'].token).parts[2]].join('.'),
      'gold-rs256 with the signature of senior-staff, by the same key', 'TOKEN_SIGNATURE'),
    'zero-signature': made([standard.parts[0], standard.parts[1], Buffer.alloc(64).toString('base64url')].join('.'),
      'standard-es256 with r = s = 0', 'TOKEN_SIGNATURE'),
    'der-signature': made([standard.parts[0], standard.parts[1], asDer(standard.signature).toString('base64url')].join('.'),
      'standard-es256 with its own signature in ASN.1 form', 'TOKEN_SIGNATURE_LENGTH'),
    'unused-bits': made(withUnusedBit(issued['gold-rs256'].token),
      'gold-rs256 with an unused bit of the last character set', 'TOKEN_BASE64', { lax: true }),
    'alg-none-empty': made(`${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      'alg none and no signature', 'TOKEN_SEGMENTS'),
    'alg-none-kept': made([encode({ ...gold.header, alg: 'none' }), payload, signature].join('.'),
      'alg none with the signature left in place', 'TOKEN_ALGORITHM_REFUSED'),
    'hs256-confusion': made(macOverPem(gold, jwks),
      'HS256 with the PEM of the public RSA key as its secret', 'TOKEN_ALGORITHM_REFUSED'),
    'ps256-relabelled': made([encode({ ...gold.header, alg: 'PS256' }), payload, signature].join('.'),
      'An algorithm that the issuer does not use', 'TOKEN_ALGORITHM_REFUSED'),
    'kid-of-other-algorithm': made([encode({ ...gold.header, kid: standard.header.kid }), payload, signature].join('.'),
      'RS256 with the kid of the ES256 key', 'TOKEN_KEY_UNKNOWN'),
    'carried-key': made(signedWithCarriedKey(gold),
      'Signed by a key that the token itself carries in jwk', 'TOKEN_SIGNATURE'),
    'critical-extension': made([encode({ ...gold.header, crit: ['b64'], b64: true }), payload, signature].join('.'),
      'crit demands an extension', 'TOKEN_CRITICAL'),
    'duplicate-alg': made(
      [encode(JSON.stringify(gold.header).replace('{', '{"alg":"none",')), payload, signature].join('.'),
      'Two alg members, the first one none', 'TOKEN_DUPLICATE_MEMBER'),
    'four-parts': made(`${issued['gold-rs256'].token}.${signature}`, 'A fourth part', 'TOKEN_SEGMENTS'),
    padded: made(`${issued['gold-rs256'].token}==`, 'Base64 padding, which JOSE forbids', 'TOKEN_CHARACTER', { lax: true }),
  };
}
