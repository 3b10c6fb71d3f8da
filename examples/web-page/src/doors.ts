// The ways in: signing up, confirming, signing in, what is asked in between, a forgotten password.

import { call, type Schemas } from './api.ts';
import { button, el, link, say, sayThere, show } from './dom.ts';
import { form, problemOf, sentence, type Field } from './form.ts';
import * as session from './session.ts';
import { texts } from './texts.ts';

type Challenge = Schemas['ChallengeBody'];
type Step = Schemas['SignInAnswer'];

/** Whoever is on their way in: kept for the next page, and only in memory. */
let identifier = '';
let destination: string | undefined;
let asked: Challenge | undefined;

/** Shows the page of a name, and then says something on it. */
export function go(page: string, words = ''): void {
  sayThere(words);
  if (location.hash === `#${page}`) dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = page;
}

function entered(step: Step): void {
  if ('challenge' in step) {
    asked = step.challenge;
    go('challenge');
  } else {
    asked = undefined;
    session.open(step);
    go('home');
  }
}

const door = (title: string, ...content: Node[]) => show(title, texts.title, el('section', { class: 'card' }, ...content));
const links = (...all: HTMLAnchorElement[]) => el('p', { class: 'links' }, ...all);

const PASSWORD = { name: 'password', label: texts.password, type: 'password' } as const;
const CODE = { name: 'code', label: texts.code, autocomplete: 'one-time-code' } as const;
const IDENTIFIER = { name: 'identifier', label: texts.identifier, autocomplete: 'username' } as const;

export function signIn(): void {
  const fields: Field[] = [
    { ...IDENTIFIER, value: identifier },
    { ...PASSWORD, autocomplete: 'current-password' },
  ];
  const send = async (values: Record<string, string>) => {
    const { identifier: who = '', password = '' } = values;
    identifier = who;
    try {
      entered((await call('post', '/v1/auth/sign-in', { body: { identifier, password } })).body);
    } catch (error) {
      // Two of the answers say where it goes on.
      const { code } = problemOf(error);
      if (code === 'confirmation_required') return go('confirm', sentence(problemOf(error)));
      if (code === 'password_reset_required') return go('reset', sentence(problemOf(error)));
      throw error;
    }
  };
  door(
    texts.signInTitle,
    form({ fields, submit: texts.signIn, send }),
    links(link(texts.toSignUp, 'sign-up'), link(texts.toReset, 'reset')),
  );
}

export function signUp(): void {
  const fields: Field[] = [
    { name: 'email', label: texts.email, type: 'email', autocomplete: 'username', value: identifier },
    { name: 'name', label: texts.name, autocomplete: 'name', isOptional: true },
    { ...PASSWORD, autocomplete: 'new-password', hint: texts.passwordHint },
  ];
  const send = async ({ email = '', name, password = '' }: Record<string, string>) => {
    const body = { email, password, ...(name ? { name } : {}) };
    const { body: made } = await call('post', '/v1/auth/sign-up', { body });
    identifier = email;
    destination = made.delivery?.destination;
    if (made.requiresConfirmation) go('confirm');
    else go('sign-in', texts.created);
  };
  const about = { password_rejected: 'password' };
  door(texts.signUpTitle, form({ fields, submit: texts.signUp, about, send }), links(link(texts.toSignIn, 'sign-in')));
}

const sentTo = () => el('p', {}, destination ? texts.codeSent(destination) : texts.codeSentSomewhere);

/** Asked for where it is not known: after a reload, say. */
const whose = (): Field[] => (identifier ? [] : [IDENTIFIER]);

export function confirm(): void {
  const send = async ({ identifier: who = identifier, code = '' }: Record<string, string>) => {
    await call('post', '/v1/auth/sign-up/confirm', { body: { identifier: who, code } });
    identifier = who;
    go('sign-in', texts.confirmed);
  };
  const resend = button(texts.resend, async () => {
    try {
      await call('post', '/v1/auth/sign-up/resend-confirmation', { body: { identifier } });
      say(texts.resent);
    } catch (error) {
      say(sentence(problemOf(error)));
    }
  });
  const about = { code_rejected: 'code' };
  door(
    texts.confirmTitle,
    sentTo(),
    form({ fields: [...whose(), CODE], submit: texts.confirm, about, send }),
    ...(identifier ? [resend] : []),
    links(link(texts.toSignIn, 'sign-in')),
  );
}

