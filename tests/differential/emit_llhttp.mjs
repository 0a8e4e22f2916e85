// Feeds messages to the parser of Node's HTTP server, without the server: each line of the input is one stream of bytes
// in hexadecimal digits, each line of the output what was read in it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { HTTPParser, methods } = createRequire(import.meta.url)('node:_http_common');

function read(bytes) {
  const requests = [];
  let fields = []; // a long head is told in parts
  let target = '';
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.REQUEST, {});
  parser[HTTPParser.kOnHeaders | 0] = (some, part) => {
    fields.push(...some);
    target += part;
  };
  parser[HTTPParser.kOnHeadersComplete | 0] = (major, minor, rest, method, url) => {
    fields.push(...(rest ?? []));
    requests.push({ method: methods[method], target: target + (url ?? ''), fields, body: '', ended: false });
    fields = [];
    target = '';
    return 0; // there is a body if the head says so
  };
  parser[HTTPParser.kOnBody | 0] = (piece) => {
    requests.at(-1).body += Buffer.from(piece).toString('hex');
  };
  parser[HTTPParser.kOnMessageComplete | 0] = () => {
    requests.at(-1).ended = true;
  };
  const result = parser.execute(bytes);
  if (result instanceof Error) return { error: `${result.code}: ${result.reason}` };
  if (requests.length === 0 || !requests[0].ended) return { error: 'not a whole message' };
  return { ...requests[0], next: requests[1]?.target ?? null };
}

for (const line of readFileSync(0, 'latin1').trimEnd().split('\n')) {
  console.log(JSON.stringify(read(Buffer.from(line, 'hex'))));
}
