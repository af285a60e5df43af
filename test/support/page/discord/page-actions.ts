import type { Attached, OptionValue } from '../../discord/driver/command-options.ts';
import type { Person } from '../../discord/driver/person.ts';
import type { FakeDiscord } from '../../discord/fake-discord.ts';
import { filesIn, fieldOf as text } from '../page-server.ts';

/** Options are fields named `option:NAME`, numbers `number:NAME`, files `file:NAME`; empty ones are left out. */
const optionsOf = async (form: FormData): Promise<Record<string, OptionValue>> => {
  const values: Record<string, OptionValue> = {};
  for (const [field, value] of form) {
    const [, kind, name] = /^(option|number|file):(.+)$/.exec(field) ?? [];
    if (!kind || !name) continue;
    if (typeof value !== 'string') {
      const [file] = await filesIn(form, field);
      if (file) values[name] = file;
    } else if (value !== '') values[name] = kind === 'number' ? Number(value) : value;
  }
  return values;
};

/** Fields of a form that the bot has opened, by their ids: `field:ID`. */
const fieldsOf = async (form: FormData): Promise<Record<string, string | Attached>> => {
  const values: Record<string, string | Attached> = {};
  for (const [field, value] of form) {
    if (!field.startsWith('field:')) continue;
    const id = field.slice('field:'.length);
    const [file] = typeof value === 'string' ? [] : await filesIn(form, field);
    if (typeof value === 'string') values[id] = value;
    else if (file) values[id] = file;
  }
  return values;
};

/** What somebody at the page did. */
export const act = async (fake: FakeDiscord, person: Person, form: FormData): Promise<void> => {
  const place = { id: text(form, 'place') };
  const message = { id: text(form, 'message'), channelId: text(form, 'place') };
  switch (text(form, 'act')) {
    case 'say': {
      await person.say(place, text(form, 'text'), {
        files: await filesIn(form, 'files'),
        mention: form.has('mention'),
        ...(message.id && { replyTo: message }),
      });
      return;
    }
    case 'command':
      await person.command(text(form, 'name'), await optionsOf(form), { in: place });
      return;
    case 'complete': {
      const focused = text(form, 'focused');
      const values = { [focused]: text(form, 'typed') };
      await person.complete(text(form, 'name'), values, { in: place, focused });
      return;
    }
    case 'select':
      person.select(message, text(form, 'select'), [text(form, 'value')]);
      return;
    case 'submit':
      await person.submit({ token: text(form, 'token') }, await fieldsOf(form));
      return;
    case 'menu':
      person.contextMenu(text(form, 'name'), message);
      return;
    case 'press':
      person.press(message, text(form, 'button'));
      return;
    case 'react':
      person.react(message, text(form, 'emoji'));
      return;
    case 'unreact':
      person.unreact(message, text(form, 'emoji'));
      return;
    case 'delete':
      person.delete(message);
      return;
    case 'archive':
      fake.place(place.id).archive();
      return;
    case 'skip':
      fake.clock.advance(Number(text(form, 'minutes')) * 60_000);
      return;
    case 'drop':
      fake.gateway.drop();
      return;
    default:
      throw new Error('the page sent something that nobody knows');
  }
};
