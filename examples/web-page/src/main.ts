// Which page is shown: the address says it (`#sign-up`), so that Back works. What is under way between two pages is in `doors.ts`.

import { callAt } from './api.ts';
import { button, el, show, showLoading, start } from './dom.ts';
import * as doors from './doors.ts';
import { problemOf, sentence } from './form.ts';
import { home } from './home.ts';
import * as session from './session.ts';
import { language, texts } from './texts.ts';

const OUTSIDE: Record<string, () => void> = {
  'sign-in': doors.signIn,
  'sign-up': doors.signUp,
  confirm: doors.confirm,
  challenge: doors.challenge,
  reset: doors.reset,
  'new-password': doors.finishReset,
};

async function render(): Promise<void> {
  const page = location.hash.slice(1);
  try {
    if (session.isOpen()) await home();
    else (OUTSIDE[page] ?? doors.signIn)();
  } catch (error) {
    if (!session.isOpen()) return; // it is over, which was said
    // It may be good still: nothing is thrown away.
    const alert = el('p', { role: 'alert', class: 'problem' }, sentence(problemOf(error)));
    show(texts.title, texts.title, alert, button(texts.tryAgain, render));
  }
}

document.documentElement.lang = language;
start();
showLoading(texts.loading);
const config = (await (await fetch('config.json')).json()) as { authApi: string };
callAt(config.authApi);
session.onOver(() => doors.go('sign-in', texts.sessionOver));
addEventListener('hashchange', () => void render());
await render();
