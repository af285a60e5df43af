// The page of `npm run fake:discord`: draws /state, and posts what is done to /act.
import { button, byId, drawMessages, drawPeople, element, follow, act as send } from '/dom.js';

const quickEmoji = ['🎲', '❌', '✉️', '🎃'];
let state = null;
let replyTo = '';
let drawnCommand = '';
let drawnForm = '';
let typing = 0;

const act = (name, fields, form) => send(name, { place: state.place, ...fields }, form);

const ask = (name, fields, form) => () => void act(name, fields, form);

const date = { dateStyle: 'full', timeStyle: 'short' };

const moment = (seconds, form) =>
  form === 'F'
    ? new Date(seconds * 1000).toLocaleString('en-GB', date)
    : new Date(seconds * 1000).toLocaleTimeString();

/** Bold words and what is escaped, of a line. */
const lineParts = (line) =>
  [...line.matchAll(/\*\*((?:\\.|[^*\\])+)\*\*|\\(.)|([^\\*]+|.)/gu)].map(([, bold, escaped, plain]) =>
    bold === undefined ? (escaped ?? plain) : element('strong', {}, ...lineParts(bold)),
  );

const lineElement = (line) => {
  if (line.startsWith('## ')) return element('h3', {}, ...lineParts(line.slice(3)));
  if (line.startsWith('-# ')) return element('small', {}, ...lineParts(line.slice(3)));
  return element('div', {}, ...lineParts(line), line === '' ? element('br') : '');
};

const words = ({ content, mentions }) => {
  const shown = content
    .replaceAll(/<t:(\d+)(?::(\w))?>/g, (_, seconds, form) => moment(Number(seconds), form))
    .replaceAll(
      /<@(\d+)>/g,
      (_, id) => `@${mentions[id] ?? state.users.find((user) => user.id === id)?.name ?? id}`,
    );
  return shown.split('\n').map(lineElement);
};

const fileElement = ({ name, url, contentType, description, spoiler, size }) => {
  const className = spoiler ? 'file spoiler' : 'file';
  const note = element('small', { textContent: `${name}, ${size} bytes, alt: ${description ?? 'none'}` });
  const shown = contentType.startsWith('image/')
    ? element('img', { src: url, alt: description ?? '', className })
    : element('a', { href: url, textContent: name, className });
  return element('div', {}, shown, note);
};

const reactionButtons = (message, me) => {
  const mine = Object.entries(message.reactions).map(([emoji, users]) =>
    button(
      `${emoji} ${users.length}`,
      ask(users.includes(me) ? 'unreact' : 'react', { message: message.id, emoji }),
      {
        title: users.join(', '),
      },
    ),
  );
  const more = quickEmoji
    .filter((emoji) => !(emoji in message.reactions))
    .map((emoji) => button(emoji, ask('react', { message: message.id, emoji }), { className: 'quick' }));
  return element('div', {}, ...mine, ...more);
};

const menuElement = (message, { customId, placeholder, options }) => {
  const select = element(
    'select',
    { title: placeholder },
    element('option', { value: '', textContent: placeholder, disabled: true, selected: true }),
    ...options.map(({ label, value, isDefault }) =>
      element('option', { value, textContent: label, selected: isDefault }),
    ),
  );
  select.setAttribute('aria-label', placeholder);
  select.onchange = () => void act('select', { message, select: customId, value: select.value });
  return element('div', {}, select);
};

/** The form that the bot has opened last, until it is sent or closed. */
const drawForm = () => {
  const { token, form } = state.last ?? {};
  const dialog = byId('form');
  if (!form) {
    if (dialog.open) dialog.close();
    return;
  }
  if (drawnForm === token) return;
  drawnForm = token;
  const fields = form.components.map(({ label, component }) => {
    const common = { name: `field:${component.custom_id}`, required: component.required !== false };
    const input =
      component.type === 19
        ? element('input', { ...common, type: 'file' })
        : element('textarea', { ...common, maxLength: component.max_length ?? 4000, rows: 3 });
    return element('label', { textContent: `${label} ` }, input);
  });
  const sheet = element(
    'form',
    {},
    element('h2', { textContent: form.title }),
    ...fields,
    element('button', { type: 'submit', textContent: 'submit' }),
    button('cancel', () => dialog.close()),
  );
  sheet.onsubmit = (event) => {
    event.preventDefault();
    void act('submit', { token }, new FormData(sheet));
    dialog.close();
  };
  dialog.replaceChildren(sheet);
  dialog.showModal();
};

