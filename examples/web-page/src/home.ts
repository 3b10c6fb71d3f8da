// Whoever is signed in: their session, their profile, their workspaces.

import type { Schemas } from './api.ts';
import { go } from './doors.ts';
import { button, el, say, show } from './dom.ts';
import { form, problemOf, sentence } from './form.ts';
import { endsAt, end, isOpen, renew, signedIn } from './session.ts';
import { language, texts } from './texts.ts';

type Me = Schemas['Me'];

export async function home(): Promise<void> {
  const { body: me, etag } = await signedIn('get', '/v1/me', {});
  const who = me.displayName ?? me.name ?? me.email ?? texts.you_;
  show(texts.homeTitle(who), texts.title, sessionCard(), profileCard(me, etag), workspacesCard(me));
}

const card = (title: string, ...content: Node[]) =>
  el('section', { class: 'card' }, el('h2', {}, title), ...content);

/** What stands outside a form says here what came of it. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isOpen()) say(sentence(problemOf(error)));
  }
}

function sessionCard(): HTMLElement {
  const time = () => endsAt()?.toLocaleTimeString(language) ?? texts.none;
  const ends = el('p', {}, texts.sessionEnds(time()));
  const renewed = async () => {
    await renew();
    ends.textContent = texts.sessionEnds(time());
    say(texts.renewed);
  };
  const leave = (everywhere: boolean) => async () => {
    try {
      await end(everywhere);
      go('sign-in', texts.signedOut);
    } catch {
      go('sign-in', texts.signedOutHere);
    }
  };
  const buttons = [
    button(texts.renew, () => attempt(renewed)),
    button(texts.signOut, leave(false)),
    button(texts.signOutEverywhere, leave(true)),
  ];
  return card(texts.session, ends, el('p', { class: 'buttons' }, ...buttons));
}

function profileCard(me: Me, etag: string | undefined): HTMLElement {
  const facts: [string, string | undefined | null][] = [
    [texts.name, me.name],
    [texts.email, me.email],
    [texts.provider, me.provider],
    [texts.plan, me.plan],
    [texts.onboarding, me.onboarding],
  ];
  const list = el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value || texts.none)]));
  const send = async ({ displayName = '' }: Record<string, string>) => {
    // Nobody else's change of it is written over: then the answer is `precondition_failed`.
    await signedIn('patch', '/v1/me', { body: { displayName: displayName || null }, ifMatch: etag });
    go('home', texts.saved);
  };
  const fields = [
    {
      name: 'displayName',
      label: texts.displayName,
      hint: texts.displayNameHint,
      autocomplete: 'nickname',
      isOptional: true,
      value: me.displayName ?? '',
    },
  ];
  return card(texts.you, list, form({ fields, submit: texts.save, send }));
}

function workspacesCard(me: Me): HTMLElement {
  const members = el('div', { class: 'members' });
  const list = el('ul', { class: 'workspaces' });
  for (const { id, name, role } of me.workspaces) {
    const shown = button(texts.showMembers(name), () => attempt(async () => showMembers(members, me, id, name)));
    list.append(el('li', {}, el('span', {}, el('strong', {}, name), ` · ${role}`), shown));
  }
  const send = async ({ name = '' }: Record<string, string>) => {
    const { body } = await signedIn('post', '/v1/workspaces', { body: { name } });
    go('home', texts.workspaceCreated(body.name));
  };
  const fields = [{ name: 'name', label: texts.workspaceName }];
  const made = form({ fields, submit: texts.createWorkspace, send });
  return card(texts.workspaces, me.workspaces.length ? list : el('p', {}, texts.noWorkspaces), made, members);
}

async function showMembers(into: HTMLElement, me: Me, id: string, name: string): Promise<void> {
  const rows = el('tbody');
  const more = el('p');
  const page = async (query: Record<string, string>): Promise<void> => {
    const { body } = await signedIn('get', '/v1/workspaces/{id}/members', { path: { id }, query });
    for (const { subjectId, displayName, name, email, role } of body.items) {
      const who = displayName ?? name ?? email ?? subjectId;
      const itIsMe = subjectId === me.id ? ` (${texts.you_})` : '';
      rows.append(el('tr', {}, el('th', { scope: 'row' }, who + itIsMe), el('td', {}, role)));
    }
    const { next } = body;
    more.replaceChildren(...(next ? [button(texts.more, () => attempt(() => page({ next })))] : []));
  };
  await page({});
  const head = el('tr', {}, el('th', { scope: 'col' }, texts.member), el('th', { scope: 'col' }, texts.role));
  const caption = el('caption', { tabindex: '-1' }, texts.members(name));
  into.replaceChildren(el('table', {}, caption, el('thead', {}, head), rows), more);
  caption.focus();
}
