import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { couldBeXeroSignature, isXeroSignature } from './webhook-signature.ts';

const KEY = 'a webhook key';
const BODY = Buffer.from('{"events":[],"firstEventSequence":0,"entropy":"ÄÖ"}');
const RIGHT = createHmac('sha256', KEY).update(BODY).digest('base64');

describe('isXeroSignature', () => {
  it('accepts the signature of exactly these bytes', () => {
    expect(RIGHT).toHaveLength(44);
    expect(isXeroSignature(BODY, RIGHT, KEY)).toBe(true);
  });

  it('refuses a body that differs by one byte', () => {
    const changed = Buffer.from(BODY);
    changed[0] = 0x20;
    expect(isXeroSignature(changed, RIGHT, KEY)).toBe(false);
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a shortened one', RIGHT.slice(0, 40)],
    ['one without padding', RIGHT.slice(0, 43)],
    ['one with something after it', `${RIGHT}=`],
    ['one in base64url', RIGHT.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')],
    ['one in hexadecimal', Buffer.from(RIGHT, 'base64').toString('hex')],
  ])('refuses %s', (_, signature) => {
    expect(isXeroSignature(BODY, signature, KEY)).toBe(false);
  });

  it('knows by the form alone what can be none', () => {
    expect(couldBeXeroSignature(RIGHT)).toBe(true);
    const others = [undefined, [RIGHT, RIGHT], '', RIGHT.slice(1), `${RIGHT}=`, `${RIGHT}\n`];
    for (const other of others) expect(couldBeXeroSignature(other)).toBe(false);
  });

  it('refuses the signature of another key, and everything while no key is set', () => {
    expect(isXeroSignature(BODY, RIGHT, 'another key')).toBe(false);
    const ofNoKey = createHmac('sha256', '').update(BODY).digest('base64');
    expect(isXeroSignature(BODY, ofNoKey, '')).toBe(false);
  });
});
