// Holds the guest to the golden vectors of tests/golden, and to what README.md says about it.
// Usage: node run.mjs BUILD_DIRECTORY
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

import { Guest, effectOf, offsetOf, reasonOf, withoutOffset } from './guest.mjs';

const SIZE_MAX = 96 * 1024;
const CASES_MIN = 100;
const EXPORTS = ['_initialize', 'alloc', 'decide_bytes', 'decide_fields', 'load_gate', 'memory', 'reset'];

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root));
const readJson = (path) => JSON.parse(read(path));

const build = process.argv[2];
const binary = readFileSync(`${build}/ostiary_guest.wasm`);
const module = new WebAssembly.Module(binary);
const gate = read('tests/golden/shop.gate');
const reasons = Object.fromEntries(readJson('src/core/reasons.json').reasons.map(({ name, number }) => [name, number]));
const cases = readJson('examples/shop/cases.json').cases.map(({ name, request, peer }) => ({
  name,
  head: read(`examples/shop/${request}`),
  peer: Buffer.from(peer ?? ''),
}));

const counts = { passed: 0, failed: 0, skipped: 0 };

function test(name, body) {
  try {
    body();
    counts.passed += 1;
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}

function skip(name, why) {
  counts.skipped += 1;
  console.log(`skipped ${name}: ${why}`);
}

/** The lines of a golden file as name -> columns. */
function golden(file) {
  const lines = read(`tests/golden/${file}`).toString().trimEnd().split('\n');
  return new Map(lines.map((line) => line.split('\t')).map(([name, ...columns]) => [name, columns]));
}

/** What the native verifier said about a token, as the guest takes it. */
function verdict([what, ...rest]) {
  if (what === 'verified') return { identity: Buffer.from(rest[0], 'hex') };
  return what === 'refused' ? { refusal: Number(rest[0]), offset: Number(rest[1]) } : {};
}

/** A well-formed head in pieces, taken apart here and not by the library. One empty line may stand before it. */
function pieces(head) {
  const text = head.toString('latin1').replace(/^\r\n/, '');
  const [first, ...lines] = text.split('\r\n\r\n', 1)[0].split('\r\n');
  const [method, target] = first.split(' ');
  const fields = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
  return { method, target, fields };
}

/** The same with the Host as an authority, as HTTP/2 has it. */
function piecesWithAuthority(head) {
  const { fields, ...rest } = pieces(head);
  const isHost = ([name]) => name.toLowerCase() === 'host';
  return { ...rest, authority: fields.find(isHost)[1], fields: fields.filter((field) => !isHost(field)) };
}

function loadedGuest() {
  const guest = new Guest(module);
  assert.equal(guest.loadGate(gate), reasons.OK);
  return guest;
}

const headIsRefused = (image) => Math.floor(reasonOf(image) / 1000) === 1;

function testCases() {
  const guest = loadedGuest();
  const decisions = golden('shop_decisions.txt');
  const identities = golden('shop_identities.txt');
  let ran = 0;
  let throughFields = 0;
  for (const { name, head, peer } of cases) {
    if (!decisions.has(name) || !identities.has(name)) {
      skip(name, 'tests/golden has no vector for it');
      continue;
    }
    const expected = Buffer.from(decisions.get(name)[0], 'hex');
    const said = verdict(identities.get(name));
    ran += 1;
    test(`${name}, bytes`, () => assert.deepEqual(guest.decideBytes(head, peer, said), expected));
    if (headIsRefused(expected)) continue;
    throughFields += 1;
    test(`${name}, fields`, () => assert.deepEqual(guest.decideFields(pieces(head), peer, said), expected));
    // The Host line moves to the top of the head that is inspected, so only the offset may differ.
    test(`${name}, fields and authority`, () => {
      const image = guest.decideFields(piecesWithAuthority(head), peer, said);
      assert.deepEqual(withoutOffset(image), withoutOffset(expected));
    });
  }
  console.log(`${ran} of ${cases.length} shop cases, ${throughFields} of them through the fields door too`);
  test('enough cases ran', () => assert.ok(ran >= CASES_MIN, `${ran} cases, expected ${CASES_MIN} at least`));
  test('every vector has its case', () => {
    const names = new Set(cases.map(({ name }) => name));
    assert.deepEqual([...decisions.keys(), ...identities.keys()].filter((name) => !names.has(name)), []);
  });
}

function testModule() {
  const pages = new Guest(module).memory.buffer.byteLength / 65536;
  console.log(`${binary.length} bytes of WebAssembly, at most ${SIZE_MAX}; ${pages} pages of memory`);
  test('size', () => assert.ok(binary.length <= SIZE_MAX, `${binary.length} bytes`));
  test('no imports', () => assert.deepEqual(WebAssembly.Module.imports(module), []));
  test('exports', () => assert.deepEqual(WebAssembly.Module.exports(module).map(({ name }) => name).sort(), EXPORTS));
}

/** The compiler's search path ends in the machine's own /usr/include, where a missing header is found by accident. */
function testHeaders() {
  const { status, stdout } = spawnSync('ninja', ['-C', build, '-t', 'deps'], { encoding: 'utf8', maxBuffer: 1 << 24 });
  const headers = [...new Set(stdout?.match(/^ +\/usr\/.*$/gm)?.map((line) => line.trim()))];
  const ours = /^\/usr\/(local\/)?include\/wasm32-wasi\/|^\/usr\/lib\/.*\/lib\/clang\//;
  test('headers of this platform only', () => {
    assert.equal(status, 0);
    assert.notEqual(headers.length, 0);
    assert.deepEqual(headers.filter((header) => !ours.test(header)), []);
  });
}

const peer = Buffer.from('203.0.113.7');
const publicHead = Buffer.from('GET /catalog/shoes HTTP/1.1\r\nHost: api.shop.example\r\n\r\n');
const tokenHead = Buffer.from('GET /catalog/shoes HTTP/1.1\r\nHost: api.shop.example\r\nAuthorization: Bearer e.e.e\r\n\r\n');

function assertDenied(image, reason) {
  assert.equal(effectOf(image), 0);
  assert.equal(reasonOf(image), reasons[reason]);
}

function testGates() {
  test('without a Gate everything is denied', () => {
    assertDenied(new Guest(module).decideBytes(publicHead, peer, {}), 'ROUTE_HOST');
  });
  test('a damaged Gate is refused and the one before stays', () => {
    const guest = loadedGuest();
    const damaged = Buffer.from(gate);
    damaged[damaged.length - 1] ^= 1;
    assert.equal(guest.loadGate(damaged), reasons.IMAGE_DAMAGED);
    assert.equal(guest.loadGate(gate.subarray(0, 8)), reasons.IMAGE_FORMAT);
    assert.equal(effectOf(guest.decideBytes(publicHead, peer, {})), 1);
  });
}

function testVerdicts() {
  const guest = loadedGuest();
  const images = [...golden('shop_identities.txt').values()].filter(([what]) => what === 'verified');
  const identity = Buffer.from(images[0][1], 'hex');
  test('an Identity without a token in the request is not looked at', () => {
    assert.deepEqual(guest.decideBytes(publicHead, peer, { identity }), guest.decideBytes(publicHead, peer, {}));
  });
  test('a token nobody judged is a denial, on a public route too', () => {
    assertDenied(guest.decideBytes(tokenHead, peer, {}), 'IDENTITY_IMAGE');
  });
  test('a damaged Identity is a denial', () => {
    for (let size = 1; size < identity.length; ++size) {
      assertDenied(guest.decideBytes(tokenHead, peer, { identity: identity.subarray(0, size) }), 'IDENTITY_IMAGE');
    }
  });
  test('a refusal is a denial at its byte, whatever Identity comes with it', () => {
    const image = guest.decideBytes(tokenHead, peer, { identity, refusal: reasons.TOKEN_EXPIRED, offset: 2 });
    assertDenied(image, 'TOKEN_EXPIRED');
    assert.equal(offsetOf(image), tokenHead.indexOf('e.e.e') + 2);
  });
  test('a refusal that is no refusal is a denial', () => {
    for (const refusal of [reasons.ALLOWED, 424242, -1]) {
      assertDenied(guest.decideBytes(tokenHead, peer, { identity, refusal }), 'INTERNAL');
    }
  });
  test('a peer that is no address is a denial', () => {
    assertDenied(guest.decideBytes(publicHead, Buffer.from('localhost'), {}), 'USAGE_PEER');
  });
}

function testLimits() {
  const guest = loadedGuest();
  const base = { ...pieces(publicHead) };
  const withFields = (count) => ({
    ...base,
    fields: [...base.fields, ...Array.from({ length: count - base.fields.length }, (_, i) => [`x-${i}`, 'y'])],
  });
  test('128 fields pass, more are refused', () => {
    assert.equal(effectOf(guest.decideFields(withFields(128), peer, {})), 1);
    assertDenied(guest.decideFields(withFields(129), peer, {}), 'FIELD_TOO_MANY');
    assertDenied(guest.decideFields(withFields(500), peer, {}), 'FIELD_TOO_MANY');
  });
  test('the largest head passes beside the largest Identity, one byte more is refused', () => {
    const identity = Buffer.alloc(46 * 1024);
    const padded = (size) => {
      const end = Buffer.from('\r\n\r\n');
      const start = Buffer.concat([publicHead.subarray(0, -end.length), Buffer.from('\r\nx: ')]);
      return Buffer.concat([start, Buffer.alloc(size - start.length - end.length, 'y'), end]);
    };
    assert.equal(effectOf(guest.decideBytes(padded(65536), peer, { identity })), 1);
    assertDenied(guest.decideBytes(padded(65537), peer, { identity }), 'HEAD_TOO_LARGE');
  });
  test('spans outside the text, or too few, are refused', () => {
    const text = Buffer.from('GET/');
    const spans = [[0, 3], [-1, 0], [3, 1]];
    for (const wrong of [[], spans.slice(0, 2), [...spans, [0, 1]], [[0, 5], ...spans.slice(1)], [[5, 0], ...spans.slice(1)]]) {
      assertDenied(guest.decideSpans(text, wrong, peer, {}), 'USAGE_ARGUMENT');
    }
  });
  test('memory for the request is bounded, and comes back', () => {
    assert.equal(guest.exports.alloc(0xffffffff), 0);
    guest.exports.reset();
    const first = guest.exports.alloc(64 * 1024);
    guest.exports.alloc(48 * 1024);
    assert.equal(guest.exports.alloc(64 * 1024), 0);
    guest.exports.reset();
    assert.equal(guest.exports.alloc(1), first);
  });
}

function testVectors() {
  test('the back end for vectors reads what the portable one reads', () => {
    const wasi = new WASI({ version: 'preview1', returnOnExit: true });
    const program = new WebAssembly.Module(readFileSync(`${build}/ostiary_scan_check.wasm`));
    const instance = new WebAssembly.Instance(program, wasi.getImportObject());
    assert.equal(wasi.start(instance), 0);
  });
}

testModule();
testVectors();
testHeaders();
testCases();
testGates();
testVerdicts();
testLimits();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
