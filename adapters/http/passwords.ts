import { argon2, hash as digestOf, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

/** A password as it is kept: `argon2id$memory$passes$salt$tag`, salt and tag in base64. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', { message: password, nonce, ...cost });
  const parts = [
    'argon2id',
    cost.memory,
    cost.passes,
    nonce.toString('base64'),
    tag.toString('base64'),
  ];
  return parts.join('$');
}

/** Whether a password is the one that was hashed. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [kind, memory, passes, salt = '', expected = ''] = hash.split('$');
  if (kind !== 'argon2id') return false;
  const wanted = Buffer.from(expected, 'base64');
  const tag = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: cost.parallelism,
    tagLength: wanted.length,
  });
  return timingSafeEqual(tag, wanted);
}

/** A session's secret: 256 random bits. Only its hash is kept. */
export function newToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** What is kept of a session's secret. */
export function hashToken(token: string): Buffer {
  return digestOf('sha256', token, 'buffer');
}
