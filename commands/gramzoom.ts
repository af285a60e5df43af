import {
  type FieldRule,
  parseRequest,
  type RenderOptions,
  type RequestField,
  requestFields,
} from '../src/domain/request.ts';

/** A command as plain data: what every place that offers it derives its form, help and errors from. */
export type CommandDefinition<Options> = {
  readonly name: string;
  readonly summary: string;
  readonly fields: readonly FieldRule[];
  /** The fields that the command line offers as flags; what is missing follows from other arguments. */
  readonly flags: readonly RequestField[];
  /**
   * Checks raw values by field and fills in the defaults.
   * @throws GramzoomError `request-field`
   */
  readonly parse: (input: unknown) => Options;
};

/** Photo in, looping zoom out. */
export const gramzoom: CommandDefinition<RenderOptions> = {
  name: 'gramzoom',
  summary: 'turn a photo into an endless zoom',
  fields: requestFields,
  // On the command line the output's extension says the format.
  flags: requestFields.map(({ name }) => name).filter((name) => name !== 'format'),
  parse: parseRequest,
};
