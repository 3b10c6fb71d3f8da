// Comfort only: pages work without it. Plain syntax, for HtmlUnit.
(() => {
  const each = (selector, work, root) => (root || document).querySelectorAll(selector).forEach(work);

  // No form is sent by coming back.
  history.replaceState(null, '');

  // Problems are read first.
  const problem = document.querySelector('.summary')
    || (!document.querySelector('[autofocus]') && document.querySelector('.alert-error'));
  if (problem) problem.focus();

  each('[data-show]', (box) => {
    const input = box.querySelector('input');
    const button = document.createElement('button');
    const show = (on) => {
      if (on !== (input.type === 'text')) input.type = on ? 'text' : 'password';
      button.classList.toggle('is-on', on);
      button.title = box.getAttribute(on ? 'data-hide' : 'data-show');
      button.setAttribute('aria-label', button.title);
    };
    button.type = 'button';
    button.className = 'reveal';
    button.innerHTML = '<svg class="icon" viewBox="0 0 20 20"><path d="M2 10c3-6 13-6 16 0-3 6-13 6-16 0Z"/><circle cx="10" cy="10" r="2.5"/><path class="slash" d="m4 16 12-12"/></svg>';
    button.addEventListener('click', () => show(input.type !== 'text'));
    input.form.addEventListener('submit', () => show(false));
    show(false);
    box.classList.add('with-reveal');
    box.appendChild(button);
  });

  // Rules are ticked off as one types.
  const kinds = { lower: /[a-z]/, upper: /[A-Z]/, digit: /[0-9]/, symbol: /[ -\/:-@\[-`{-~]/ };
  each('.rules', (rules) => {
    const input = document.querySelector('[aria-describedby~="' + rules.id + '"]');
    input.addEventListener('input', () => each('li', (rule) => {
      const kind = kinds[rule.dataset.kind];
      const met = rule.dataset.kind === 'length' ? Array.from(input.value).length >= rule.dataset.count
        : !!kind && kind.test(input.value.trim());
      rule.classList.toggle('is-met', met);
      rule.querySelector('.unseen').hidden = !met;
    }, rules));
  });

  // A form is sent once, unless no answer comes.
  const sent = new Map();
  const change = (button, text, disabled) => {
    const node = button.firstChild || button; // an <input> has no text inside
    const key = button.firstChild ? 'data' : 'value';
    const before = node[key];
    node[key] = text;
    each('[type=submit]', (one) => { one.disabled = disabled; }, button.form);
    return before;
  };
  const wake = () => {
    sent.forEach((text, button) => change(button, text, false));
    sent.clear();
  };
  each('form', (form) => form.addEventListener('submit', (event) => {
    const button = event.submitter || form.querySelector('[type=submit]');
    if (sent.has(button)) return event.preventDefault();
    sent.set(button, '');
    // A disabled button would not send its value.
    setTimeout(() => sent.set(button, change(button, document.body.dataset.working, true)), 0);
    setTimeout(wake, 15000);
  }));
  addEventListener('pageshow', (event) => event.persisted && wake());
})();
