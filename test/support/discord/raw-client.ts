import { GatewayIntentBits as Intent, GatewayOpcodes as Op } from 'discord-api-types/v10';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { FakeDiscord } from './fake-discord.ts';
import { startFake } from './start-fake.ts';

/** What is sent and told here is as Discord's description has it, which the fake checks itself. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any form
type Loose = any;

type File = { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** A server with one person and one channel, and requests of the bot without any library. */
export const inAServer = async (options: Parameters<typeof startFake>[0] = {}) => {
  const fake = await startFake(options);
  const ann = fake.person('ann');
  const guild = fake.guild({ members: [ann] });
  const place = guild.channel('art');

  const call = async (method: string, path: string, body?: object, files: readonly File[] = []) => {
    const form = new FormData();
    for (const [index, { name, bytes }] of files.entries())
      form.set(`files[${index}]`, new Blob([bytes]), name);
    form.set('payload_json', JSON.stringify(body));
    const json = { 'content-type': 'application/json' };
    const authorization = `Bot ${fake.token}`;
    const response = await fetch(`${fake.restApi}/v10${path}`, {
      method,
      headers: { authorization, ...(files.length === 0 && json) },
      ...(body && { body: files.length > 0 ? form : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: Loose = text === '' ? undefined : JSON.parse(text);
    const { status, headers } = response;
    return { status, headers, body: answer, code: answer?.code as number | undefined };
  };

  const send = (body: object, files: readonly File[] = []) =>
    call('POST', `/channels/${place.id}/messages`, body, files);
  return { fake, ann, guild, place, call, send };
};

type ConnectOptions = {
  readonly token?: string;
  readonly intents?: number;
  readonly shard?: readonly [id: number, count: number];
  readonly resume?: { readonly session: string; readonly sequence: number };
};

/** A connection to the gateway without any library; it is open once it was let in, refused or closed. */
export const connect = async (
  fake: FakeDiscord,
  { token = fake.token, intents = Intent.Guilds, shard = [0, 1], resume }: ConnectOptions,
) => {
  const socket = new WebSocket(fake.gateway.address().url);
  onTestFinished(() => socket.terminate());
  const events: { readonly t: string; readonly s: number; readonly d: Loose }[] = [];
  let invalid = false;
  let code: number | null = null;
  socket.on('message', (data) => {
    const packet: Loose = JSON.parse(String(data));
    if (packet.op === Op.Hello) {
      const properties = { os: 'linux', browser: 'none', device: 'none' };
      const first = resume
        ? { op: Op.Resume, d: { token, session_id: resume.session, seq: resume.sequence } }
        : { op: Op.Identify, d: { token, intents, shard, properties } };
      socket.send(JSON.stringify(first));
    }
    if (packet.op === Op.InvalidSession) invalid = true;
    if (packet.op === Op.Dispatch) events.push(packet);
    fake.core.changed();
  });
  socket.on('close', (given) => {
    code = given;
    fake.core.changed();
  });
  await fake.waitFor('the gateway', () => invalid || code !== null || events.length > 0);
  return {
    heard: (t: string): readonly Loose[] => events.filter((event) => event.t === t).map(({ d }) => d),
    session: (): string => events[0]?.d.session_id,
    sequence: (): number => events.at(-1)?.s ?? 0,
    invalid: () => invalid,
    closedWith: () => code,
  };
};
