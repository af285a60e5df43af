import { type LanguageName, languageOf } from '../../messages/languages.ts';

/** A page that somebody sees who installs the bot. */
export type InstallPage = {
  readonly title: string;
  readonly text: string;
  /** What its link says. */
  readonly link: string;
};

export type InstallWords = {
  readonly installed: (workspace: string) => InstallPage;
  /** They changed their mind at Slack, or may not install apps there. */
  readonly denied: InstallPage;
  /** It took too long, or was begun in another browser. */
  readonly expired: InstallPage;
  /** Slack, or this machine, did not go along. */
  readonly failed: InstallPage;
};

const en: InstallWords = {
  installed: (workspace) => ({
    title: `Gramzoom is in ${workspace}`,
    text: 'Type /gramzoom in a channel, or send it a direct message with a photo.',
    link: 'Open Slack',
  }),
  denied: {
    title: 'Gramzoom has not been installed',
    text: 'Nothing has been changed. Where only admins may install apps, ask one of them.',
    link: 'Begin again',
  },
  expired: {
    title: 'That took too long',
    text: 'An installation has to be finished within ten minutes, in the browser in which it was begun.',
    link: 'Begin again',
  },
  failed: {
    title: 'Gramzoom could not be installed',
    text: 'Nothing is wrong with what you did. Try again in a moment; if it happens again, tell whoever runs the bot.',
    link: 'Begin again',
  },
};

const de: InstallWords = {
  installed: (workspace) => ({
    title: `Gramzoom ist in ${workspace}`,
    text: 'Schreib /gramzoom in einen Channel, oder schick ihm eine Direktnachricht mit einem Foto.',
    link: 'Slack öffnen',
  }),
  denied: {
    title: 'Gramzoom wurde nicht installiert',
    text: 'Es hat sich nichts geändert. Wo nur Admins Apps installieren dürfen, frag jemanden von ihnen.',
    link: 'Neu beginnen',
  },
  expired: {
    title: 'Das hat zu lange gedauert',
    text: 'Eine Installation muss innerhalb von zehn Minuten abgeschlossen werden, in dem Browser, in dem sie begonnen wurde.',
    link: 'Neu beginnen',
  },
  failed: {
    title: 'Gramzoom konnte nicht installiert werden',
    text: 'An dir lag es nicht. Versuch es gleich noch einmal; wenn es wieder geschieht, sag es jemandem, der den Bot betreibt.',
    link: 'Neu beginnen',
  },
};

const all: Readonly<Record<LanguageName, InstallWords>> = { en, de };

/** The first language of a browser's that there are words in. @param accepted its header, such as `de-AT,de;q=0.9` */
export const installLanguage = (accepted: string): LanguageName => {
  const names = Object.keys(all);
  const wanted = accepted.split(',').map((entry) => entry.split(';')[0]?.trim() ?? '');
  const found = wanted.flatMap((locale) => languageOf(locale, names) ?? [])[0];
  return names.find((name): name is LanguageName => name === found) ?? 'en';
};

export const installWords = (language: LanguageName): InstallWords => all[language];
