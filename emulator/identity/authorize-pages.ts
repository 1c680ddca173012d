import { html, type Markup } from '../core/html.ts';
import { page } from '../core/page.ts';
import type { App, ConsentRequest, XeroUser } from './model.ts';
import { fullName, type OrganisationChoice } from './registry.ts';
import { describeScope, isIdentityOnly } from './scopes.ts';

const BANNER = 'Xero emulator, sign-in';

/** Whom to sign in as; there are no passwords here. */
export function signInPage(app: App, request: ConsentRequest, users: readonly XeroUser[]): string {
  const buttons = users.map(
    (user) => html`<button class="wide" name="user" value="${user.id}">
      ${fullName(user)} <span>(${user.email})</span></button>`,
  );
  return page({
    title: 'Sign in',
    banner: BANNER,
    isNarrow: true,
    body: html`<h1>Sign in to connect ${app.name}</h1>
<p class="soft">This is an emulator: choose whom to sign in as. No password is asked.</p>
<form method="post" action="/identity/connect/sign-in">
<input type="hidden" name="request" value="${request.id}">
${buttons}
</form>
${cancelForm(request)}`,
  });
}

/** What the app asks for, and for which organisations. */
export function consentPage(
  app: App,
  request: ConsentRequest,
  user: XeroUser,
  choices: readonly OrganisationChoice[],
  problem: string | undefined,
): string {
  const isChoosable = choices.some(({ refusal }) => refusal === undefined);
  const isSignIn = isIdentityOnly(request.scopes);
  return page({
    title: 'Allow access',
    banner: BANNER,
    isNarrow: true,
    body: html`<h1>${app.name} wants access</h1>
<p>Signed in as ${fullName(user)} (${user.email}).</p>
${problem && html`<p class="message bad" role="alert">${problem}</p>`}
<p>If you allow it, ${app.name} may:</p>
<ul>${request.scopes.map((scope) => html`<li>${describeScope(scope)}</li>`)}</ul>
<form method="post" action="/identity/connect/consent">
<input type="hidden" name="request" value="${request.id}">
${!isSignIn && organisationFields(request, choices)}
<div class="actions">
<button name="decision" value="allow">${isChoosable || isSignIn ? 'Allow access' : 'Continue without an organisation'}</button>
<button class="quiet" name="decision" value="cancel">Cancel</button>
</div>
</form>`,
  });
}

function organisationFields(
  request: ConsentRequest,
  choices: readonly OrganisationChoice[],
): Markup {
  if (choices.length === 0) {
    return html`<p class="message bad">You have no organisation to choose.</p>`;
  }
  const type = request.isBulkAllowed ? 'checkbox' : 'radio';
  const first = choices.find(({ refusal }) => refusal === undefined)?.organisation.id;
  const fields = choices.map(({ organisation, isConnected, refusal }) => {
    const isTicked = organisation.id === first;
    const note = refusal ?? (isConnected ? 'already connected' : undefined);
    return html`<label class="choice"><input type="${type}" name="organisation" value="${organisation.id}"
      ${isTicked && html`checked`} ${refusal !== undefined && html`disabled`}>
      <span>${organisation.name}${note && html` <span class="soft">(${note})</span>`}</span></label>`;
  });
  return html`<fieldset><legend>Choose an organisation</legend>${fields}</fieldset>`;
}

function cancelForm(request: ConsentRequest): Markup {
  return html`<form method="post" action="/identity/connect/consent">
<input type="hidden" name="request" value="${request.id}">
<button class="quiet" name="decision" value="cancel">Cancel</button>
</form>`;
}

/** Shown when the address that led here is wrong; nothing is sent back to it. */
export function brokenRequestPage(message: string): string {
  return page({
    title: 'Something is wrong',
    banner: BANNER,
    isNarrow: true,
    body: html`<h1>Sorry, something went wrong</h1><p class="message bad" role="alert">${message}</p>
<p>The app that sent you here has to correct its request.</p>`,
  });
}
