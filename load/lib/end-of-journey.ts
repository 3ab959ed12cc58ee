/**
 * The rest of a journey could tell nothing: an event did not happen, or there was nothing to change. The
 * evidence so far says why; the figures so far are kept.
 */
export class EndOfJourney extends Error {
  readonly figures: Record<string, number>;

  constructor(figures: Record<string, number> = {}) {
    super();
    this.figures = figures;
  }
}
