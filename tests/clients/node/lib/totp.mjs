// The codes of an authenticator (RFC 6238), for whoever has its secret.

import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const STEP = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of now, with enough of its half minute left for it to arrive. */
export async function totp(secret) {
  const left = STEP - ((Date.now() / 1000) % STEP);
  if (left < 3) await pause((left + 0.2) * 1000);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP)));
  const hash = createHmac('sha1', base32(secret)).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function base32(text) {
  const bits = [...text.toUpperCase().replace(/=+$/, '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2));
  return Buffer.from(bytes);
}
