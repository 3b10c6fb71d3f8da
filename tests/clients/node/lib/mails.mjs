// A mail server that keeps what it gets, for servers that carry their mails away.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** `port`, `to(address)`: the texts that went there, the newest first; `stop()`. */
export async function mailServer() {
  const kept = [];
  const open = new Set();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    converse(socket, (mail) => kept.unshift(mail));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    to: (address) => kept.filter((mail) => mail.to.includes(address)).map((mail) => mail.text),
    stop() {
      for (const socket of open) socket.destroy();
      server.close();
      return once(server, 'close');
    },
  };
}

/** As much of RFC 5321 as a client needs that trusts this machine. */
function converse(socket, keep) {
  const say = (line) => socket.write(`${line}\r\n`);
  let rest = '';
  let to = [];
  let body;
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop();
    lines.forEach(hear);
  });
  say('220 mails ESMTP');

  function hear(line) {
    if (body) {
      if (line !== '.') return body.push(line);
      keep({ to, text: decoded(body.join('\n')) });
      [body, to] = [undefined, []];
      return say('250 kept');
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'RCPT') to.push(line.match(/<(.*)>/)[1]);
    if (verb === 'QUIT') return socket.end('221 bye\r\n');
    if (verb !== 'DATA') return say('250 fine');
    body = [];
    return say('354 go on');
  }
}

/** Quoted-printable or base64, as mails with long lines are sent. */
function decoded(text) {
  const [head, ...rest] = text.split('\n\n');
  const body = rest.join('\n\n');
  if (/^content-transfer-encoding: base64$/im.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const plain = body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /^content-transfer-encoding: quoted-printable$/im.test(head) ? Buffer.from(plain, 'latin1').toString('utf8') : body;
}
