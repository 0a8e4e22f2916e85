// A server that answers every request with what it read, as JSON in base64 in the field X-Report.
// Usage: node emit_echo.mjs PORT
import { createServer } from 'node:http';

const report = ({ method, url, rawHeaders }, body) =>
  Buffer.from(
    JSON.stringify({ method, target: url, fields: rawHeaders, body: Buffer.concat(body).toString('hex') }),
  ).toString('base64');

const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
  const body = [];
  request.on('data', (piece) => body.push(piece));
  request.on('end', () => response.setHeader('X-Report', report(request, body)).end());
});

// What follows an Upgrade is not read as a request, so the connection would stay open.
server.keepAliveTimeout = 100; // milliseconds

server.on('connect', (request, socket) =>
  socket.end(`HTTP/1.1 200 OK\r\nX-Report: ${report(request, [])}\r\nContent-Length: 0\r\n\r\n`),
);

server.listen(Number(process.argv[2]), '127.0.0.1');
