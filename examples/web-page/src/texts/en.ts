// Everything that this page says, but for the sentences that come from the API. Another language is another object of this type.

import type { Code } from '../api.ts';

export const en = {
  title: 'Notes',
  loading: 'One moment …',
  optional: 'optional',
  required: 'This is needed.',
  tryAgain: 'Try again',
  waitFor: (seconds: number) => `Try again in ${seconds} seconds.`,
  reference: (trace: string) => `For support: ${trace}`,

  email: 'E-mail address',
  identifier: 'E-mail address or user name',
  name: 'Name',
  password: 'Password',
  newPassword: 'New password',
  passwordHint: 'At least 8 characters, with upper and lower case, a digit and a symbol.',
  code: 'Code',
  codeSent: (destination: string) => `We sent a code to ${destination}.`,
  codeSentSomewhere: 'If there is an account, a code is on its way.',

  signIn: 'Sign in',
  signInTitle: 'Sign in',
  toSignUp: 'Create an account',
  toReset: 'Forgotten the password?',
  toSignIn: 'Back to signing in',

  signUp: 'Create the account',
  signUpTitle: 'Create an account',

  confirm: 'Confirm',
  confirmTitle: 'Confirm your account',
  resend: 'Send another code',
  resent: 'Another code is on its way.',
  confirmed: 'Your account is confirmed. Sign in.',
  created: 'Your account is there. Sign in.',

  reset: 'Send a code',
  resetTitle: 'Reset your password',
  finishReset: 'Set the password',
  finishResetTitle: 'Set a new password',
  passwordIsSet: 'Your password is set. Sign in.',

  continue: 'Continue',
  challenges: {
    new_password: 'Choose a password of your own',
    software_token: 'Enter the code of your authenticator',
    sms_code: 'Enter the code of the text message',
    email_code: 'Enter the code of the e-mail',
    select: 'How do you want to go on?',
    custom: 'One more question',
  },
  newPasswordHint: 'Yours was for the first time only. At least 8 characters, with upper and lower case, a digit and a symbol.',
  choice: 'Your choice',
  choices: {
    software_token: 'The code of an authenticator',
    sms_code: 'A text message',
    email_code: 'An e-mail',
  } as Record<string, string>,
  answer: 'Answer',
  attributes: {
    name: 'Name',
    given_name: 'Given name',
    family_name: 'Family name',
    nickname: 'Nickname',
    birthdate: 'Date of birth',
    phone_number: 'Phone number',
  } as Record<string, string>,

  homeTitle: (who: string) => `Hello, ${who}`,
  you: 'You',
  provider: 'Signed in by',
  plan: 'Plan',
  onboarding: 'Onboarding',
  none: '–',
  displayName: 'Display name',
  displayNameHint: 'What others see. Empty: your name.',
  save: 'Save',
  saved: 'Saved.',

  session: 'Session',
  sessionEnds: (time: string) => `The access token lasts until ${time}. It is renewed by itself.`,
  renew: 'Renew it now',
  renewed: 'Renewed.',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out everywhere',
  signedOut: 'You are signed out.',
  signedOutHere: 'This browser has forgotten you, but the server could not be told.',
  sessionOver: 'Your session is over. Sign in again.',

  workspaces: 'Workspaces',
  noWorkspaces: 'You belong to none yet.',
  workspaceName: 'Name of a new workspace',
  createWorkspace: 'Create it',
  workspaceCreated: (name: string) => `${name} is created.`,
  showMembers: (name: string) => `Members of ${name}`,
  members: (name: string) => `Members of ${name}`,
  member: 'Member',
  role: 'Role',
  you_: 'you',
  more: 'Show more',

  /** Instead of what the API says (`detail`), by `code`; `unreachable` and `unexpected` are this page's own. */
  problems: {
    unreachable: 'The server cannot be reached. Is this machine online?',
    unexpected: 'The server gave an answer that this page does not understand.',
  } as Problems,
};

type Problems = Partial<Record<Code, string>> & Record<'unreachable' | 'unexpected', string>;
export type Texts = typeof en;
