/** How often a person's reactions are followed, so that adding and taking back an emoji fills neither queue nor channel. */
export type ReactionCooldown = {
  /** So many with the same meaning under the same film … */
  readonly mostPerFilm: number;
  /** … in so much time. Two: one may have been taken back by mistake. */
  readonly filmMs: number;
  /** So many of one person, to whatever films … */
  readonly mostPerPerson: number;
  /** … in so much time. */
  readonly personMs: number;
};

export const reactionCooldown: ReactionCooldown = {
  ...{ mostPerFilm: 2, filmMs: 60_000 },
  ...{ mostPerPerson: 10, personMs: 300_000 },
};

/** A notice about a reaction stays so long, and while it stays there is no other one for that film. */
export const noticeMs = 60_000;
