/** Characters that nobody types stand for what is put in once the rest is escaped. */
const [begins, ends] = ['\uE000', '\uE001'];

/** `from-now`: in two hours. `date`: the day and the time. */
export type MomentForm = 'from-now' | 'date';

/** A moment among words, for `showMoments` to write as the platform shows moments. */
export const liveMoment = (unixMs: number, form: MomentForm = 'from-now'): string =>
  `${begins}${Math.round(unixMs / 1000)}${form === 'date' ? 'd' : ''}${ends}`;

/** What is longer is no moment of ours, and of no calendar: somebody can type these characters after all. */
const moment = new RegExp(`${begins}(\\d{1,11})(d?)${ends}`, 'g');

/** Words with each moment as `show` writes it. */
export const showMoments = (words: string, show: (unixSeconds: number, form: MomentForm) => string): string =>
  words.replaceAll(moment, (_, seconds: string, isDate: string) =>
    show(Number(seconds), isDate ? 'date' : 'from-now'),
  );
