// Every token that must not be accepted, and every way to spoil the header that carries one.
import { allow, deny, reject, swap } from '../expect.mjs';

export function tokenCases(clients, bearer, tokens, base) {
  const listed = (name, why, token, reason) => ({
    name, why, send: () => clients.curl({ target: '/orders', headers: bearer(token) }), expect: deny('orders-list', reason),
  });
  const bad = Object.entries(tokens).filter(([, token]) => token.verdict !== 'OK');
  return [
    ...bad.map(([name, token]) => listed(`token-${name}`, token.why, name, token.verdict)),
    { name: 'token-missing', why: 'A protected route without a token',
      send: () => clients.curl({ target: '/orders' }), expect: deny('orders-list', 'CREDENTIAL_MISSING') },
    { name: 'token-expired-on-public-route', why: 'A wrong token is wrong on a public route, too',
      send: () => clients.curl({ target: '/catalog/', headers: bearer('expired-es256') }), expect: deny('catalog', 'TOKEN_EXPIRED') },
    { name: 'token-expired-on-unknown-route', why: 'The route comes first',
      send: () => clients.curl({ target: '/baskets', headers: bearer('expired-es256') }), expect: deny(null, 'ROUTE_UNKNOWN') },
    ...headerCases(clients, tokens, base),
  ];
}

function headerCases(clients, tokens, base) {
  const good = `Bearer ${tokens['gold-rs256'].token}`;
  const other = `Bearer ${tokens['senior-staff'].token}`;
  const raw = (name, why, value, expect) => ({
    name, why, expect, send: () => clients.raw(swap(base, `Authorization: ${good}`, `Authorization: ${value}`)),
  });
  const refused = (name, why, value, reason) => raw(name, why, value, deny('orders-list', reason));
  const accepted = (name, why, value) => raw(name, why, value, allow('orders-list', 'customers-read'));
  return [
    accepted('bearer-lower-case', 'RFC 9110 §11.1: the scheme is case-insensitive', good.replace('Bearer', 'bearer')),
    accepted('bearer-trailing-blanks', 'RFC 9110 §5.5: white space around a field value is not part of it', `${good} \t`),
    refused('bearer-basic', 'Another scheme', 'Basic Y3VzdG9tZXI6c2VjcmV0', 'CREDENTIAL_SCHEME'),
    refused('bearer-no-token', 'A scheme and nothing else', 'Bearer', 'CREDENTIAL_MALFORMED'),
    refused('bearer-two-tokens', 'Two tokens in one header', `${good} ${tokens['senior-staff'].token}`, 'CREDENTIAL_MALFORMED'),
    refused('bearer-comma-list', 'RFC 9110 §5.3: Authorization is not a list', `${good}, ${other}`, 'CREDENTIAL_MALFORMED'),
    refused('bearer-two-spaces', 'One canonical form: one space', good.replace(' ', '  '), 'CREDENTIAL_MALFORMED'),
    refused('bearer-tab', 'A tab does not separate scheme and token', good.replace(' ', '\t'), null),
    refused('bearer-encoded-newline', 'A percent sign stands in no token', `${good}%0a`, 'CREDENTIAL_MALFORMED'),
    refused('bearer-quoted', 'A quoted token', `Bearer "${tokens['gold-rs256'].token}"`, 'CREDENTIAL_MALFORMED'),
    raw('bearer-newline', 'A line feed after the token', `${good}\n`, reject('HEAD_BARE_LF')),
    raw('bearer-nul', 'A NUL after the token', `${good}\0`, reject('FIELD_VALUE')),
    raw('authorization-twice', 'Two Authorization fields: which one counts?', `${good}\r\nAuthorization: ${other}`, reject('FIELD_DUPLICATE')),
    raw('authorization-twice-same', 'The same field twice is still two', `${good}\r\nauthorization: ${good}`, reject('FIELD_DUPLICATE')),
  ];
}
