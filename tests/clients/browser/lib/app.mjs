// Small servers on 127.0.0.1: the application that receives a code, and whatever page another site would put up.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** `answer(request, response)` may answer by itself; else every path is a page that says what came. */
export async function startSite(answer = () => false) {
  const asked = [];
  const server = createServer(async (request, response) => {
    asked.push(request.url);
    if (await answer(request, response)) return;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      '<!doctype html><html lang="en"><title>The application</title><link rel="icon" href="data:,"><h1>Back</h1>',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { port, asked, stop, at: (host) => `http://${host}:${port}` };
}
