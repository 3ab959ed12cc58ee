/**
 * Within how many milliseconds every answer of a session route has to come: the 4 s of SPEC.md, and one for a machine
 * that runs the dynos, their store and k6 at the same time.
 */
export const ANSWER_WITHIN_MS = 5_000;
