// What the browser gets: HTML without a script. Whatever is put into `html` is text, unless `html` made it.

class Safe {
  constructor(text) {
    this.text = text;
  }
}

const ESCAPED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function shown(value) {
  if (value instanceof Safe) return value.text;
  if (Array.isArray(value)) return value.map(shown).join('');
  return String(value ?? '').replace(/[&<>"']/g, (sign) => ESCAPED[sign]);
}

function html(strings, ...values) {
  return new Safe(strings.reduce((text, part, at) => text + shown(values[at - 1]) + part));
}

function page(title, content, { problem, notice } = {}) {
  const said = problem ? html`<p class="problem" role="alert">${problem}</p>` : notice && html`<p role="status">${notice}</p>`;
  return shown(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${problem ? 'Problem: ' : ''}${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>${title}</h1>
${said}
${content}
</main>
</body>
</html>
`);
}

function field({ name, label, type = 'text', autocomplete = 'off', value = '', fields = {}, isFirst = false, hint = '' }) {
  const wrong = fields[name];
  const id = `field-${name.replace(/\W/g, '-')}`;
  return html`<label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" required aria-describedby="${id}-note"
 ${wrong ? html`aria-invalid="true"` : ''} ${isFirst ? html`autofocus` : ''}>
<p class="note ${wrong ? 'is-wrong' : ''}" id="${id}-note">${wrong ?? hint}</p>`;
}

function form(action, token, submit, ...content) {
  return html`<form method="post" action="${action}">
<input type="hidden" name="form_token" value="${token}">
${content}
<button>${submit}</button>
</form>`;
}

export function signIn({ token, identifier = '', problem, notice }) {
  const fields = problem?.fields ?? {};
  const content = form(
    '/sign-in',
    token,
    'Sign in',
    field({ name: 'identifier', label: 'E-mail address or user name', autocomplete: 'username', value: identifier, fields, isFirst: !identifier }),
    field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', fields, isFirst: Boolean(identifier) }),
  );
  return page('Sign in', content, { problem: problem?.message, notice });
}

const TITLES = {
  new_password: 'Choose a password of your own',
  software_token: 'Enter the code of your authenticator',
  sms_code: 'Enter the code of the text message',
  email_code: 'Enter the code of the e-mail',
  select: 'How do you want to go on?',
  custom: 'One more question',
};

const CHOICES = { software_token: 'The code of an authenticator', sms_code: 'A text message', email_code: 'An e-mail' };

export function challenge({ token, challenge: { type, parameters }, problem }) {
  const fields = problem?.fields ?? {};
  const { destination, question, choices = [], requiredAttributes = [] } = parameters;
  const told = destination ? html`<p>We sent a code to ${destination}.</p>` : question && html`<p>${question}</p>`;
  let asked;
  if (type === 'new_password') {
    asked = [
      ...requiredAttributes.map((name) => field({ name: `attributes/${name}`, label: name.replaceAll('_', ' '), fields })),
      field({
        name: 'newPassword',
        label: 'New password',
        type: 'password',
        autocomplete: 'new-password',
        fields,
        hint: 'At least 8 characters, with upper and lower case, a digit and a symbol.',
      }),
    ];
  } else if (type === 'select') {
    const choice = (value) =>
      html`<label class="choice"><input type="radio" name="code" value="${value}" required>${CHOICES[value] ?? value}</label>`;
    asked = html`<fieldset><legend>Your choice</legend>${choices.map(choice)}</fieldset>`;
  } else {
    const isOwn = type === 'custom';
    const label = isOwn ? 'Answer' : 'Code';
    asked = field({ name: 'code', label, autocomplete: isOwn ? 'off' : 'one-time-code', fields, isFirst: true });
  }
  const content = [told, form('/challenge', token, 'Continue', asked), html`<p><a href="/sign-in">Back to signing in</a></p>`];
  return page(TITLES[type] ?? 'Something is asked that these pages do not know', content, { problem: problem?.message });
}

export function home({ token, me, notice, problem }) {
  const workspaces = me.workspaces.map(({ name, role }) => html`<li>${name} · ${role}</li>`);
  const content = html`<dl>
<dt>Name</dt><dd>${me.name ?? '–'}</dd>
<dt>E-mail</dt><dd>${me.email ?? '–'}</dd>
<dt>Plan</dt><dd>${me.plan}</dd>
</dl>
<h2>Workspaces</h2>
${workspaces.length ? html`<ul>${workspaces}</ul>` : html`<p>You belong to none yet.</p>`}
<h2>Display name</h2>
${form(
  '/display-name',
  token,
  'Save',
  field({ name: 'displayName', label: 'Display name', autocomplete: 'nickname', value: me.displayName, fields: problem?.fields }),
)}
<h2>Session</h2>
${form('/sign-out', token, 'Sign out')}`;
  return page(`Hello, ${me.displayName ?? me.name ?? me.email ?? 'you'}`, content, { notice, problem: problem?.message });
}

export function failed({ message }) {
  return page('That did not work', html`<p><a href="/">Back to the start</a></p>`, { problem: message });
}