const messageElement = (message, me) => {
  const { id } = message;
  const flags = [
    message.time,
    message.edits > 0 ? `changed ${message.edits}×` : '',
    message.loading ? 'thinking…' : '',
    message.ephemeral ? 'only you see this' : '',
    message.pinged.length > 0 ? `pinged ${message.pinged.join(', ')}` : '',
    message.replyTo ? 'a reply' : '',
    message.pinned ? '📌 pinned' : '',
  ].filter(Boolean);
  const menu = state.commands
    .filter(({ isMessageCommand }) => isMessageCommand)
    .map(({ name }) => button(`Apps > ${name}`, ask('menu', { message: id, name })));
  const tools = [
    button('reply', () => {
      replyTo = id;
      byId('reply').textContent = `to ${message.author}`;
    }),
    button('delete', ask('delete', { message: id })),
    ...menu,
    ...(message.threadId ? [button('thread', () => void open(message.threadId))] : []),
  ];
  const pressed = message.buttons.map(({ label, emoji, customId, disabled, danger, url }) =>
    url
      ? element('a', { href: url, textContent: label })
      : button(`${emoji ?? ''} ${label}`.trim(), ask('press', { message: id, button: customId }), {
          disabled,
          className: danger ? 'danger' : '',
        }),
  );
  return element(
    'li',
    { className: message.ephemeral ? 'ephemeral' : '' },
    element('strong', { textContent: `${message.author} ` }),
    element('small', { textContent: flags.join(' · ') }),
    element('div', { className: 'words' }, ...words(message)),
    ...message.files.map(fileElement),
    element('div', {}, ...pressed),
    ...message.menus.map((menu) => menuElement(id, menu)),
    reactionButtons(message, me),
    element('div', {}, ...tools),
  );
};

const optionElement = (option) => {
  const { name, description, required, choices, isFile, isNumber, min_value, max_value, autocomplete } =
    option;
  const field = `${isFile ? 'file' : isNumber ? 'number' : 'option'}:${name}`;
  const common = { name: field, required: required === true };
  const input = choices?.length
    ? element(
        'select',
        common,
        element('option', { value: '', textContent: '' }),
        ...choices.map((choice) => element('option', { value: choice.value, textContent: choice.name })),
      )
    : element('input', {
        ...common,
        type: isFile ? 'file' : isNumber ? 'number' : 'text',
        ...(min_value !== undefined && { min: min_value }),
        ...(max_value !== undefined && { max: max_value }),
      });
  if (!autocomplete) return element('label', { title: description, textContent: `${name} ` }, input);
  const list = element('datalist', { id: `choices-${name}` });
  input.setAttribute('list', list.id);
  input.oninput = () => {
    clearTimeout(typing);
    typing = setTimeout(
      () => void act('complete', { name: byId('name').value, focused: name, typed: input.value }),
      200,
    );
  };
  return element('label', { title: description, textContent: `${name} ` }, input, list);
};

/** The form is drawn anew only for another command, so that what was typed stays. */
const drawCommand = () => {
  const slash = state.commands.filter(({ isMessageCommand }) => !isMessageCommand);
  const select = byId('name');
  const chosen = slash.find(({ name }) => name === select.value) ?? slash[0];
  const drawn = JSON.stringify([slash.map(({ name }) => name), chosen]);
  if (drawn === drawnCommand) return;
  drawnCommand = drawn;
  select.replaceChildren(
    ...slash.map(({ name, description }) =>
      element('option', {
        value: name,
        textContent: `/${name}: ${description}`,
        selected: name === chosen?.name,
      }),
    ),
  );
  byId('options').replaceChildren(...(chosen?.options ?? []).map(optionElement));
};

const draw = () => {
  drawPeople(state.users);
  const me = state.users.find(({ id }) => id === byId('user').value)?.name;
  byId('places').replaceChildren(
    ...state.places.map(({ id, name, guild, isThread }) => {
      const className = id === state.place ? 'place open' : 'place';
      return element(
        'li',
        {},
        button(`${guild ?? ''} ${isThread ? '↳ ' : ''}${name}`, () => void open(id), { className }),
      );
    }),
  );
  drawMessages(state.messages.map((message) => messageElement(message, me)));
  const { last } = state;
  const answered = last
    ? last.didNotRespond
      ? 'The application did not respond.'
      : `acknowledged after ${last.acknowledgedAfterMs ?? '…'} ms`
    : 'nothing asked yet';
  const faults =
    state.violations.length > 0
      ? ` ${state.violations.length} violations: ${JSON.stringify(state.violations.at(-1))}`
      : '';
  byId('world').textContent =
    `${state.clock.slice(0, 19)}; ${state.connected} shards connected; ${answered}.${faults}`;
  drawCommand();
  drawForm();
  if (last?.choices) {
    for (const list of document.querySelectorAll('datalist')) {
      list.replaceChildren(
        ...last.choices.map(({ name, value }) => element('option', { value, label: name })),
      );
    }
  }
};

const load = follow(
  (given) => {
    state = given;
    draw();
  },
  () => state?.place,
);

const open = async (place) => {
  state.place = place;
  await load();
};

byId('name').onchange = drawCommand;
byId('drop').onclick = () => void act('drop');
byId('archive').onclick = () => void act('archive');
byId('command').onsubmit = (event) => {
  event.preventDefault();
  void act('command', { name: byId('name').value }, new FormData(event.target));
};
byId('say').onsubmit = (event) => {
  event.preventDefault();
  void act('say', { message: replyTo }, new FormData(event.target));
  event.target.reset();
  replyTo = '';
  byId('reply').textContent = '';
};
