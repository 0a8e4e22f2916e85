// Who can get a token: OAuth clients and the accounts that sign in through them. All invented, none a person.
import { randomBytes } from 'node:crypto';

const DAY = 86400;
const secret = () => randomBytes(24).toString('base64url');

export const clients = {
  web: { alg: 'RS256' },
  mobile: { alg: 'ES256' },
  desk: { alg: 'EdDSA' },
  'partner-sync': { alg: 'EdDSA', secret: secret() },
  'kiosk-web': { alg: 'RS256', ttl: 1 },
  'kiosk-mobile': { alg: 'ES256', ttl: 1 },
  'launch-day': { alg: 'ES256', startsIn: DAY },
  'sealed-web': { alg: 'RS256', sealed: true },
};

// The claims that the provider adds to the access token of each account.
export const accounts = {
  'customer-1001': { tier: 'gold', groups: ['customers'] },
  'customer-1002': { tier: 'standard', groups: ['customers'] },
  'customer-1003': { tier: 'suspended', groups: ['customers'] },
  'customer-1004': { tier: 'bronze', groups: ['customers'] },
  'customer-1005': {},
  'staff-2001': { employee: true, level: 1, groups: ['support'] },
  'staff-2002': { employee: true, level: 4, groups: ['operations'] },
  'staff-2003': { employee: true, level: 2, groups: ['audit', 'finance', 'leads'] },
  'staff-2004': { employee: true, level: 5, groups: ['operations', 'leaving'] },
  'staff-2005': { employee: true, level: 2, groups: ['finance'] },
  'contractor-3001': { employee: false, level: 4, groups: ['operations'] },
  // A record that somebody filled in by hand, with text where the others have true.
  'contractor-3002': { employee: 'true', level: '4', groups: 'support' },
  // A subject that would end the identity header and start another.
  'customer-1009\r\nx-shop-tier: gold': { tier: 'standard', groups: ['customers'] },
};
