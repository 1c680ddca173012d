import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFakeClock, DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import { createOAuth, TokenRefusedError } from './oauth.ts';
import { AnswerLostError, type WireAnswer, type WireRequest } from './request.ts';
import { answerOf, config, jwt, START } from './xero.fixture.ts';
import { XeroDownError } from './xero-errors.ts';

const clock = createFakeClock(START);

function oauthThatHears(answer: WireAnswer, asked: WireRequest[] = [], given = config) {
  return createOAuth({
    config: given,
    redirectUri: 'https://bursar.example/connect/xero/callback',
    clock,
    async send(request) {
      asked.push(request);
      return answer;
    },
  });
}

const tokens = {
  access_token: jwt({ xero_userid: 'user-1', authentication_event_id: 'event-1' }),
  refresh_token: 'refresh-1',
  id_token: jwt({ given_name: 'Hana', family_name: 'Reid' }),
  expires_in: 1800,
  scope: 'openid accounting.contacts',
};

describe('the authorize address', () => {
  it('carries only the hash of the verifier', () => {
    const oauth = oauthThatHears(answerOf(200, {}));
    const secrets = oauth.newSecrets();
    const url = new URL(oauth.authorizeUrl(secrets));
    expect(url.origin + url.pathname).toBe('https://login.example/identity/connect/authorize');
    expect(url.searchParams.get('state')).toBe(secrets.state);
    expect(url.searchParams.get('code_challenge')).toBe(
      createHash('sha256').update(secrets.verifier).digest('base64url'),
    );
    expect(url.href).not.toContain(secrets.verifier);
    expect(oauth.newSecrets()).not.toEqual(secrets);
  });

  it('is not made without an app', () => {
    const oauth = oauthThatHears(answerOf(200, {}), [], { ...config, app: null });
    expect(() => oauth.authorizeUrl(oauth.newSecrets())).toThrow('connection.not-configured');
  });
});

describe('the token address', () => {
  it('is asked with the secret in the header and the verifier in the form', async () => {
    const asked: WireRequest[] = [];
    const set = await oauthThatHears(answerOf(200, tokens), asked).exchange('code-1', 'verifier-1');
    expect(set).toMatchObject({
      refreshToken: 'refresh-1',
      accessExpiresAt: plus(clock.now(), 30 * MINUTE_MS),
      refreshExpiresAt: plus(clock.now(), 60 * DAY_MS),
      claims: { xeroUserId: 'user-1', authEventId: 'event-1', holderName: 'Hana Reid' },
    });
    const [request] = asked;
    expect(request?.url).toBe('https://identity.example/connect/token');
    const basic = request?.headers.authorization?.slice('Basic '.length) ?? '';
    expect(Buffer.from(basic, 'base64').toString()).toBe('the-client-id:the-client-secret');
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: 'https://bursar.example/connect/xero/callback',
      code_verifier: 'verifier-1',
    });
  });

  it('refuses in OAuth’s words', async () => {
    const answer = answerOf(400, { error: 'invalid_grant', error_description: 'too late' });
    const refusal = oauthThatHears(answer).refresh('refresh-1');
    await expect(refusal).rejects.toBeInstanceOf(TokenRefusedError);
    await expect(refusal).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    [429, ''],
    [500, '<html></html>'],
    [503, 'offline'],
    [400, 'a page of somebody else'],
    [302, ''],
  ])('is in trouble when it answers %i with “%s”', async (status, body) => {
    await expect(oauthThatHears(answerOf(status, body)).refresh('x')).rejects.toBeInstanceOf(
      XeroDownError,
    );
  });

  it.each(['<html>sorry</html>', '', '{"access_token":"a"}'])(
    'counts “%s” in the place of tokens as an answer that got lost: the old token is asked again',
    async (body) => {
      const asking = oauthThatHears(answerOf(200, body)).refresh('refresh-1');
      await expect(asking).rejects.toBeInstanceOf(AnswerLostError);
    },
  );

  it('never has its tokens repeated by an error about their shape', async () => {
    const { refresh_token: _, ...without } = tokens;
    for (const body of [
      without,
      { ...tokens, access_token: 'secret-without-claims', id_token: null },
    ]) {
      const error = await oauthThatHears(answerOf(200, body))
        .refresh('refresh-1')
        .then(
          () => 'no error',
          (reason: unknown) => String(reason),
        );
      expect(error).not.toBe('no error');
      expect(error).not.toMatch(/refresh-1|secret-without-claims|eyJ/);
    }
  });
});
