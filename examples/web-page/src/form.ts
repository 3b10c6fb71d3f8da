// Forms: labels, hints, errors beside their fields. The room for an error is there before the error is, so that nothing moves.

import { Problem, type Code } from './api.ts';
import { busy, el } from './dom.ts';
import { texts } from './texts.ts';

export interface Field {
  /** The API's name of it, so that its errors find it: `email`, `attributes/given_name`. */
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'tel' | 'date';
  autocomplete?: string;
  hint?: string;
  isOptional?: boolean;
  value?: string;
  /** Chosen instead of written. */
  choices?: { value: string; label: string }[];
}

export interface Form {
  fields: Field[];
  submit: string;
  /** Which field a problem is about that names none, by its code. */
  about?: Partial<Record<Code, string>>;
  send: (values: Record<string, string>) => Promise<void>;
}

export function form({ fields, submit, about = {}, send }: Form): HTMLFormElement {
  const rows = new Map(fields.map((field) => [field.name, field.choices ? choice(field) : input(field)]));
  const pressed = el('button', { type: 'submit', class: 'main' }, submit);
  const alert = el('p', { role: 'alert', class: 'problem' });
  const made = el('form', { novalidate: true }, ...[...rows.values()].map((row) => row.element), pressed, alert);

  const complain = (messages: ReadonlyMap<string, string>): boolean => {
    for (const [name, row] of rows) row.complain(messages.get(name));
    const first = [...rows].find(([name]) => messages.has(name));
    first?.[1].focus();
    return first !== undefined;
  };
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    void busy(pressed, async () => {
      alert.textContent = '';
      const missing = fields.filter(({ name, isOptional }) => !isOptional && !rows.get(name)?.value());
      if (complain(new Map(missing.map(({ name }) => [name, texts.required])))) return;
      try {
        await send(Object.fromEntries([...rows].map(([name, row]) => [name, row.value()])));
      } catch (error) {
        const problem = problemOf(error);
        const messages = new Map(problem.fields);
        const field = about[problem.code];
        if (field) messages.set(field, sentence(problem));
        if (!complain(messages)) alert.textContent = sentence(problem);
        else if (problem.wait) alert.textContent = texts.waitFor(problem.wait);
      }
    });
  });
  return made;
}

interface Row {
  element: HTMLElement;
  value: () => string;
  focus: () => void;
  complain: (message: string | undefined) => void;
}

let rows = 0;

function input(field: Field): Row {
  const id = `field-${(rows += 1)}`;
  const isCode = field.autocomplete === 'one-time-code';
  const written = el('input', {
    id,
    name: field.name,
    type: field.type ?? 'text',
    autocomplete: field.autocomplete ?? 'off',
    'aria-describedby': `${id}-note`,
    'aria-required': field.isOptional ? undefined : 'true',
    inputmode: isCode ? 'numeric' : undefined,
    autocapitalize: field.type === 'email' || isCode ? 'none' : undefined,
    spellcheck: 'false',
  });
  written.value = field.value ?? '';
  const label = el('label', { for: id }, field.label);
  if (field.isOptional) label.append(el('span', { class: 'optional' }, ` (${texts.optional})`));
  const note = noteOf(id, field);
  return {
    element: el('div', { class: 'field' }, label, written, note.element),
    value: () => (field.type === 'password' ? written.value : written.value.trim()),
    focus: () => written.focus(),
    complain: (message) => {
      note.say(message);
      if (message) written.setAttribute('aria-invalid', 'true');
      else written.removeAttribute('aria-invalid');
    },
  };
}

function choice(field: Field): Row {
  const id = `field-${(rows += 1)}`;
  const note = noteOf(id, field);
  const options = (field.choices ?? []).map(({ value, label }) => {
    const radio = el('input', { type: 'radio', name: field.name, value });
    return { radio, element: el('label', { class: 'choice' }, radio, label) };
  });
  const legend = el('legend', {}, field.label);
  const described = { class: 'field', 'aria-describedby': `${id}-note` };
  return {
    element: el('fieldset', described, legend, ...options.map(({ element }) => element), note.element),
    value: () => options.find(({ radio }) => radio.checked)?.radio.value ?? '',
    focus: () => options[0]?.radio.focus(),
    complain: note.say,
  };
}

function noteOf(id: string, { hint = '' }: Field) {
  const element = el('p', { id: `${id}-note`, class: 'note' }, hint);
  const say = (message: string | undefined) => {
    element.textContent = message ?? hint;
    element.classList.toggle('is-wrong', message !== undefined);
  };
  return { element, say };
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  console.error(error); // a fault of this page
  return new Problem({ code: 'unexpected' });
}

/** What a person reads of a problem. */
export function sentence(problem: Problem): string {
  const said = texts.problems[problem.code] ?? (problem.detail || texts.problems.unexpected);
  const wait = problem.wait ? ` ${texts.waitFor(problem.wait)}` : '';
  // Only of what support has to look into.
  const isFault = ['internal', 'provider_failed', 'provider_timeout', 'unexpected'].includes(problem.code);
  const reference = isFault && problem.traceId ? ` ${texts.reference(problem.traceId)}` : '';
  return said + wait + reference;
}
