// A TCP server that records request heads exactly as they arrive. It parses nothing beyond their end.
import net from 'node:net';

const END = Buffer.from('\r\n\r\n');
const MAX_HEAD = 64 * 1024;
const IDLE_MS = 3000;
const EMPTY = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

export class Sink {
  constructor() {
    this.heads = [];
    this.pages = new Map();
    this.server = net.createServer({ allowHalfOpen: true }, (socket) => this.receive(socket));
  }

  async listen(port) {
    this.server.listen(port, '127.0.0.1');
    await new Promise((resolve, reject) => this.server.once('listening', resolve).once('error', reject));
    this.port = port;
  }

  receive(socket) {
    let head = Buffer.alloc(0);
    let done = false;
    const finish = () => {
      if (done) return;
      done = true;
      if (head.length > 0) this.heads.push(head);
      socket.end(this.answer(head));
    };
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (done) return; // a body: read so that the client is not reset, never kept
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(END, firstLine(head));
      if (end >= 0) head = head.subarray(0, end + END.length);
      if (end >= 0 || head.length > MAX_HEAD) finish();
    });
    socket.on('end', finish);
  }

  answer(head) {
    const [, target] = head.toString('latin1', 0, 200).split(' ');
    const page = this.pages.get(target);
    return page
      ? `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(page)}\r\nConnection: close\r\n\r\n${page}`
      : EMPTY;
  }

  // Runs one client and returns the head that `wanted` picks, so that a browser's side requests do not count.
  async record(run, wanted = () => true) {
    this.heads = [];
    await run();
    const head = this.heads.find((bytes) => wanted(bytes.toString('latin1')));
    if (!head) throw new Error(`the client sent nothing that was wanted (${this.heads.length} heads)`);
    return head;
  }

  close() {
    this.server.close();
  }
}

// An empty line before the request line does not end the head.
function firstLine(head) {
  return head.indexOf('\r\n') === 0 ? 2 : 0;
}

// Sends bytes as they are and closes the sending side: the end of what a hostile client has to say.
export function sendRaw(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.setTimeout(IDLE_MS, () => socket.destroy(new Error('the sink did not answer')));
    socket.on('error', reject);
    socket.on('close', resolve);
    socket.resume();
  });
}
