import { randomBytes } from 'node:crypto';
import type { GatewayDispatchEvents } from 'discord-api-types/v10';
import type { Clock } from '../../../../src/ports/clock.ts';
import type { Channel, CommandBook, Guild, Interaction, StoredFile, User } from './model.ts';
import { createSnowflakes, type Snowflakes } from './snowflakes.ts';

/** What a session of the gateway may see. */
export type View = { readonly intents: number };

/** Something that happened, as the gateway tells it. */
export type Happening = {
  readonly t: `${GatewayDispatchEvents}`;
  readonly guildId: string | null;
  /** Where it can be seen; sessions of a bot that cannot see the channel are not told. */
  readonly channelId: string | null;
  readonly d: (view: View) => unknown;
};

export type Application = {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly ownerId: string;
  /** Privileged intents that were switched on for it, as bits. */
  privilegedIntents: number;
};

/** The fake's world: plain maps, a clock, and whom to tell. */
export type Core = {
  readonly clock: Clock;
  readonly ids: Snowflakes;
  readonly application: Application;
  readonly users: Map<string, User>;
  readonly guilds: Map<string, Guild>;
  readonly channels: Map<string, Channel>;
  readonly files: Map<string, StoredFile>;
  /** By token. */
  readonly interactions: Map<string, Interaction>;
  readonly commands: CommandBook;
  /** Key of the CDN's signatures. */
  readonly secret: Uint8Array;
  /** Where files are served, `http://host:port`; known once the server listens. */
  cdnOrigin: string;
  /** Tells the gateway, then everybody who waits for a fact. */
  publish(happening: Happening): void;
  onPublish(listener: (happening: Happening) => void): void;
  /** Says that something is different now. */
  changed(): void;
  /** @returns takes the listener away again */
  onChange(listener: () => void): () => void;
};

export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+00:00');

/** An empty world with the bot's user and its application in it. */
export const createCore = ({
  clock,
  token,
  name,
  privilegedIntents,
}: {
  readonly clock: Clock;
  readonly token: string;
  readonly name: string;
  readonly privilegedIntents: number;
}): Core => {
  const ids = createSnowflakes(clock);
  const publishListeners = new Set<(happening: Happening) => void>();
  const changeListeners = new Set<() => void>();
  const ownerId = ids.nextUser(2000);
  const id = ids.nextUser(2000);
  const changed = (): void => {
    for (const listener of [...changeListeners]) listener();
  };
  const person = { locale: 'en-US', premium: false, dmsClosed: false, installed: false } as const;
  return {
    clock,
    ids,
    application: { id, name, token, ownerId, privilegedIntents },
    users: new Map([
      [id, { ...person, id, name, globalName: name, bot: true }],
      [ownerId, { ...person, id: ownerId, name: 'owner', globalName: 'Owner', bot: false }],
    ]),
    guilds: new Map(),
    channels: new Map(),
    files: new Map(),
    interactions: new Map(),
    commands: { global: new Map(), writes: 0 },
    secret: randomBytes(32),
    cdnOrigin: '',
    publish: (happening) => {
      for (const listener of publishListeners) listener(happening);
      changed();
    },
    onPublish: (listener) => void publishListeners.add(listener),
    changed,
    onChange: (listener) => {
      changeListeners.add(listener);
      return () => void changeListeners.delete(listener);
    },
  };
};
