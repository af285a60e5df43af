import { type ErrorCode, type ErrorData, type Failure, GramzoomError, toFailure } from './errors.ts';
import { networkName } from './request.ts';

/** A failure as it stands, where all of its data is for everybody; else what is told in its place. */
type Telling<C extends ErrorCode> = 'as it is' | ((data: ErrorData[C]) => Failure);

const fault = (): Failure => ({ code: 'internal', data: { reason: null } });
const storageFault = (): Failure => ({ code: 'storage-failed', data: {} });
/** Of a file that was named by its path, the name is one. */
const networkFault = ({ name }: { readonly name: string }): Failure => ({
  code: 'network-not-here',
  data: { name: networkName.safeParse(name).success ? name : null },
});

/** The codes with more data than numbers: of each has to be said below what is told. Of others all may be. */
type WithText = {
  [C in ErrorCode]: ErrorData[C][keyof ErrorData[C]] extends number ? never : C;
}[ErrorCode];

/**
 * What people who cannot reach the machine may read of each failure: never a path, a host, an address or the words of
 * a system or a library. These are for whoever runs it, who finds them in the log.
 */
const tellings: { readonly [C in WithText]: Telling<C> } & { readonly [C in ErrorCode]?: Telling<C> } = {
  'photo-missing': fault,
  'photo-is-folder': fault,
  'photo-unreadable': fault,
  'photo-format': 'as it is',
  'command-denied': 'as it is',
  'request-field': 'as it is',
  'request-fields': 'as it is',
  'too-much-work': 'as it is',
  usage: fault,
  'contest-running': 'as it is',
  'contest-phase': 'as it is',
  'contest-right': 'as it is',
  'contest-not-eligible': 'as it is',
  'contest-fixed': 'as it is',
  'contest-moment': 'as it is',
  'contest-role': 'as it is',
  'contest-film': 'as it is',
  'output-extension': fault,
  'output-is-folder': storageFault,
  'output-folder-missing': storageFault,
  'output-not-writable': storageFault,
  'output-failed': storageFault,
  'disk-full': () => ({ code: 'disk-full', data: { folder: null } }),
  'network-unknown': 'as it is',
  'network-missing': networkFault,
  'depth-not-offered': 'as it is',
  'network-absent': networkFault,
  'network-fetching': 'as it is',
  'network-not-here': 'as it is',
  'network-damaged': networkFault,
  'precision-unavailable': networkFault,
  'too-many-open-files': fault,
  'stdout-failed': fault,
  'working-folder-gone': fault,
  'engine-unavailable': fault,
  'engine-failed': ({ engine }) => ({ code: 'engine-failed', data: { engine, reason: null } }),
  'render-crashed': ({ how }) => ({ code: 'render-crashed', data: { how: signalOrStatus(how) } }),
  'protocol-mismatch': fault,
  configuration: fault,
  'address-unavailable': fault,
  'environment-file': fault,
  'command-unknown': 'as it is',
  'option-malformed': 'as it is',
  'option-twice': 'as it is',
  'checkpoint-unusable': fault,
  'blob-damaged': 'as it is',
  'data-folder-in-use': storageFault,
  'lock-unusable': storageFault,
  'backup-nothing': storageFault,
  'backup-target': storageFault,
  'database-newer': storageFault,
  'database-damaged': storageFault,
  'record-damaged': () => ({ code: 'record-damaged', data: { record: '', problem: '' } }),
  'permissions-missing': 'as it is',
  'token-refused': fault,
  'setup-refused': fault,
  'chat-unreachable': ({ platform }) => ({ code: 'chat-unreachable', data: { platform, reason: null } }),
  'chat-refused': 'as it is',
  'chat-gone': 'as it is',
  'foreign-host': 'as it is',
  'foreign-origin': 'as it is',
  'body-invalid': 'as it is',
  'media-type': 'as it is',
  internal: fault,
};

const signalOrStatus = (how: string): string =>
  /^(?:SIG[A-Z0-9]+|exit status -?\d+)$/.test(how) ? how : 'an error';

/** The part of a failure that may be read by people who cannot reach the machine. */
export const toldFailure = (failure: Failure): Failure => {
  const { code, data } = failure;
  const telling = Object.hasOwn(tellings, code) ? (tellings[code] as Telling<ErrorCode>) : undefined;
  if (typeof telling === 'function') return telling(data as never);
  const isAllTold = telling === 'as it is' || Object.values(data).every((value) => typeof value === 'number');
  // An earlier version may have stored a code that is none any more, with data that nothing is known of.
  return isAllTold ? failure : ({ code, data: {} } as Failure);
};

/** The same of an error, which stays its cause; the error itself where all of it may be told. */
export const asTold = (error: GramzoomError): GramzoomError => {
  const failure = toFailure(error);
  const { code, data } = toldFailure(failure);
  return data === failure.data ? error : new GramzoomError(code, data, { cause: error });
};
