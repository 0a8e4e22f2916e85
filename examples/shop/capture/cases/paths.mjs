// Paths that climb, hide or double. The token is always good; only the path decides.
import { allow, deny, reject, swap } from '../expect.mjs';

export function pathCases(clients, bearer, base) {
  const as = (token) => (name, why, target, expect) => ({
    name, why, expect, send: () => clients.curl({ target, headers: bearer(token) }),
  });
  const gold = as('gold-rs256');
  const senior = as('senior-staff');
  const refused = (name, why, target, reason) => gold(name, why, target, reject(reason));
  const raw = (name, why, target, expect) => ({
    name, why, expect, send: () => clients.raw(swap(base, 'GET /orders HTTP', `GET ${target} HTTP`)),
  });
  return [
    gold('path-dots', 'Decided as /admin/reports', '/orders/../admin/reports', deny('admin', 'RULE_NO_MATCH')),
    gold('path-dots-encoded', 'The same, with encoded dots', '/orders/%2e%2E/admin/reports', deny('admin', 'RULE_NO_MATCH')),
    senior('path-dots-encoded-senior', 'The same path, for someone who may', '/orders/%2e%2e/admin/reports', allow('admin', 'senior-staff-administer')),
    gold('path-dots-back', 'Into the admin pages and out again', '/admin/../orders/10017', allow('order-read', 'customers-read')),
    gold('path-double-slash', 'Decided as /admin/reports', '//admin/reports', deny('admin', 'RULE_NO_MATCH')),
    senior('path-double-slash-senior', 'The same path, for someone who may', '//admin/reports', allow('admin', 'senior-staff-administer')),
    refused('path-double-slash-dots', 'Merging first or climbing first gives two answers', '/orders//../admin/reports', 'PATH_AMBIGUOUS_SLASHES'),
    refused('path-encoded-slash', 'Some programs see a separator', '/orders/..%2fadmin/reports', 'PATH_ENCODED_SEPARATOR'),
    refused('path-encoded-backslash', 'Some programs see a separator', '/orders/..%5Cadmin/reports', 'PATH_ENCODED_SEPARATOR'),
    raw('path-backslash', 'Some programs see a separator', '/orders\\..\\admin', reject('PATH_BACKSLASH')),
    refused('path-nul', 'A C string ends here', '/orders%00', 'PATH_CONTROL'),
    refused('path-line-break', 'A header for a program that decodes too early', '/orders%0d%0aX-Shop-Subject:admin', 'PATH_CONTROL'),
    gold('path-semicolon', 'Some programs cut a segment off at its ; and then see dots', '/orders/..;/admin', deny(null, 'PATH_MATRIX_PARAMETER')),
    refused('path-double-encoded', 'Decoded twice it climbs', '/orders/%252e%252e/admin/reports', 'PATH_DOUBLE_ENCODED'),
    refused('path-above-root', 'There is nothing above the root', '/../admin/reports', 'PATH_ABOVE_ROOT'),
    refused('path-overlong-utf8', 'Dots in a form that UTF-8 forbids', '/orders/%c0%ae%c0%ae/admin', 'PATH_OVERLONG'),
    refused('path-bad-escape', 'Not hexadecimal', '/orders/%zz', 'PATH_ESCAPE'),
    refused('path-unicode-escape', 'An escape of another language', '/orders/%u002e%u002e/admin', 'PATH_ESCAPE'),
    raw('path-fragment', 'A fragment is never sent', '/orders#/../admin', reject('TARGET_FRAGMENT')),
    raw('path-raw-utf8', 'RFC 3986 §2: bytes outside ASCII must be encoded', '/catalog/caf\xc3\xa9', reject('TARGET_CHARACTER')),
    gold('path-case', 'Paths are case-sensitive', '/Admin/reports', deny(null, 'ROUTE_UNKNOWN')),
    gold('path-trailing-slash', '* is one segment and not an empty one', '/orders/', deny(null, 'ROUTE_UNKNOWN')),
    gold('path-catalog-alone', '** starts after the slash', '/catalog', deny(null, 'ROUTE_UNKNOWN')),
    gold('path-two-segments', '* is one segment and not two', '/orders/10017/items', deny(null, 'ROUTE_UNKNOWN')),
    gold('path-encoded-digits', 'RFC 3986 §6.2.2.2: an encoded 1 is a 1', '/orders/%31%30017', allow('order-read', 'customers-read')),
    gold('path-encoded-question-mark', 'A delimiter that stays encoded is part of the segment', '/orders/10017%3Fall=true', allow('order-read', 'customers-read')),
    gold('path-percent-sign', 'An encoded percent sign before a letter is no second escape', '/catalog/50%25-off', allow('catalog', 'anyone-browses')),
    gold('query-looks-like-path', 'The query is not part of the path', '/orders?next=/../admin//x', allow('orders-list', 'customers-read')),
  ];
}
