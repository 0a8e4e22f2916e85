// Heads that two programs could read differently, each with one defect. Made from what curl sent.
import { allow, reject, swap } from '../expect.mjs';

const LINE = 'GET /orders HTTP/1.1\r\n';
const HOST = 'Host: api.shop.example\r\n';

export function byteCases(clients, base) {
  const raw = (name, why, edit, reason) => ({ name, why, send: () => clients.raw(edit(base)), expect: reject(reason) });
  const line = (name, why, text, reason) => raw(name, why, (head) => swap(head, LINE, text), reason);
  const host = (name, why, text, reason) => raw(name, why, (head) => swap(head, HOST, text), reason);
  const field = (name, why, text, reason) => raw(name, why, (head) => swap(head, HOST, `${HOST}${text}\r\n`), reason);
  const post = (name, why, fields, reason) => raw(name, why,
    (head) => swap(swap(head, 'GET', 'POST'), HOST, `${HOST}${fields.join('\r\n')}\r\n`), reason);
  const fine = (name, why, edit) => ({ name, why, send: () => clients.raw(edit(base)), expect: allow('orders-list', 'customers-read') });
  return [
    ...framing(post, line),
    ...lines(raw, line, field),
    ...hosts(host, fine),
    fine('leading-empty-line', 'RFC 9112 §2.2: a server should skip it', (head) => `\r\n${head}`),
  ];
}

function framing(post) {
  const chunked = 'Transfer-Encoding: chunked';
  return [
    post('length-and-encoding', 'RFC 9112 §6.3: the classic of request smuggling', ['Content-Length: 6', chunked], 'LENGTH_WITH_ENCODING'),
    post('length-twice-differs', 'Two lengths', ['Content-Length: 5', 'Content-Length: 6'], 'LENGTH_DUPLICATE'),
    post('length-twice-same', 'The same length twice: one canonical form only', ['Content-Length: 5', 'content-length: 5'], 'LENGTH_DUPLICATE'),
    post('length-list', 'Two lengths in one field', ['Content-Length: 5, 6'], 'LENGTH_MALFORMED'),
    post('length-plus', 'A sign is not a digit', ['Content-Length: +5'], 'LENGTH_MALFORMED'),
    post('length-hexadecimal', 'Some parsers read 5, some read 0', ['Content-Length: 0x5'], 'LENGTH_MALFORMED'),
    post('length-overflow', '2^64 + 5 wraps to 5', ['Content-Length: 18446744073709551621'], 'LENGTH_MALFORMED'),
    post('encoding-xchunked', 'Not a coding, but it contains one', ['Transfer-Encoding: xchunked'], 'ENCODING_UNSUPPORTED'),
    post('encoding-chunked-identity', 'chunked is not the last coding', ['Transfer-Encoding: chunked, identity'], 'ENCODING_UNSUPPORTED'),
    post('encoding-twice', 'chunked applied twice', [chunked, chunked], 'ENCODING_UNSUPPORTED'),
    post('encoding-vertical-tab', 'A vertical tab is white space to some', ['Transfer-Encoding: \vchunked'], 'FIELD_VALUE'),
    post('encoding-latin1-name', 'A name that trims to Transfer-Encoding in Latin-1', ['Transfer-Encoding\x85: chunked'], 'FIELD_NAME'),
    post('length-underscore', 'Gateways read content_length as Content-Length', ['Content_Length: 5'], 'FIELD_NAME_UNDERSCORE'),
  ];
}

function lines(raw, line, field) {
  return [
    line('http09', 'The simple request of 1991', 'GET /orders\r\n', 'REQUEST_LINE_MALFORMED'),
    raw('http09-alone', 'The same without anything after it', () => 'GET /orders\r\n', null),
    line('http20-text', 'HTTP/2 is not spoken in text', 'GET /orders HTTP/2.0\r\n', 'VERSION_UNSUPPORTED'),
    line('encoding-http10', 'HTTP/1.0 has no Transfer-Encoding', 'POST /orders HTTP/1.0\r\nTransfer-Encoding: chunked\r\n', 'ENCODING_VERSION'),
    line('method-lower-case', 'Methods are case-sensitive', 'get /orders HTTP/1.1\r\n', 'METHOD_UNSUPPORTED'),
    line('method-unknown', 'No such method', 'BREW /orders HTTP/1.1\r\n', 'METHOD_UNSUPPORTED'),
    line('method-nul', 'Garbage before the method', '\0GET /orders HTTP/1.1\r\n', 'METHOD_MALFORMED'),
    line('request-line-two-spaces', 'One space separates, not two', 'GET  /orders HTTP/1.1\r\n', 'REQUEST_LINE_MALFORMED'),
    line('request-line-space-in-target', 'A space ends the target', 'GET /orders /../admin HTTP/1.1\r\n', 'REQUEST_LINE_MALFORMED'),
    raw('bare-lf-one-line', 'RFC 9112 §2.2: one line ends in LF alone', (head) => swap(head, HOST, `X-Note: a\n${HOST}`), 'HEAD_BARE_LF'),
    raw('bare-lf-everywhere', 'No CR at all', (head) => head.replaceAll('\r\n', '\n'), null),
    field('bare-cr', 'A CR that some read as a line end', 'X-Note: a\rX-Shop-Subject: admin', 'HEAD_BARE_CR'),
    field('folded', 'RFC 9112 §5.2: obsolete line folding', 'X-Note: a\r\n X-Shop-Subject: admin', 'FIELD_FOLDED'),
    line('folded-first', 'White space before the first field hides it', `${LINE} Content-Length: 44\r\n`, 'FIELD_FOLDED'),
    field('space-before-colon', 'RFC 9112 §5.1', 'Content-Length : 5', 'FIELD_SPACE_BEFORE_COLON'),
    field('nul-in-value', 'A C string ends here', 'X-Note: a\0b', 'FIELD_VALUE'),
    field('no-colon', 'A field without a colon', 'Content-Length 5', 'FIELD_COLON'),
    field('empty-name', 'A field without a name', ': 5', 'FIELD_NAME'),
    field('connection-names-authorization', 'A proxy would take the credential away', 'Connection: close, Authorization', 'FIELD_CONNECTION_SPECIFIC'),
    raw('cut-short', 'The client went away in the middle', (head) => head.slice(0, 120), 'HEAD_INCOMPLETE'),
  ];
}

function hosts(host, fine) {
  return [
    host('host-missing', 'RFC 9112 §3.2', '', 'HOST_MISSING'),
    host('host-twice', 'Two Host fields', `${HOST}Host: admin.shop.example\r\n`, 'HOST_DUPLICATE'),
    host('host-userinfo', 'The shop is only a user name here', 'Host: api.shop.example@evil.example\r\n', 'HOST_MALFORMED'),
    host('host-list', 'Two names in one field', 'Host: api.shop.example, evil.example\r\n', 'HOST_MALFORMED'),
    host('host-path', 'A path in the Host', 'Host: api.shop.example/admin\r\n', 'HOST_MALFORMED'),
    host('host-port-range', 'No such port', 'Host: api.shop.example:99999\r\n', 'HOST_MALFORMED'),
    fine('host-upper-case', 'RFC 3986 §3.2.2: host names are case-insensitive', (head) => swap(head, HOST, 'Host: API.Shop.Example\r\n')),
    fine('host-trailing-dot', 'The fully qualified form of the same name', (head) => swap(head, HOST, 'Host: api.shop.example.\r\n')),
    fine('host-default-port', 'RFC 3986 §6.2.3: the default port says nothing', (head) => swap(head, HOST, 'Host: api.shop.example:80\r\n')),
  ];
}
