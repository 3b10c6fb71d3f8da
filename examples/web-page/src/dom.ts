// Elements, made of names and texts alone: what came from elsewhere is never read as HTML.

type Attributes = Record<string, string | boolean | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function button(text: string, work: () => Promise<void> | void, kind = 'plain'): HTMLButtonElement {
  const made = el('button', { type: 'button', class: kind }, text);
  made.addEventListener('click', () => void busy(made, work));
  return made;
}

export function link(text: string, to: string): HTMLAnchorElement {
  return el('a', { href: `#${to}` }, text);
}

/** While the work is under way the button keeps its size and the keyboard, and does nothing when it is pressed again. */
export async function busy(pressed: HTMLButtonElement, work: () => Promise<void> | void): Promise<void> {
  if (pressed.getAttribute('aria-disabled') === 'true') return;
  pressed.setAttribute('aria-disabled', 'true');
  say('');
  try {
    await work();
  } finally {
    pressed.removeAttribute('aria-disabled');
  }
}

const status = el('p', { role: 'status', class: 'status' });
const main = el('main', { id: 'main', tabindex: '-1' });

export function start(): void {
  document.body.append(main, status);
}

/** Says that something was done. The place is there before the words, or nothing reads them aloud. */
export function say(text: string): void {
  status.textContent = text;
}

let later = '';

/** Says it on the next page that is shown. */
export function sayThere(text: string): void {
  later = text;
}

/** Another page. Whoever does not see it learns of it by its heading, which gets the keyboard. */
export function show(title: string, of: string, ...content: Node[]): void {
  const heading = el('h1', { tabindex: '-1' }, title);
  main.replaceChildren(heading, ...content);
  document.title = `${title} – ${of}`;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  const words = later;
  later = '';
  say('');
  setTimeout(() => words && say(words), 100); // at once, the heading would be read over it
}

/** Before the first page is known. */
export function showLoading(text: string): void {
  main.replaceChildren(el('p', { class: 'loading' }, text));
}
