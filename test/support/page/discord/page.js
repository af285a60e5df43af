// The page of `npm run fake:discord`: draws /state, and posts what is done to /act.
import { button, byId, drawMessages, drawPeople, element, follow, act as send } from '/dom.js';

const quickEmoji = ['🎲', '❌', '✉️', '🎃'];
let state = null;
let replyTo = '';
let drawnCommand = '';

const act = (name, fields, form) => send(name, { place: state.place, ...fields }, form);

const ask = (name, fields, form) => () => void act(name, fields, form);

const words = ({ content, mentions }) => {
  let shown = content.replaceAll(/<t:(\d+)(?::\w)?>/g, (_, seconds) =>
    new Date(seconds * 1000).toLocaleTimeString(),
  );
  for (const [id, name] of Object.entries(mentions)) shown = shown.replaceAll(`<@${id}>`, `@${name}`);
  return shown;
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

const messageElement = (message, me) => {
  const { id } = message;
  const flags = [
    message.time,
    message.edits > 0 ? `changed ${message.edits}×` : '',
    message.loading ? 'thinking…' : '',
    message.ephemeral ? 'only you see this' : '',
    message.pinged.length > 0 ? `pinged ${message.pinged.join(', ')}` : '',
    message.replyTo ? 'a reply' : '',
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
    element('div', { className: 'words', textContent: words(message) }),
    ...message.files.map(fileElement),
    element('div', {}, ...pressed),
    reactionButtons(message, me),
    element('div', {}, ...tools),
  );
};

const optionElement = ({ name, description, required, choices, isFile, isNumber, min_value, max_value }) => {
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
  return element('label', { title: description, textContent: `${name} ` }, input);
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
