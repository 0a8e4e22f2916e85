// What ordinary clients send on an ordinary day.
import { allow, deny } from '../expect.mjs';

const ORDER = JSON.stringify({ item: 'mug-blue', count: 2, note: 'Please wrap.' });
const LONG_ORDER = JSON.stringify({ items: Array.from({ length: 60 }, (_, i) => ({ item: `cup-${i}`, count: 1 })) }).padEnd(1_100_000);
const JSON_TYPE = { 'content-type': 'application/json' };

export function clientCases(clients, bearer) {
  const gold = bearer('gold-rs256');
  const standard = bearer('standard-es256');
  const partner = bearer('partner-eddsa');
  return [
    { name: 'curl-health', why: 'A probe without a token on a public route',
      send: () => clients.curl({ target: '/health' }, '--http1.0'), expect: allow('health', 'anyone-browses') },
    { name: 'curl-catalog-head', why: 'HEAD is one of the methods of the route',
      send: () => clients.curl({ method: 'HEAD', target: '/catalog/' }), expect: allow('catalog', 'anyone-browses') },
    { name: 'curl-orders-list', why: 'RS256 token of a customer',
      send: () => clients.curl({ target: '/orders?status=open&limit=20', headers: gold }),
      expect: allow('orders-list', 'customers-read') },
    { name: 'curl-order-create', why: 'A body of known length',
      send: () => clients.curl({ method: 'POST', target: '/orders', headers: { ...gold, ...JSON_TYPE }, body: ORDER }),
      expect: allow('order-create', 'customers-order') },
    { name: 'curl-order-create-expect', why: 'For a long body curl asks first: Expect: 100-continue',
      send: () => clients.curl({ method: 'POST', target: '/orders', headers: { ...gold, ...JSON_TYPE } }, '--data-binary', `@${clients.file(LONG_ORDER)}`),
      expect: allow('order-create', 'customers-order') },
    { name: 'curl-order-read-compressed', why: 'More headers, same verdict',
      send: () => clients.curl({ target: '/orders/10017', headers: standard }, '--compressed', '--referer', 'https://shop.example/account'),
      expect: allow('order-read', 'customers-read') },
    { name: 'curl-orders-h2c', why: 'curl offers an upgrade to HTTP/2; the request is a plain one all the same',
      send: () => clients.curl({ target: '/orders', headers: gold }, '--http2'), expect: allow('orders-list', 'customers-read') },
    { name: 'curl-orders-through-proxy', why: 'RFC 9112 §3.2.2: absolute form is for proxies, and every server has to read it', peer: '198.51.100.20',
      send: () => clients.curlThroughProxy({ target: '/orders', headers: gold }), expect: allow('orders-list', 'customers-read') },
    { name: 'curl-options-asterisk', why: 'Asterisk form names no resource',
      send: () => clients.curl({ method: 'OPTIONS', target: '/' }, '--request-target', '*'), expect: deny(null, 'ROUTE_UNKNOWN') },
    { name: 'node-order-read', why: 'ES256 token; Node keeps the port in Host', peer: '2001:db8:7::1017',
      send: () => clients.node({ target: '/orders/10017', headers: standard }), expect: allow('order-read', 'customers-read') },
    { name: 'node-order-create-chunked', why: 'Node sends chunks when it is not told the length', peer: '2001:db8:7::1017',
      send: () => clients.node({ method: 'POST', target: '/orders', headers: { ...standard, ...JSON_TYPE, 'transfer-encoding': 'chunked' }, body: ORDER }),
      expect: allow('order-create', 'customers-order') },
    { name: 'node-order-delete', why: 'EdDSA token of staff with the admin scope', peer: '10.20.0.14',
      send: () => clients.node({ method: 'DELETE', target: '/orders/10017', headers: bearer('staff-eddsa') }),
      expect: allow('order-delete', 'staff-delete') },
    { name: 'undici-orders-list', why: 'The fetch of Node', peer: '10.20.0.15',
      send: () => clients.undici({ target: '/orders', headers: bearer('staff-eddsa') }), expect: allow('orders-list', 'staff-read') },
    { name: 'urllib-partner-orders', why: 'EdDSA token of a machine', peer: '198.51.100.9',
      send: () => clients.urllib({ target: '/orders?since=2026-11-01T00:00:00Z', headers: partner }),
      expect: allow('orders-list', 'partners-read') },
    { name: 'urllib-partner-feed', why: 'A host under the wildcard', peer: '198.51.100.9',
      send: () => clients.urllib({ target: '/feed', host: 'acme.partners.shop.example', headers: partner }),
      expect: allow('partner-feed', 'partners-read') },
    { name: 'requests-order-create', why: 'requests with a JSON body',
      send: () => clients.requests({ method: 'POST', target: '/orders', headers: { ...gold, ...JSON_TYPE }, body: ORDER }),
      expect: allow('order-create', 'customers-order') },
    { name: 'requests-order-note', why: 'Staff of the support group', peer: '10.20.0.16',
      send: () => clients.requests({ method: 'POST', target: '/orders/10017/notes', headers: { ...bearer('staff-eddsa'), ...JSON_TYPE }, body: '{"text":"called"}' }),
      expect: allow('order-note', 'support-notes') },
    { name: 'httpx-order-read', why: 'httpx',
      send: () => clients.httpx({ target: '/orders/10017', headers: gold }), expect: allow('order-read', 'customers-read') },
    { name: 'go-admin-report', why: 'Senior staff on an admin page', peer: '10.20.0.17',
      send: () => clients.go({ target: '/admin/reports/2026-11', headers: bearer('senior-staff') }),
      expect: allow('admin', 'senior-staff-administer') },
    { name: 'go-admin-export', why: 'Both groups are needed, and both are there', peer: '10.20.0.18',
      send: () => clients.go({ target: '/admin/exports/2026-11', headers: bearer('finance-staff') }),
      expect: allow('admin-export', 'finance-exports') },
    { name: 'go-order-create-chunked', why: 'net/http sends chunks when the length is not known',
      send: () => clients.go({ method: 'POST', target: '/orders', headers: { ...gold, ...JSON_TYPE }, body: ORDER, chunked: true }),
      expect: allow('order-create', 'customers-order') },
    ...browserCases(clients, gold),
  ];
}

function browserCases(clients, gold) {
  const script = `<!doctype html><script>fetch('http://api.shop.example/orders', ${JSON.stringify({ headers: gold })})</script>`;
  return [
    { name: 'chromium-catalog', why: 'A browser visits a public page', peer: '2001:db8:7::2',
      send: () => clients.chromium('http://api.shop.example/catalog/mugs/blue', '<!doctype html><p>Mugs', 'GET /catalog'),
      expect: allow('catalog', 'anyone-browses') },
    { name: 'chromium-catalog-non-ascii', why: 'A browser encodes what is not ASCII', peer: '2001:db8:7::2',
      send: () => clients.chromium('http://api.shop.example/catalog/café?sort=größe', '<!doctype html><p>Mugs', 'GET /catalog'),
      expect: allow('catalog', 'anyone-browses') },
    { name: 'chromium-fetch-orders', why: 'A script of the same origin reads orders', peer: '2001:db8:7::2',
      send: () => clients.chromium('http://api.shop.example/catalog/account', script, 'GET /orders'),
      expect: allow('orders-list', 'customers-read') },
    { name: 'chromium-preflight', why: 'A script of another origin makes the browser ask with OPTIONS', peer: '2001:db8:7::2',
      send: () => clients.chromium('http://www.shop.example/account', script, 'OPTIONS /orders'),
      expect: deny(null, 'ROUTE_METHOD') },
  ];
}
