// Serves the page, as any static host would: three files, config.json (where the API is), and a policy that lets no script in but its own.
//
//     AUTH_API=http://127.0.0.1:9229 PORT=8080 node serve.mjs

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const at = (file) => new URL(file, import.meta.url);
const FILES = {
  '/': [at('public/index.html'), 'text/html; charset=utf-8'],
  '/style.css': [at('public/style.css'), 'text/css; charset=utf-8'],
  '/main.js': [at('build/main.js'), 'text/javascript; charset=utf-8'],
};

/** `config.authApi` is read at each request. */
export async function serve(config, port = 0) {
  const server = createServer(async (asked, answered) => {
    const { origin } = new URL(config.authApi);
    answered.setHeader('content-security-policy', policy(origin));
    answered.setHeader('x-content-type-options', 'nosniff');
    answered.setHeader('referrer-policy', 'no-referrer');
    answered.setHeader('cache-control', 'no-cache');
    const { pathname } = new URL(asked.url, 'http://localhost');
    const [file, kind] = FILES[pathname] ?? [];
    if (pathname === '/config.json') {
      answered.setHeader('content-type', 'application/json');
      answered.end(JSON.stringify({ authApi: origin }));
    } else if (file) {
      answered.setHeader('content-type', kind);
      answered.end(await readFile(file));
    } else {
      answered.writeHead(404).end();
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://localhost:${server.address().port}`, stop };
}

// No inline script, no eval, nothing from elsewhere, calls to the API alone: what gets in anyway can carry nothing away.
function policy(api) {
  const rules = ["default-src 'none'", "script-src 'self'", "style-src 'self'", 'img-src data:', `connect-src 'self' ${api}`];
  return [...rules, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"].join('; ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { AUTH_API = 'http://127.0.0.1:9229', PORT = '8080' } = process.env;
  const { origin } = await serve({ authApi: AUTH_API }, Number(PORT));
  console.log(`${origin} (the API's setting auth_api.allowed_origins has to name it)`);
}
