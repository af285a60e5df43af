/** German sentences for errors, one per code. Long because it is one table: whoever looks for a code finds it here. */

import type { Int8Obstacle } from '../domain/engines.ts';
import type { BackupTargetProblem, ChatRefusal } from '../domain/errors.ts';
import type { Expectation } from '../domain/expectation.ts';
import { contestSentences } from './de-contest-errors.ts';
import { bytes as bytesText, choiceName, commands, decimal, listed } from './de-options.ts';
import { type ErrorSentences, isOwnWords } from './error-sentences.ts';
import { createListed, createQuoted, upwards } from './phrases.ts';

const quoted = createQuoted('„', '“');

const grouped = (value: number): string => value.toLocaleString('de-DE');

const size = (width: number, height: number): string => `${grouped(width)} x ${grouped(height)} Pixel`;

const int8Obstacles: Readonly<Record<Int8Obstacle, string>> = {
  'max-pooling': 'Max-Pooling',
  'no-relu': 'eine Faltung ohne ReLU dahinter',
  'lone-relu': 'ein ReLU ohne Faltung davor',
  'first-layer': 'eine erste Schicht, die keine Faltung ist',
};

/** What an option takes. */
const taken = (field: string, expected: Expectation): string => {
  switch (expected.kind) {
    case 'number': {
      const { isWhole, min, max, multipleOf } = expected;
      if (multipleOf) return `ein Vielfaches von ${multipleOf} zwischen ${min} und ${max}`;
      return `${isWhole ? 'eine ganze Zahl' : 'eine Zahl'} von ${decimal(min)} bis ${decimal(max)}`;
    }
    case 'seconds': {
      const { min, max, fps } = expected;
      return `bei ${decimal(fps)} Bildern pro Sekunde ${decimal(min)} bis ${decimal(max)} Sekunden`;
    }
    case 'choice':
      return listed(expected.choices.map((choice) => choiceName(field, choice)));
    case 'bytes':
      return `eine Größe wie 10MB, mindestens ${bytesText(expected.minBytes)}`;
    case 'network':
      return 'den Namen eines Netzes';
    case 'render':
      return 'die Kennung eines Films';
    case 'text':
      return `einen Text mit höchstens ${expected.max} Zeichen`;
    case 'moment':
      return 'eine Zeit wie 2026-10-31 18:00, 31.10.2026 18:00 oder 3 Tage';
    case 'zone':
      return 'den Namen einer Zeitzone wie Europe/Berlin';
    case 'option':
      return listed(expected.known);
    case 'words':
      return expected.words;
    default:
      return expected satisfies never;
  }
};

const backupProblems: Readonly<Record<BackupTargetProblem, string>> = {
  'inside-data': 'denn das liegt im Datenordner: Nimm einen Ordner außerhalb davon',
  'around-data': 'denn darin liegt der Datenordner: Nimm einen anderen Ordner',
  'not-folder': 'denn das ist eine Datei: Nimm einen Ordner',
  'not-written-out': 'denn das versteht nur eine Shell: Schreib den Pfad aus',
  'data-folder': 'denn das ist der Datenordner eines Bots: Nimm einen anderen Ordner',
  'not-empty':
    'denn darin liegt etwas anderes: Nimm einen leeren, einen neuen oder den einer früheren Sicherung',
  'in-use': 'denn dort läuft gerade eine andere: Warte auf sie, oder nimm einen anderen Ordner',
};

const because = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);

const refusals: Readonly<Record<ChatRefusal, (platform: string) => string>> = {
  content: (platform) =>
    `${platform} oder die Regeln hier haben das Ergebnis blockiert: Würfle neu, oder nimm ein anderes Foto.`,
  place: (platform) =>
    `${platform} lässt mich hier nicht mehr posten, weil der Ort gesperrt oder voll ist: Versuch es an einem anderen.`,
  other: (platform) =>
    `${platform} hat das Ergebnis abgelehnt: Würfle neu, oder versuch es an einem anderen Ort.`,
};

/** `512 px mit 48 Bildern zu 4 Schritten`: was von jeder Option passen würde. */
const amounts = ({ size: side, frames, steps }: Readonly<Record<string, number>>): string =>
  [
    `${side} px`,
    ...(frames === undefined ? [] : [`mit ${frames} Bildern`]),
    `zu ${steps} ${steps === 1 ? 'Schritt' : 'Schritten'}`,
  ].join(' ');

/** Of a command that makes something: as people type it in this language. */
const commandName = (command: string): string =>
  Object.entries(commands).find(([name]) => name === command)?.[1].name ?? commands.gramzoom.name;