export function reset(): void {
  const send = async ({ identifier: who = '' }: Record<string, string>) => {
    const { body } = await call('post', '/v1/auth/password-resets', { body: { identifier: who } });
    identifier = who;
    destination = body.delivery?.destination;
    go('new-password');
  };
  const fields = [{ ...IDENTIFIER, value: identifier }];
  door(texts.resetTitle, form({ fields, submit: texts.reset, send }), links(link(texts.toSignIn, 'sign-in')));
}

export function finishReset(): void {
  const fields: Field[] = [
    ...whose(),
    CODE,
    { ...PASSWORD, name: 'newPassword', label: texts.newPassword, autocomplete: 'new-password', hint: texts.passwordHint },
  ];
  const send = async ({ identifier: who = identifier, code = '', newPassword = '' }: Record<string, string>) => {
    await call('post', '/v1/auth/password-resets/confirm', { body: { identifier: who, code, newPassword } });
    identifier = who;
    go('sign-in', texts.passwordIsSet);
  };
  const about = { code_rejected: 'code', password_rejected: 'newPassword' };
  const sent = form({ fields, submit: texts.finishReset, about, send });
  door(texts.finishResetTitle, sentTo(), sent, links(link(texts.toSignIn, 'sign-in')));
}

/** What is asked before there is a session: each kind has an address of its own, and `session` goes with the answer. */
export function challenge(): void {
  if (!asked) return signIn(); // reloaded: it was in memory
  const { type, parameters } = asked;
  const to = parameters['destination'];
  const question = parameters['question'];
  const told = typeof to === 'string' ? texts.codeSent(to) : typeof question === 'string' ? question : undefined;
  const about = { challenge_failed: type === 'new_password' ? 'newPassword' : 'code', password_rejected: 'newPassword' };
  const send = async (values: Record<string, string>) => {
    try {
      entered(await answered(values));
    } catch (error) {
      if (problemOf(error).code !== 'challenge_expired') throw error;
      asked = undefined;
      go('sign-in', sentence(problemOf(error)));
    }
  };
  door(
    texts.challenges[type],
    ...(told ? [el('p', {}, told)] : []),
    form({ fields: fieldsOf(asked), submit: texts.continue, about, send }),
    links(link(texts.toSignIn, 'sign-in')),
  );
}

const strings = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

function fieldsOf({ type, parameters }: Challenge): Field[] {
  switch (type) {
    case 'new_password': {
      const password = { ...PASSWORD, name: 'newPassword', label: texts.newPassword, hint: texts.newPasswordHint };
      const required = strings(parameters['requiredAttributes']);
      const attributes = required.map((name) => ({ name: `attributes/${name}`, label: texts.attributes[name] ?? name }));
      return [...attributes, { ...password, autocomplete: 'new-password' }];
    }
    case 'select': {
      const label = (value: string) => ({ value, label: texts.choices[value] ?? value });
      return [{ name: 'code', label: texts.choice, choices: strings(parameters['choices']).map(label) }];
    }
    case 'custom':
      return [{ name: 'code', label: texts.answer }];
    case 'software_token':
    case 'sms_code':
    case 'email_code':
      return [CODE];
  }
}

async function answered(values: Record<string, string>): Promise<Step> {
  if (!asked) return Promise.reject(new Error('nothing was asked'));
  const { type, session } = asked;
  if (type === 'new_password') {
    const given = Object.entries(values).filter(([name]) => name.startsWith('attributes/'));
    const attributes = Object.fromEntries(given.map(([name, value]) => [name.slice('attributes/'.length), value]));
    const body = { session, newPassword: values['newPassword'] ?? '', attributes };
    return (await call('post', '/v1/auth/challenges/new-password', { body })).body;
  }
  return (await call('post', PATHS[type], { body: { session, code: values['code'] ?? '' } })).body;
}

const PATHS = {
  software_token: '/v1/auth/challenges/software-token',
  sms_code: '/v1/auth/challenges/sms-code',
  email_code: '/v1/auth/challenges/email-code',
  select: '/v1/auth/challenges/select',
  custom: '/v1/auth/challenges/custom',
} as const;
