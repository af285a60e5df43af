import { type KindName, kindNames, kinds } from '../../domain/kinds.ts';

/** What people call the app there. */
export const appName = 'Gramzoom';

/** The slash commands, without their slash: one of each kind of render. Slack has them in one language only. */
export const slashCommands: readonly string[] = kindNames.map((kind) => kinds[kind].command);

/** The callback id of the entry in the menu of a message. */
export const shortcutId = 'gramzoom_message';

/** The callback id of the form in which a render is asked for. */
export const orderFormId = 'gramzoom_order';

/** The action id of the button that shows every option in the form. */
export const moreOptionsId = 'gramzoom_more_options';

/** The action ids of the buttons in the App Home that open the form, one for each kind of render. */
export const beginId = (kind: KindName): string => `gramzoom_begin_${kind}`;

/** The action id of the menu of the other photos in a message. */
export const otherPhotoId = 'gramzoom_other_photo';
