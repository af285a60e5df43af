import { contestHandler } from './contests/contest-subject.ts';
import { entryHandler } from './contests/entry-subject.ts';
import type { Coordinator } from './coordinator.ts';
import { renderHandler } from './render-subject.ts';
import type { SubjectHandler } from './subject-handler.ts';

/** Makes the handler of one kind of subject. */
export type MakeSubjectHandler = (coordinator: Coordinator) => SubjectHandler;

/** The kinds of subjects that there are: a new one is a file like render-subject.ts and its line here. */
export const subjectHandlers: readonly MakeSubjectHandler[] = [renderHandler, contestHandler, entryHandler];
