// Starts it: AUTH_API is where the API is, PUBLIC_URL where browsers see these pages, PORT where it listens.

import { makeApp } from './app.mjs';

const { AUTH_API = 'http://127.0.0.1:9229', PORT = '8090', PUBLIC_URL = `http://localhost:${PORT}` } = process.env;
const { server } = makeApp({ publicUrl: PUBLIC_URL, api: AUTH_API });
server.listen(Number(PORT), '127.0.0.1', () => console.log(PUBLIC_URL));
