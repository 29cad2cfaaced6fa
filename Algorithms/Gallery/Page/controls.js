// What the reader operates. Every control says in data-changes which parts (data-part) of its exhibit it changes, and a test
// operates each of them by mouse and by keyboard; data-needs names a control without which it has nothing to change.

function marks({ name, changes, needs }) {
  return { 'data-control': name, 'data-changes': changes, 'data-needs': needs };
}

function button(text, mark, pressed) {
  return element('button', { type: 'button', ...marks(mark), 'aria-label': mark.label, title: mark.label, click: pressed }, text);
}

/** A choice between named options; with only one there is nothing to choose, and it is just said. */
function choice(label, mark, options, value, chosen) {
  if (options.length === 1) return { root: element('p', { class: 'field' }, element('span', { class: 'label' }, label), element('span', {}, options[0].title)), set() {} };
  const id = freshId(mark.name);
  const select = element('select', { id, ...marks(mark), change: () => chosen(select.value) }, options.map(o => element('option', { value: o.value }, o.title)));
  select.value = value;
  return {
    root: element('p', { class: 'field' }, element('label', { for: id }, label), select),
    /** Shows a value as chosen; options that are not possible now cannot be chosen. */
    set(other, possible = () => true) {
      select.value = other;
      for (const option of select.options) option.disabled = !possible(option.value);
    },
  };
}

/** A slider with its number beside it. */
function slider(label, mark, { min, max, step, value, text }, moved) {
  const id = freshId(mark.name);
  const output = element('output', { for: id }, text(value));
  const input = element('input', {
    type: 'range', id, min, max, step, ...marks(mark),
    input: () => {
      show(Number(input.value));
      moved(Number(input.value));
    },
  });
  function show(number) {
    output.textContent = text(number);
    input.setAttribute('aria-valuetext', text(number));
  }
  input.value = value;
  show(value);
  return {
    root: element('p', { class: 'field' }, element('label', { for: id }, label), element('span', { class: 'slider' }, input, output)),
    input,
    set(number) {
      input.value = number;
      show(number);
    },
  };
}

function checkbox(label, mark, changed) {
  const id = freshId(mark.name);
  const input = element('input', { type: 'checkbox', id, ...marks(mark), change: () => changed(input.checked) });
  return element('p', { class: 'field tick' }, input, element('label', { for: id }, label));
}

/** Names and values; nothing where there are none. */
function factList(facts) {
  return facts.length === 0 ? null : element('dl', { class: 'facts' }, facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

function noteList(notes) {
  return notes.length === 0 ? null : element('ul', { class: 'notes' }, notes.map(note => element('li', {}, note)));
}

// A line may break between words only: after the hyphens of an option it would read as another option.
function wordsOf(command) {
  return command.split(' ').flatMap((word, i) => [i > 0 ? ' ' : null, element('span', { class: 'word' }, word)]);
}

/** A command line with a button that copies it, or selects it where a page may not copy. */
function commandLine(command, name) {
  const code = element('code', { tabindex: 0 }, wordsOf(command)), said = element('span', { class: 'copied', 'data-part': `${name}-said` });
  const copy = button('Copy', { name, label: 'Copy the command line', changes: `${name}-said` }, async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      said.textContent = 'Selected: copy it with Ctrl+C';
    }
    announce(said.textContent);
    setTimeout(() => { said.textContent = ''; }, 2500);
  });
  return element('div', { class: 'command' }, element('span', { class: 'label' }, 'Command'), code, copy, said);
}
