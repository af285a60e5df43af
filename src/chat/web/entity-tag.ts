/**
 * Whether the list of an `If-None-Match` names this entity tag, be it of a compressed answer; `*` names any.
 * @param etag a strong one, with its quotation marks
 */
export const namesTag = (list: string | undefined, etag: string): boolean =>
  list
    ?.split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === '*' || each === etag) ?? false;
