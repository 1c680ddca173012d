import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import type { Row } from '../core/collection.ts';
import type { Store } from '../core/store.ts';

interface StoredKey extends Row {
  readonly privatePem: string;
}

/** The key that signs the tokens, and its id. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const KEY_ID = 'emulator-1';
const KEY_BITS = 2048;

/** One pair a process is enough for emulators without a data folder: making one takes a while. */
let sharedPem: string | undefined;

/** The kept signing key, made when there is none yet. */
export function openSigningKey(store: Store): SigningKey {
  const keys = store.collection<StoredKey>('signingKeys');
  const privatePem = keys.get(KEY_ID)?.privatePem ?? makePem();
  if (!keys.get(KEY_ID)) keys.put({ id: KEY_ID, privatePem });
  const privateKey = createPrivateKey(privatePem);
  return { kid: KEY_ID, privateKey, publicKey: createPublicKey(privateKey) };
}

function makePem(): string {
  sharedPem ??= generateKeyPairSync('rsa', {
    modulusLength: KEY_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  return sharedPem;
}
