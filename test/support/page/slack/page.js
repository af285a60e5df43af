// The page of `npm run fake:slack`: draws /state, and posts what is done to /act.
import { button, byId, drawMessages, drawPeople, element, follow, act as send } from '/dom.js';

const emoji = { game_die: '🎲', x: '❌', envelope: '✉️' };
let state = null;
let thread = '';
let drawnModal = '';
let isAtHome = false;

const act = (name, fields, form) => send(name, { place: state.place, ...fields }, form);

/** A moment in a form of Slack's: with its day where the form has one. */
const moment = (seconds, form) => {
  const at = new Date(seconds * 1000);
  return form.includes('{date') ? at.toLocaleString() : at.toLocaleTimeString();
};

/** Slack's marks as people see them. */
const plain = (text) =>
  text
    .replaceAll(/<!date\^(\d+)\^([^|>]*)[^>]*>/g, (_, seconds, form) => moment(seconds, form))
    .replaceAll(/<@(\w+)>/g, (_, id) => `@${state.names[id] ?? id}`)
    .replaceAll(/<[^|>]+\|([^>]+)>/g, '$1')
    .replaceAll(/:(\w+):/g, (all, name) => emoji[name] ?? all)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
const shown = ({ text = '' } = {}) =>
  text
    .split(/(\*[^*\n]+\*|`[^`\n]+`)/)
    .map((part) =>
      /^[*`].+[*`]$/.test(part)
        ? element(part.startsWith('*') ? 'b' : 'code', { textContent: plain(part.slice(1, -1)) })
        : plain(part),
    );

const picture = ({ slack_file: file, image_url: url, alt_text: alt }) =>
  element('img', { src: url ?? `/files/${file.id}`, alt, title: alt, className: 'file' });

const field = ({ type, action_id, options, min_value, max_value, placeholder }, filled = {}) => {
  const name = `field:${action_id}`;
  if (type === 'static_select') {
    const choices = [{ value: '', text: { text: placeholder?.text ?? '' } }, ...options];
    const value = filled.selected_option?.value ?? '';
    return element(
      'select',
      { name },
      choices.map((each) =>
        element('option', { value: each.value, textContent: each.text.text, selected: each.value === value }),
      ),
    );
  }
  if (type === 'file_input')
    return element(
      'span',
      {},
      element('input', { type: 'file', name }),
      (filled.files ?? []).map((file) => file.name).join(),
    );
  if (type === 'datetimepicker') return element('input', { type: 'datetime-local', name });
  const given = { name, value: filled.value ?? '', placeholder: placeholder?.text ?? '' };
  const limits = { type: 'number', min: min_value ?? '', max: max_value ?? '', step: 'any' };
  return element('input', { ...given, ...(type === 'number_input' && limits) });
};

/** A block; `use` is called with what is pressed. */
const drawBlock = (block, use, values = {}) => {
  const { type, elements = [], element: own, accessory, fields = [] } = block;
  const choose = ({ action_id: action, ...menu }) => {
    const drawn = field({ ...menu, action_id: action });
    drawn.onchange = () => use({ action, value: drawn.value });
    return drawn;
  };
  const press = ({ text, action_id: action, value = '', style, confirm: asked }) =>
    button(plain(text.text), () => (!asked || confirm(asked.text.text)) && use({ action, value }), {
      className: style ?? '',
    });
  const kinds = {
    header: () => element('h3', {}, shown(block.text)),
    section: () =>
      element(
        'div',
        { className: 'words' },
        shown(block.text),
        fields.flatMap((one) => ['\n', shown(one)].flat()),
        accessory ? press(accessory) : null,
      ),
    context: () =>
      element(
        'small',
        { className: 'words' },
        elements.flatMap((one) => (one.type === 'image' ? [picture(one)] : [...shown(one), ' '])),
      ),
    divider: () => element('hr'),
    image: () =>
      element(
        'div',
        {},
        block.title ? element('small', { textContent: block.title.text }) : null,
        picture(block),
      ),
    actions: () =>
      element(
        'div',
        {},
        elements.map((one) => (one.type === 'button' ? press(one) : choose(one))),
      ),
    input: () =>
      element(
        'label',
        {},
        block.label.text,
        field(own, values[block.block_id]?.[own.action_id]),
        element('small', { className: 'words', textContent: block.hint?.text ?? '' }),
      ),
  };
  return kinds[type]();
};

const drawFile = ({ id, name, title, alt, mimetype, size }) => {
  const url = `/files/${id}`;
  const isImage = mimetype.startsWith('image/');
  const body = isImage
    ? element('img', { src: url, alt: alt ?? '', className: 'file' })
    : element('a', { href: url, textContent: name });
  return element(
    'div',
    {},
    body,
    element('small', { textContent: `${title} (${name}, ${size} bytes), alt: ${alt ?? 'none'}` }),
  );
};

const drawMessage = (message) => {
  const { ts, user, blocks, files = [], reactions = {}, index } = message;
  const isEphemeral = index !== undefined;
  const at = isEphemeral ? { ephemeral: index } : { message: ts };
  const reactionButtons = Object.keys({ ...emoji, ...reactions }).map((name) =>
    button(`${emoji[name] ?? name} ${reactions[name]?.length ?? ''}`, () => act('react', { ...at, name }), {
      title: (reactions[name] ?? []).map((id) => state.names[id]).join(', '),
    }),
  );
  const reply = () => {
    thread = message.thread ?? ts;
    byId('reply').textContent = 'in the thread';
  };
  const tools = [
    button('reply', reply),
    button('delete', () => act('delete', at)),
    button('Gramzoom (shortcut)', () => act('shortcut', at)),
  ];
  return element(
    'li',
    { className: `${isEphemeral ? 'ephemeral' : ''} ${message.thread ? 'reply' : ''}` },
    element('strong', { textContent: isEphemeral ? 'Only you see this ' : `${state.names[user]} ` }),
    element('small', {
      textContent: `${message.isPinned ? '📌 pinned ' : ''}${message.isEdited ? '(edited)' : ''}`,
    }),
    blocks.length > 0
      ? blocks.map((block) => drawBlock(block, (pressed) => act('press', { ...at, ...pressed })))
      : element('div', { className: 'words' }, shown(message)),
    files.map(drawFile),
    isEphemeral ? [] : [element('div', {}, reactionButtons, tools)],
  );
};

/** Messages, and what only this person sees, with the replies under them. */
const inThreads = () => {
  const all = [...state.messages, ...state.ephemerals].toSorted((one, other) => one.ts - other.ts);
  const top = all.filter((message) => message.thread === null);
  const lost = all.filter(({ thread: ts }) => ts !== null && !top.some((one) => one.ts === ts));
  return [...top.flatMap((one) => [one, ...all.filter((each) => each.thread === one.ts)]), ...lost];
};

const drawModal = () => {
  const [dialog, { modal }] = [byId('modal'), state];
  if ((modal?.hash ?? '') === drawnModal) return;
  drawnModal = modal?.hash ?? '';
  // What went wrong is said in front of everything else.
  if (!modal) byId('say').before(byId('notice'));
  if (!modal) return dialog.close();
  const { title, blocks, submit, close } = modal.view;
  const form = element('form');
  const post = (name, fields) => act(name, fields, new FormData(form));
  form.append(
    element('h3', { textContent: title.text }),
    ...blocks.map((block) => drawBlock(block, (pressed) => post('press-modal', pressed), modal.values)),
    button(close?.text ?? 'Close', () => post('close')),
    submit ? element('button', { textContent: submit.text }) : '',
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    void post('submit');
  };
  dialog.oncancel = () => void post('close');
  dialog.replaceChildren(form, byId('notice'));
  if (!dialog.open) dialog.showModal();
};

const draw = (given) => {
  state = given;
  drawPeople(state.users);
  const place = (label, run, isOpen) =>
    element('li', {}, button(label, run, { className: isOpen ? 'place open' : 'place' }));
  const go = (id) => () => {
    isAtHome = false;
    state.place = id;
    void load();
  };
  const home = () => {
    isAtHome = true;
    void act('home');
  };
  byId('places').replaceChildren(
    place('Home of Gramzoom', home, isAtHome),
    ...state.places.map(({ id, name }) => place(name, go(id), !isAtHome && id === state.place)),
  );
  drawMessages(
    isAtHome
      ? state.home.map((block) => drawBlock(block, (pressed) => act('press-home', pressed)))
      : inThreads().map(drawMessage),
  );
  byId('world').textContent = state.world.filter(Boolean).join('\n');
  drawModal();
};

const load = follow(draw, () => state?.place);
byId('drop').onclick = () => void act('drop');
byId('say').onsubmit = (event) => {
  event.preventDefault();
  void act('say', { message: thread }, new FormData(event.target));
  event.target.reset();
  thread = '';
  byId('reply').textContent = '';
};
