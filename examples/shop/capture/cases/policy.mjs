// Good bytes, good tokens: what remains is what the Gate says.
import { allow, deny, denyBy } from '../expect.mjs';

export function policyCases(clients, bearer) {
  const call = (name, why, method, target, token, expect, more = {}) => ({
    name, why, expect, peer: more.peer,
    send: () => clients.curl({ method, target, host: more.host, headers: { ...(token && bearer(token)), ...more.headers } }),
  });
  return [
    ...customers(call), ...staff(call), ...denyRules(call), ...routes(call), ...headers(call),
  ];
}

function customers(call) {
  return [
    call('scope-missing-write', 'The token may read only', 'POST', '/orders', 'gold-read-only', deny('order-create', 'RULE_NO_MATCH')),
    call('scope-missing-read', 'The token may write only', 'GET', '/orders', 'gold-write-only', deny('orders-list', 'RULE_NO_MATCH')),
    call('tier-unknown', 'A tier that no rule names', 'GET', '/orders', 'bronze', deny('orders-list', 'RULE_NO_MATCH')),
    call('tier-absent', 'Absent is not equal to anything', 'GET', '/orders', 'no-tier', deny('orders-list', 'RULE_NO_MATCH')),
    call('customer-deletes', 'Customers delete nothing', 'DELETE', '/orders/10017', 'gold-rs256', deny('order-delete', 'RULE_NO_MATCH')),
    call('customer-note', 'Notes are for support', 'POST', '/orders/10017/notes', 'gold-rs256', deny('order-note', 'RULE_NO_MATCH')),
    call('customer-admin', 'Nor do they administer', 'GET', '/admin/reports', 'gold-rs256', deny('admin', 'RULE_NO_MATCH')),
    call('customer-catalog', 'A token does no harm on a public route', 'GET', '/catalog/mugs', 'standard-es256', allow('catalog', 'anyone-browses')),
    call('partner-deletes', 'Partners delete nothing', 'DELETE', '/orders/10017', 'partner-eddsa', deny('order-delete', 'RULE_NO_MATCH')),
  ];
}

function staff(call) {
  const peer = '10.20.0.19';
  return [
    call('staff-without-admin-scope', 'An employee, but the token lacks the scope', 'DELETE', '/orders/10017', 'staff-no-admin-scope', deny('order-delete', 'RULE_NO_MATCH'), { peer }),
    call('staff-reads', 'Either scope will do', 'GET', '/orders/10017', 'staff-no-admin-scope', allow('order-read', 'staff-read'), { peer }),
    call('staff-not-senior', 'Level 1 is not enough', 'GET', '/admin/reports', 'staff-eddsa', deny('admin', 'RULE_NO_MATCH'), { peer }),
    call('staff-wrong-group', 'operations is neither support nor returns', 'POST', '/orders/10017/notes', 'senior-staff', deny('order-note', 'RULE_NO_MATCH'), { peer }),
    call('senior-export', 'The more specific route has its own rule', 'GET', '/admin/exports/2026-11', 'senior-staff', deny('admin-export', 'RULE_NO_MATCH'), { peer }),
    call('half-finance-export', 'One of two groups is not both', 'GET', '/admin/exports/2026-11', 'half-finance-staff', deny('admin-export', 'RULE_NO_MATCH'), { peer }),
    call('senior-admin-root', '** also matches the empty rest', 'GET', '/admin/', 'senior-staff', allow('admin', 'senior-staff-administer'), { peer }),
    call('contractor-deletes', 'The scope is there, employee is false', 'DELETE', '/orders/10017', 'contractor', deny('order-delete', 'RULE_NO_MATCH')),
    call('text-for-boolean', 'The text "true" is not true', 'DELETE', '/orders/10017', 'text-for-boolean', deny('order-delete', 'RULE_NO_MATCH')),
  ];
}

function denyRules(call) {
  return [
    call('suspended-orders', 'A deny rule hits', 'GET', '/orders', 'suspended', denyBy('no-suspended', 'orders-list')),
    call('suspended-catalog', 'Deny overrides, also on a public route', 'GET', '/catalog/', 'suspended', denyBy('no-suspended', 'catalog')),
    call('leaving-deletes', 'An allow rule matches, and a deny rule overrides it', 'DELETE', '/orders/10017', 'leaving-staff', denyBy('leavers-stay-out', 'order-delete')),
    call('leaving-reads', 'Where the deny rule does not apply', 'GET', '/orders', 'leaving-staff', allow('orders-list', 'staff-read')),
    call('line-break-in-subject', 'A rule allows it, but the subject cannot stand in a header', 'GET', '/orders', 'line-break-in-subject',
      { ...deny('orders-list', 'IDENTITY_HEADER_VALUE'), rule: 'customers-read' }),
  ];
}

function routes(call) {
  return [
    call('route-unknown', 'No such path', 'GET', '/baskets', 'gold-rs256', deny(null, 'ROUTE_UNKNOWN')),
    call('route-method', 'A known path, another method', 'PATCH', '/orders/10017', 'gold-rs256', deny(null, 'ROUTE_METHOD')),
    call('route-head', 'HEAD is not GET', 'HEAD', '/orders', 'gold-rs256', deny(null, 'ROUTE_METHOD')),
    call('host-unknown', 'The name only starts like ours', 'GET', '/orders', 'gold-rs256', deny(null, 'ROUTE_UNKNOWN'), { host: 'api.shop.example.evil.example' }),
    call('host-two-labels', '* is one label', 'GET', '/feed', 'partner-eddsa', deny(null, 'ROUTE_UNKNOWN'), { host: 'a.b.partners.shop.example' }),
    call('host-wildcard-alone', '* is not nothing', 'GET', '/feed', 'partner-eddsa', deny(null, 'ROUTE_UNKNOWN'), { host: 'partners.shop.example' }),
    call('host-other-route', 'A route of the other host', 'GET', '/orders', 'partner-eddsa', deny(null, 'ROUTE_UNKNOWN'), { host: 'acme.partners.shop.example' }),
  ];
}

function headers(call) {
  return [
    call('spoofed-subject', 'The header is stripped and set from the token', 'GET', '/orders', 'gold-rs256', allow('orders-list', 'customers-read'),
      { headers: { 'x-shop-subject': 'admin', 'X-Shop-Tier': 'gold', 'x-shop-client': '10.20.0.1' } }),
    call('spoofed-subject-public', 'The header is stripped, and nothing takes its place', 'GET', '/catalog/', undefined, allow('catalog', 'anyone-browses'),
      { headers: { 'X-SHOP-SUBJECT': 'admin' } }),
    call('spoofed-tier-machine', 'The token has no tier, so neither has the request', 'GET', '/orders', 'partner-eddsa', allow('orders-list', 'partners-read'),
      { headers: { 'x-shop-tier': 'gold' }, peer: '198.51.100.9' }),
    call('method-override', 'The method is the one of the request line', 'GET', '/orders/10017', 'gold-rs256', allow('order-read', 'customers-read'),
      { headers: { 'X-HTTP-Method-Override': 'DELETE' } }),
    call('target-override', 'The target is the one of the request line', 'GET', '/catalog/', undefined, allow('catalog', 'anyone-browses'),
      { headers: { 'X-Original-URL': '/admin/reports', 'X-Rewrite-URL': '/admin/reports' } }),
    call('forwarded-spoof', 'The peer address is given by the host, never by the client', 'GET', '/orders', 'gold-rs256', allow('orders-list', 'customers-read'),
      { headers: { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1;host=admin.shop.example' } }),
  ];
}