export const sentences: ErrorSentences = {
  ...contestSentences,
  'photo-missing': ({ path }) => `Unter ${path} ist kein Foto: Prüf den Pfad.`,
  'photo-is-folder': ({ path }) => `${path} ist ein Ordner: Nenn das Foto darin.`,
  'photo-unreadable': ({ path }) =>
    `${path} lässt sich nicht lesen: Prüf die Zugriffsrechte, oder nimm eine Kopie.`,
  'photo-needed': () => 'Häng ein Foto an: Ohne eins gibt es nichts, in das der Zoom führen könnte.',
  'photo-not-sent': () => 'Das Foto ist nicht angekommen: Nutze den Befehl noch einmal und häng es neu an.',
  'photo-empty': () => 'Das Foto ist leer, es kamen 0 Byte an: Schick es noch einmal.',
  'photo-too-many-bytes': ({ bytes, maxBytes }) =>
    `Das Foto hat ${bytesText(bytes)}, höchstens ${bytesText(maxBytes)} sind erlaubt: Schick ein kleineres.`,
  'photo-too-many-pixels': ({ width, height, maxMegapixels }) =>
    `Das Foto hat ${size(width, height)}, höchstens ${maxMegapixels} Megapixel sind erlaubt: Schick ein kleineres.`,
  'photo-side-too-long': ({ width, height, maxSide }) =>
    `Das Foto hat ${size(width, height)}, keine Seite darf länger sein als ${grouped(maxSide)}: Schick ein kleineres.`,
  'photo-too-narrow': ({ width, height, maxAspect }) =>
    `Das Foto hat ${size(width, height)}, eine Seite darf höchstens ${maxAspect} Mal so lang sein wie die andere: Schneide es erst zu.`,
  'photo-format': ({ found }) =>
    found === null
      ? 'Das ist kein Bild, das ich öffnen kann: Schick ein JPEG, PNG, WebP, AVIF, GIF oder TIFF.'
      : `Dateien vom Typ ${found.toUpperCase()} kann ich nicht öffnen: Schick ein JPEG, PNG, WebP, AVIF, GIF oder TIFF.`,
  'photo-heic': () => 'Dieses HEIC-Foto kann ich nicht öffnen: Schick es als JPEG.',
  'photo-damaged': () =>
    'Das Foto ist beschädigt oder unvollständig: Schick es noch einmal, oder speichere es vorher neu.',
  'photo-too-slow': ({ seconds }) =>
    `Das Foto zu öffnen hat länger als ${seconds} Sekunden gedauert: Speichere es als einfaches JPEG und schick das.`,
  'photo-too-heavy': ({ maxBytes }) =>
    `Das Foto zu öffnen braucht mehr als ${bytesText(maxBytes)} Speicher: Speichere es als einfaches JPEG und schick das.`,
  'request-field': ({ field, expected, received }, { nameField }) => {
    if (expected.kind === 'option')
      return `Eine Option ${quoted(nameField(field))} gibt es nicht: ${expected.known.length > 0 ? `Nimm ${listed(expected.known.map(nameField))}` : 'Lass sie weg'}.`;
    return received === '' && isOwnWords(expected)
      ? `Die Option ${nameField(field)} fehlt: Gib ${taken(field, expected)} an.`
      : `Die Option ${nameField(field)} nimmt ${taken(field, expected)}, nicht ${quoted(received)}.`;
  },
  'request-fields': ({ field, other }, { nameField }) =>
    `Gib ${nameField(field)} oder ${nameField(other)} an, nicht beides: Das eine folgt aus dem anderen.`,
  usage: ({ problem }) => problem,
  'output-extension': ({ path, offered }) =>
    `${path} lässt sich nicht schreiben: Nimm einen Namen, der auf ${listed(offered.map((format) => `.${format}`))} endet.`,
  'output-is-folder': ({ path }) => `${path} ist ein Ordner: Nenn eine Datei darin, etwa zoom.gif.`,
  'output-folder-missing': ({ folder }) => `Den Ordner ${folder} gibt es nicht: Leg ihn erst an.`,
  'output-not-writable': ({ folder }) =>
    `In ${folder} lässt sich nichts schreiben: Nimm einen anderen Ordner.`,
  'output-failed': ({ path, reason }) =>
    `${path} ließ sich nicht schreiben (${reason}): Nimm einen anderen Ort.`,
  'disk-full': ({ folder }) =>
    folder === null
      ? 'Hier ist gerade kein Platz mehr auf der Platte: Versuch es später noch einmal.'
      : `Auf der Platte mit ${folder} ist kein Platz mehr: Schaff welchen, oder nimm einen anderen Ordner.`,
  'storage-failed': () =>
    'Hier lässt sich gerade nichts speichern, der Grund steht im Log des Bots: Versuch es später noch einmal.',
  'budget-too-small': ({ maxBytes, smallestBytes }, { nameField }) =>
    `Die Datei passt nicht in ${bytesText(maxBytes)}, der kleinste mögliche hat ${bytesText(smallestBytes)}: ` +
    `Erlaub bei ${nameField('maxBytes')} mehr, nimm eine kleinere Größe oder einen kürzeren Film.`,
  'network-unknown': ({ name, known }) =>
    `Ein Netz namens ${quoted(name)} gibt es nicht: Nimm ${listed(known)}.`,
  'network-missing': ({ name, path }) =>
    `Das Netz ${name} lässt sich nicht öffnen, denn ${path} fehlt oder ist nicht lesbar: Leg die Datei zurück, oder nimm pocket.`,
  'network-damaged': ({ name, problem }) =>
    `Das Netz ${name} ist nicht zu gebrauchen (${problem}): Leg seine veröffentlichten Dateien zurück, oder nimm pocket.`,
  'depth-not-offered': ({ network, depth, offered }, { nameField }) =>
    `${network} bietet ${quoted(choiceName('depth', depth))} als ${nameField('depth')} nicht an: Nimm ${listed(offered.map((each) => choiceName('depth', each)))}, oder ein anderes Netz.`,
  'network-absent': ({ name, bytes, url, path, reason }) =>
    `${name} muss einmal heruntergeladen werden (${bytesText(bytes)} von ${url}), und das ging nicht (${reason}): Nimm pocket, oder leg die Datei nach ${path}.`,
  'network-fetching': ({ name, bytes, percent }) =>
    `${name} wird gerade zum ersten Mal geholt (${percent} % von ${bytesText(bytes)}): Versuch es in ein paar Minuten noch einmal, oder nimm pocket.`,
  'network-not-here': ({ name }) =>
    `${name ?? 'Dieses Netz'} ist hier gerade nicht zu haben, und wer diesen Bot betreibt, findet den Grund im Protokoll: Nimm bis dahin ein anderes Netz.`,
  'too-many-open-files': () =>
    'Es sind zu viele Dateien geöffnet: Heb die Grenze an (ulimit -n 4096) oder beende andere Programme, danach versuch es noch einmal.',
  'stdout-failed': ({ reason }) =>
    `Die Standardausgabe lässt sich nicht schreiben (${reason}): Leite sie woandershin.`,
  'working-folder-gone': () =>
    'Den Ordner, in dem das gestartet wurde, gibt es nicht mehr: Geh in einen anderen und versuch es noch einmal.',
  'engine-unavailable': ({ engine, reason }) =>
    `Die Engine ${engine} läuft auf diesem Rechner nicht (${reason}): Nimm eine andere.`,
  'precision-unavailable': ({ name, precision, obstacle }) =>
    `${name} lässt sich nicht in ${precision} rechnen (${int8Obstacles[obstacle]}): Setz PRECISION auf auto oder float, oder nimm ein anderes Netz.`,
  'engine-failed': ({ engine, reason }) =>
    `Die Engine ${engine} ist gescheitert${because(reason)}: Versuch es noch einmal.`,
  'out-of-memory': ({ size: side }) =>
    `Für ${side} x ${side} Pixel reicht der Speicher nicht: Nimm eine kleinere Größe oder einen kürzeren Film.`,
  'render-diverged': () =>
    'Die Optimierung ist gescheitert, das kommt bei wenigen Seeds vor: Versuch es mit einem anderen Seed.',
  'render-crashed': ({ how }) =>
    how === 'SIGKILL'
      ? 'Das Rendern wurde abgebrochen, wohl weil der Speicher ausging: Nimm eine kleinere Größe.'
      : `Das Rendern ist abgestürzt (${how}): Versuch es noch einmal.`,
  'render-stalled': ({ silentSeconds }) =>
    `Der Renderer hat ${silentSeconds} Sekunden lang nicht geantwortet und wurde beendet: Versuch es noch einmal.`,
  'protocol-mismatch': ({ expected, received }) =>
    `Der Renderer hat eine andere Version (${received} statt ${expected}): Installiere Gramzoom neu.`,
  'address-unavailable': ({ host, port, problem }) =>
    ({
      'in-use': `Port ${port} ist belegt: Setz PORT auf einen anderen.`,
      forbidden: `Auf Port ${port} darf dieser Benutzer nicht lauschen: Setz PORT auf einen wie 8484.`,
      'unknown-host': `${host} ist keine Adresse dieses Rechners: Setz HOST auf eine, die es ist, wie 127.0.0.1.`,
    })[problem],
  configuration: ({ key, expected, received }) => {
    if (received === null)
      return `Die Einstellung ${key} nimmt ${expected}: Ändere sie in der Umgebung oder in .env.`;
    return received === ''
      ? `Die Einstellung ${key} fehlt in der Umgebung und in .env: Setz sie auf ${expected}.`
      : `Die Einstellung ${key} nimmt ${expected}, nicht ${quoted(received)}: Ändere sie in der Umgebung oder in .env.`;
  },
  'environment-file': ({ path, problem }) => {
    switch (problem.kind) {
      case 'folder':
        return `${path} ist ein Ordner und keine Datei mit Einstellungen: Verschieb ihn, oder starte in einem anderen Ordner.`;
      case 'no-file':
        return `${path} ist keine gewöhnliche Datei: Ersetz sie durch eine, oder lösch sie.`;
      case 'unreadable':
        return `${path} lässt sich nicht lesen (${problem.reason}): Mach die Datei für diesen Benutzer lesbar, oder lösch sie.`;
      case 'too-large':
        return `${path} ist größer als ${bytesText(problem.maxBytes)}, zu groß für Einstellungen: Nimm eine kleinere Datei.`;
      case 'no-text':
        return `${path} ist kein Text in UTF-8: Speichere die Datei noch einmal als UTF-8.`;
      case 'no-setting':
        return `Zeile ${problem.line} in ${path} ist keine Einstellung: Schreib KEY=Wert, oder setz ein # davor.`;
      case 'open-quote':
        return `In Zeile ${problem.line} von ${path} beginnt ein Anführungszeichen, das nie endet: Schließ es.`;
      default:
        return problem satisfies never;
    }
  },
  cancelled: () => 'Abgebrochen.',
  'command-unknown': ({ name, known }) =>
    `Einen Befehl ${quoted(name)} gibt es nicht: Nimm ${listed(known.map((each) => `/${each}`))}.`,
  'option-malformed': ({ text, example }) => `${quoted(text)} ist keine Option: Schreib eine wie ${example}.`,
  'option-twice': ({ option }, { nameField }) =>
    `${quoted(nameField(option))} steht zweimal da: Einmal genügt.`,
  'user-limit': ({ limit }) =>
    `Von dir ${limit === 1 ? 'ist schon 1 Film' : `sind schon ${limit} Filme`} in Arbeit oder in der Warteschlange, hier und anderswo zusammen: Warte, bis einer fertig ist, oder brich einen ab.`,
  'reaction-too-soon': ({ seconds }) =>
    `So hast du gerade erst reagiert: Nimm das Emoji weg und setz es in ${seconds} s noch einmal.`,
  'server-limit': ({ limit }) =>
    `Hier ${limit === 1 ? 'ist schon 1 Film' : `sind schon ${limit} Filme`} in Arbeit oder in der Warteschlange: Versuch es noch einmal, wenn einer fertig ist.`,
  'too-much-work': ({ work, most, fitting }) =>
    `Das wäre ${decimal(upwards(work))}-mal so aufwendig wie der Standardfilm, und die Grenze hier ist ${decimal(most)}: ${amounts(fitting)} würden passen.`,
  'not-found': (_, { writeCommand }) =>
    `Diesen Film gibt es nicht oder nicht mehr: ${writeCommand('mine')} zeigt dir deine.`,
  'nothing-running': (_, { writeCommand }) =>
    `Von dir läuft gerade nichts: ${writeCommand('mine')} zeigt dir deine Filme.`,
  'command-denied': ({ command }) =>
    `Du darfst /${commandName(command)} in diesem Kanal nicht benutzen: Wer den Server verwaltet, kann es unter Servereinstellungen > Integrationen erlauben.`,
  'not-yours': () => 'Das kann nur, wer es bestellt hat.',
  'not-your-photo': () =>
    'Das Foto kann nur löschen, wem es gehört: Du kannst nur löschen, was du bestellt hast.',
  'not-ready': () => 'Das ist noch nicht fertig: Warte noch ein bisschen.',
  'already-finished': () => 'Er ist schon fertig: Es gibt nichts mehr abzubrechen.',
  'largest-already': ({ size: side }) =>
    `Das hat schon die größte Größe (${side} Pixel): Würfle es neu, wenn du etwas anderes willst.`,
  'photo-expired': () => 'Das Foto ist nicht mehr gespeichert: Schick es noch einmal.',
  'film-deleted': () => 'Das wurde im Chat gelöscht: Schick das Foto noch einmal, wenn du es neu willst.',
  'result-expired': () => 'Das ist nicht mehr gespeichert: Würfle es neu, oder schick das Foto noch einmal.',
  stopping: () => 'Der Bot startet gerade neu: Versuch es in einer Minute noch einmal.',
  'checkpoint-unusable': ({ problem }) =>
    `Der unfertige Film lässt sich nicht fortsetzen (${problem}): Er fängt von vorn an.`,
  'blob-damaged': () => 'Eine gespeicherte Datei ist beschädigt: Schick das Foto noch einmal.',
  'data-folder-in-use': ({ folder }) =>
    `Ein anderes Gramzoom benutzt ${folder}: Beende es erst, oder nimm mit DATA_DIR einen anderen Ordner.`,
  'lock-unusable': ({ path, reason }) =>
    `${path} lässt sich nicht verwenden (${reason}): Lösch die Datei und starte neu, sie enthält nichts.`,
  'backup-nothing': ({ folder }) =>
    `In ${folder} liegt keine Datenbank, also gibt es nichts zu sichern: Setz DATA_DIR auf den Datenordner des Bots.`,
  'backup-target': ({ folder, problem }) =>
    `In ${quoted(folder)} geht keine Sicherung, ${backupProblems[problem]}.`,
  'database-newer': ({ folder, version, known }) =>
    `Die Datenbank in ${folder} stammt von einem neueren Gramzoom (Format ${version}, dieses kennt ${known}): Installiere jene Version wieder, oder spiel eine Sicherung ein.`,
  'database-damaged': ({ folder, problem }) =>
    `Die Datenbank in ${folder} lässt sich nicht lesen (${problem}): Spiel eine Sicherung ein.`,
  'record-damaged': () => 'Was zu diesem Film gespeichert war, ist beschädigt: Schick das Foto noch einmal.',
  'permissions-missing': ({ permissions: missing }, { namePermission }) =>
    `Mir ${missing.length === 1 ? 'fehlt hier die Berechtigung' : 'fehlen hier die Berechtigungen'} ${createListed('und')(missing.map((permission) => `„${namePermission(permission)}“`))}: Wer diesen Server verwaltet, kann sie mir geben.`,
  'file-too-large': ({ bytes }) =>
    `Die Datei hat ${bytesText(bytes)}, das ist mehr, als sich hier senden lässt: Nimm eine kleinere Größe oder einen kürzeren Film.`,
  'messages-closed': () =>
    'Ich kann dir keine Direktnachricht schicken: Erlaube sie in den Privatsphäre-Einstellungen dieses Servers, und versuch es noch einmal.',
  'token-refused': ({ platform, key }) =>
    `${platform} nimmt ${key} nicht an: Kopier den Wert noch einmal von dort in die Umgebung oder nach .env.`,
  'setup-refused': ({ platform }) =>
    `${platform} lässt den Bot so nicht hinein, wie er dort eingerichtet ist: Richte ihn dort so ein, wie seine Anleitung sagt.`,
  'chat-unreachable': ({ platform, reason }) =>
    `${platform} ist nicht zu erreichen${because(reason)}: Später kommt ein neuer Versuch.`,
  'chat-refused': ({ platform, reason }) => refusals[reason](platform),
  'chat-gone': ({ platform }) => `Den Ort für die Antwort gibt es auf ${platform} nicht mehr.`,
  'foreign-host': ({ received }) =>
    `Unter dem Namen ${quoted(received)} gibt es diese Seite nicht: Nimm ihre eigene Adresse.`,
  'foreign-origin': ({ received }) =>
    `Anfragen von ${quoted(received)} werden nicht angenommen: Nimm die Seite selbst.`,
  'body-too-large': ({ maxBytes }) => `Das sind mehr als ${bytesText(maxBytes)}: Schick ein kleineres Foto.`,
  'body-invalid': ({ problem }) => `Die Anfrage lässt sich nicht lesen: ${problem}.`,
  'uploads-busy': () =>
    'Gerade kommen zu viele Fotos auf einmal an: Versuch es in einer halben Minute noch einmal.',
  'media-type': ({ expected, received }) => `Schick ${expected}, nicht ${quoted(received)}.`,
  internal: ({ reason }) =>
    reason === null
      ? 'Da ist etwas schiefgegangen (der Grund steht im Protokoll des Bots): Versuch es noch einmal.'
      : `Da ist etwas schiefgegangen (${reason}): Versuch es noch einmal, und melde es, wenn es wieder passiert.`,
};
