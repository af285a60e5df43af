/** How often a person's reactions are followed, so that adding and taking back an emoji fills neither queue nor channel. */
export const reactionCooldown = {
  /** So many with the same meaning under the same film in so much time. Two: one may have been taken back by mistake. */
  ...{ mostPerFilm: 2, filmMs: 60_000 },
  /** So many of one person, to whatever films, in so much time. */
  ...{ mostPerPerson: 10, personMs: 300_000 },
};
export type ReactionCooldown = Readonly<typeof reactionCooldown>;

/** A notice about a reaction stays so long, and while it stays there is no other one for that film. */
export const noticeMs = 60_000;
