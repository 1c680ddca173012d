import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { api } from '#contract/api';
import type { Client } from './client.ts';

/** A device that holds one passkey and has checked, each time it is asked, who holds the device. */
export interface PasskeyDevice {
  /** Makes the passkey for whoever is signed in, and adds it to their account. */
  add(client: Client, name: string): Promise<void>;
  /** What it answers to a browser that wants to sign in. */
  answer(options: Record<string, unknown>): Record<string, unknown>;
  /** Signs in by it. @throws Refusal */
  signIn(client: Client): Promise<void>;
}

/** Present, who holds it was checked, and (for a new passkey) its key comes along: WebAuthn 6.1. */
const FLAGS = { used: 0x05, made: 0x45 };

/** As a browser with a passkey on this machine would do it, by WebAuthn without attestation. */
export function createPasskeyDevice(): PasskeyDevice {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(16);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // COSE: kty EC2, alg ES256, curve P-256, then both coordinates.
  const coseKey = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  const id = credentialId.toString('base64url');
  const answerWith = (response: Record<string, unknown>) => ({
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });

  function make(options: Record<string, unknown>, origin: string): Record<string, unknown> {
    const { rp, challenge } = options as { rp: { id: string }; challenge: string };
    const length = Buffer.from([0, credentialId.length]);
    const made = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey]);
    const data = Buffer.concat([authenticatorData(rp.id, FLAGS.made), made]);
    // CBOR: { fmt: 'none', attStmt: {}, authData: data }.
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      ...[textOf('fmt'), textOf('none'), textOf('attStmt'), Buffer.from([0xa0])],
      ...[textOf('authData'), Buffer.from([0x58, data.length]), data],
    ]);
    return answerWith({
      clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    });
  }

  function use(options: Record<string, unknown>, origin: string): Record<string, unknown> {
    const { rpId, challenge } = options as { rpId: string; challenge: string };
    const data = authenticatorData(rpId, FLAGS.used);
    const client = clientData('webauthn.get', challenge, origin);
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
    return answerWith({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, privateKey).toString('base64url'),
    });
  }

  let origin = '';
  return {
    async add(client, name) {
      origin = client.origin;
      const response = make(await client.call(api.beginPasskey), origin);
      await client.call(api.addPasskey, { body: { name, response } });
    },
    answer: (options) => use(options, origin),
    async signIn(client) {
      const response = use(await client.call(api.beginPasskeySignIn), client.origin);
      await client.call(api.signInWithPasskey, { body: { response } });
    },
  };
}

function authenticatorData(rpId: string, flags: number): Buffer {
  const counter = Buffer.alloc(4);
  const rp = createHash('sha256').update(rpId).digest();
  return Buffer.concat([rp, Buffer.from([flags]), counter]);
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** A short text in CBOR. */
function textOf(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}
