// The peers that run in Node, one process each. Speaks the protocol of bench/README.md.
// Usage: node worker.mjs CONTESTANT, where CONTESTANT.mjs exports `operations`: for each a function that takes tokens and
// the shop and gives one that judges them all once and says how many are good.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto; // Node 18 has it under another name only

const contestant = process.argv[2];
const { operations } = await import(`./${contestant}.mjs`);
const version = createRequire(import.meta.url)('./package.json').dependencies[contestant];
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const shop = {
  now_s: json('examples/shop/cases.json').now,
  keys: [...json('examples/shop/keys.json').keys, ...json('bench/data/keys.json').keys],
  secret: readFileSync('bench/data/secret.txt'),
  issuer: 'https://id.shop.example',
  audience: 'https://api.shop.example',
};
const tasks = [];

function prepare({ operation, inputs }) {
  if (operations[operation] === undefined) return { error: `${contestant} does not offer ${operation}` };
  tasks.push(operations[operation](inputs.map((path) => readFileSync(path, 'latin1')), shop));
  return { task: tasks.length - 1, size: inputs.length };
}

const WARM_UP_MS = 1500;
const warm = new Set();

// A task that is about to be timed has been through the compilers first; one that is only asked for its verdict has not.
async function warmUp(task) {
  warm.add(task);
  const end = performance.now() + WARM_UP_MS;
  while (performance.now() < end) await tasks[task]();
}

// Processor time of the whole process: signatures are verified in threads of the pool, garbage is collected in others.
async function run({ task, rounds }) {
  if (rounds > 1 && !warm.has(task)) await warmUp(task);
  const begin = process.cpuUsage();
  let accepted = 0;
  for (let round = 0; round < rounds; ++round) accepted += await tasks[task]();
  const { user, system } = process.cpuUsage(begin);
  return { ns: (user + system) * 1000, accepted };
}

const actions = { hello: () => ({ node: process.versions.node, [contestant]: version }), prepare, run };

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await actions[request.do](request);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
