// The real clients. Each takes { method, target, host, headers, body, chunked } and sends it to the sink;
// the name that a client believes it talks to is `host`, the socket goes to loopback.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, fetch as undiciFetch } from 'undici';
import { sendRaw } from './sink.mjs';

const HOST = 'api.shop.example';
const RUN_MS = 120_000; // a first `go run` compiles the standard library
const here = (name) => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: RUN_MS, killSignal: 'SIGKILL' });
    let errors = '';
    child.stderr.on('data', (text) => { errors += text; });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command}: ${code} ${errors}`))));
  });
}

const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', timeout: RUN_MS });

const complete = ({ method = 'GET', host = HOST, headers = {}, ...rest }) => ({ method, host, headers, ...rest });

export class Clients {
  constructor(sink) {
    this.sink = sink;
    this.scratch = mkdtempSync(join(tmpdir(), 'shop-capture-'));
  }

  // requests and httpx come from the package index into an environment that is deleted again.
  async prepare() {
    const venv = join(this.scratch, 'venv');
    await run('python3', ['-m', 'venv', venv]);
    this.python = join(venv, 'bin', 'python');
    await run(this.python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check',
      '-r', fileURLToPath(new URL('requirements.txt', import.meta.url))]);
    await run('go', ['build', '-o', join(this.scratch, 'go-client'), here('client.go')]);
    this.names = this.versions();
  }

  versions() {
    const python = (code) => output(this.python, '-c', code).trim();
    return {
      curl: `curl ${output('curl', '--version').split(' ')[1]}`,
      node: `Node.js ${process.versions.node} http`,
      undici: `undici ${createRequire(import.meta.url)('undici/package.json').version} fetch`,
      urllib: `Python ${python('import platform; print(platform.python_version())')} urllib`,
      requests: `requests ${python('import requests; print(requests.__version__)')}`,
      httpx: `httpx ${python('import httpx; print(httpx.__version__)')}`,
      go: `Go ${output('go', 'version').split(' ')[2].replace('go', '')} net/http`,
      chromium: `Chromium ${/Chromium ([\d.]+)/.exec(output('sh', '-c', 'chromium --version 2>/dev/null'))[1]}`,
      raw: 'raw socket',
    };
  }

  // A body too long for a command line.
  file(text) {
    const path = join(this.scratch, 'body');
    writeFileSync(path, text);
    return path;
  }

  async keep(name, send, wanted) {
    return { head: await this.sink.record(send, wanted), from: this.names[name] };
  }

  // `options` are further curl options, for what only the command line can ask for.
  curl(partial, ...options) {
    const spec = complete(partial);
    const args = ['--silent', '--show-error', '--max-time', '5', '--noproxy', '*', '--path-as-is', '--globoff',
      '--connect-to', `::127.0.0.1:${this.sink.port}`, ...options];
    if (spec.method === 'HEAD') args.push('--head');
    else if (spec.method !== 'GET') args.push('--request', spec.method);
    for (const [name, value] of Object.entries(spec.headers)) args.push('--header', `${name}: ${value}`);
    if (spec.body !== undefined) args.push('--data-raw', spec.body);
    return this.keep('curl', () => run('curl', [...args, `http://${spec.host}${spec.target}`]));
  }

  // curl speaks to a proxy in absolute form.
  curlThroughProxy(partial) {
    const spec = complete(partial);
    const headers = Object.entries(spec.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    return this.keep('curl', () => run('curl', ['--silent', '--max-time', '5',
      '--proxy', `http://127.0.0.1:${this.sink.port}`, ...headers, `http://${spec.host}${spec.target}`]));
  }

  // Node keeps the port of the URL in Host.
  node(partial) {
    const spec = complete(partial);
    const lookup = (_name, options, done) => (options.all
      ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
    return this.keep('node', () => new Promise((resolve, reject) => {
      const { method, headers } = spec;
      const url = `http://${spec.host}:${this.sink.port}${spec.target}`;
      http.request(url, { method, headers, lookup, timeout: 5000 }, (answer) => answer.resume().on('end', resolve))
        .on('error', reject).end(spec.body);
    }));
  }

  undici(partial) {
    const spec = complete(partial);
    const connect = (_options, done) => {
      const socket = net.connect(this.sink.port, '127.0.0.1', () => done(null, socket));
    };
    return this.keep('undici', async () => {
      const { method, headers, body } = spec;
      const dispatcher = new Agent({ connect });
      const answer = await undiciFetch(`http://${spec.host}${spec.target}`,
        { method, headers, body, dispatcher, signal: AbortSignal.timeout(5000) });
      await answer.text();
      await dispatcher.close();
    });
  }

  script(name, spec) {
    const text = JSON.stringify({ ...complete(spec), port: this.sink.port });
    return this.keep(name, () => run(this.python, [here(`${name}_client.py`), text]));
  }

  urllib(spec) { return this.script('urllib', spec); }

  requests(spec) { return this.script('requests', spec); }

  httpx(spec) { return this.script('httpx', spec); }

  go(spec) {
    const text = JSON.stringify({ ...complete(spec), port: this.sink.port });
    return this.keep('go', () => run(join(this.scratch, 'go-client'), [text]));
  }

  // Visits `url`; the sink serves `page` there. Keeps the head that starts with `wanted`.
  chromium(url, page, wanted) {
    const { port } = this.sink;
    const { pathname, hostname } = new URL(url);
    this.sink.pages = new Map(page ? [[pathname, page]] : []);
    const profile = mkdtempSync(join(this.scratch, 'chromium-'));
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync',
      '--disable-component-update', '--disable-features=HttpsUpgrades', '--no-first-run', '--no-proxy-server',
      `--user-data-dir=${profile}`, '--virtual-time-budget=3000', '--timeout=20000', '--dump-dom',
      `--host-resolver-rules=MAP ${hostname}:80 127.0.0.1:${port}, MAP ${HOST}:80 127.0.0.1:${port}, MAP * ~NOTFOUND`];
    return this.keep('chromium', () => run('chromium', [...args, url]), (head) => head.startsWith(wanted));
  }

  raw(text) {
    return this.keep('raw', () => sendRaw(this.sink.port, Buffer.from(text, 'latin1')));
  }

  close() {
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
