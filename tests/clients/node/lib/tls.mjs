// Servers as they are met in earnest: over https, by a proxy in front of them. Amplify and its forerunner know no other
// way.

import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import { freePort, start } from './server.mjs';

/** `publicUrl`, where `port()` of this machine is met over https; and `close`. */
export async function startProxy(port) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256' });
  const proxy = createServer({ key, cert }, (asked, answered) => {
    const { method, url: path, headers } = asked;
    const onward = request({ host: '127.0.0.1', port: port(), method, path, headers }, (answer) => {
      answered.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(answered);
    });
    onward.on('error', () => answered.destroy());
    asked.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const close = () => {
    proxy.close();
    proxy.closeAllConnections();
  };
  return { publicUrl: `https://localhost:${proxy.address().port}`, close };
}

/** As `start`; besides, `publicUrl`. The endpoint stays the server's own, without TLS. */
export async function startBehindTls() {
  const own = await freePort();
  const { publicUrl, close } = await startProxy(() => own);
  const server = await start({ listen: `127.0.0.1:${own}`, args: ['--public-url', publicUrl] }).catch((error) => {
    close();
    throw error;
  });
  const stop = () => {
    close();
    return server.stop();
  };
  return { ...server, endpoint: `http://127.0.0.1:${own}`, publicUrl, stop };
}
