import type { FakeSlack } from '../../slack/fake-slack.ts';
import { mimetypeOf } from '../../slack/payloads.ts';
import type { Person } from '../../slack/person.ts';
import { fieldOf, filesIn, type PageDeps } from '../page-server.ts';

/** The world as one person sees it, with one channel open. */
const pageState = (fake: FakeSlack, person: Person, placeId: string) => {
  const { state, deliveries } = fake;
  const isOpen = ({ id }: { readonly id: string }) => id === placeId;
  const places = [person.direct.channel, ...state.channels.values()].filter(
    ({ members, kind }, index) => (kind !== 'im' || index === 0) && members.has(person.id),
  );
  const open = places.find(isOpen) ?? places[1] ?? places[0]!;
  const messages = fake
    .place(open.id)
    .all()
    .map(({ pictures: _, files, ...message }) => ({
      ...message,
      files: files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length })),
    }));
  const last = deliveries.all.findLast(({ kind }) => kind !== 'events_api');
  const { modal, home } = person;
  return {
    users: fake.people().map(({ id, name, locale }) => ({ id, name, locale })),
    names: Object.fromEntries([...state.users.values()].map(({ id, name }) => [id, name])),
    places: places.map(({ id, name, kind }) => ({ id, name: kind === 'im' ? 'the bot' : `# ${name}` })),
    ...{
      place: open.id,
      messages,
      modal: modal && { view: modal.view, hash: modal.hash, values: modal.values },
    },
    ephemerals: person.ephemerals.flatMap((one, index) =>
      isOpen({ id: one.channel }) ? [{ ...one, index }] : [],
    ),
    home: home?.view.blocks ?? [],
    world: [
      `${new Date(fake.clock.wallTime()).toISOString().slice(0, 19)}; ${fake.socket.connections.length} connections`,
      last && `acknowledged after ${Math.round((last.acknowledgedAt ?? Number.NaN) - last.sentAt)} ms`,
      ...(last?.hasFailed ? ['The app did not respond.'] : []),
      ...fake.violations,
    ],
  };
};

/** What somebody at the page did. */
const act = async (fake: FakeSlack, person: Person, form: FormData): Promise<void> => {
  const [field, place] = [(name: string) => fieldOf(form, name), fake.place(fieldOf(form, 'place'))];
  const message = place.message(field('message'));
  switch (field('act')) {
    case 'say': {
      const [, command, rest = ''] = /^(\/\w+) ?(.*)$/s.exec(field('text')) ?? [];
      if (command) return void (await person.command(command, rest, place));
      const said = { files: await filesIn(form, 'files'), ...(message && { thread: message }) };
      return void (form.has('mention') ? person.askBot : person.say)(place, field('text'), said);
    }
    case 'shortcut':
      return void (await person.shortcut(fake.shortcuts[0] ?? '', message!));
    case 'press':
      return void (await person.press(
        message ?? person.ephemerals[Number(field('ephemeral'))]!,
        field('action'),
        field('value'),
      ));
    case 'press-home':
      return void (await person.pressInHome(field('action'), field('value')));
    case 'react':
      return person.react(message!, field('name'), !message?.reactions[field('name')]?.includes(person.id));
    case 'delete':
      return person.deleteMessage(message!);
    case 'home':
      return person.openHome();
    case 'press-modal':
    case 'submit': {
      for (const name of new Set([...form.keys()].filter((one) => one.startsWith('field:')))) {
        const files = await filesIn(form, name);
        const isFile = typeof form.get(name) !== 'string';
        if (!isFile || files.length > 0)
          person.fill({ [name.slice(6)]: isFile ? files : asFilled(field(name)) });
      }
      if (field('act') === 'press-modal') {
        return void (await person.pressInModal(field('action'), field('value') || undefined));
      }
      const { errors } = await person.submit();
      if (errors)
        throw new Error(
          Object.entries(errors)
            .map((each) => each.join(': '))
            .join('\n'),
        );
      return;
    }
    case 'close':
      return await person.closeModal();
    case 'skip':
      return fake.clock.advance(Number(field('minutes')) * 60_000);
    case 'drop':
      return fake.socket.cut(fake.socket.connections[0]!);
    default:
      throw new Error('the page sent something that nobody knows');
  }
};

/** The page of a fake Slack. */
/** A date and a time as browsers give them are seconds since 1970, by this machine's clock. */
const asFilled = (text: string): string | number | null =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Math.floor(Date.parse(text) / 1000) : text || null;

export const slackPage = (fake: FakeSlack): PageDeps => {
  const personOf = (id: string): Person => fake.people().find((one) => one.id === id) ?? fake.people()[0]!;
  return {
    folder: import.meta.url,
    state: ({ user = '', place = '' }) => pageState(fake, personOf(user), place),
    act: (form) => act(fake, personOf(fieldOf(form, 'user')), form),
    onChange: fake.state.onChange,
    file: (id) => {
      const file = fake.state.files.get(id);
      return file?.bytes ? { bytes: file.bytes, type: mimetypeOf(file) } : null;
    },
  };
};
