import { type FindFault, faultFinder, STORE_LOSS } from "../faults.ts";
import { FAULT_KINDS, type FaultKind, type Operation } from "../operation.ts";
import { entry, isMover, isOfList, type Session, type Step } from "../sessions.ts";
import { Views } from "../sweep.ts";
import { type Context, type Invariant, saysUserOnly } from "./invariant.ts";

/** What takes a dyno's disk with it. */
const DYNO_LOSS: readonly FaultKind[] = ["kill", "restart", "deploy", "scale"];

/** Two dynos, and not one that is not known. */
const areTwo = (one: string | null, two: string | null) =>
  one !== null && two !== null && one !== two;

interface Known {
  /** The answer that showed the session last. */
  seen: Step | null;
  /** The answer that said last when it ends. */
  stated: Step | null;
}

/**
 * 3, 7 and 8: a session that was acknowledged, was not ended and has not expired is there. Where it is not, that is an
 * outage taken for an end (8) where a fault or a 5xx happened since it was seen last, an early expiry (7) in the second half
 * of the time that it was given or on a dyno with a wrong clock, a disagreement (6) where only the page or next-auth misses
 * it, and otherwise a loss (3). Where no session was ever shown by two dynos, another dyno misses it (3) without any fault.
 */
export function kept(context: Context): Invariant {
  const { people, moves, findings, skewMs, clockErrorMs, shortestMs, lost } = context;
  const sessions = new Map<Session, Views<Known>>();
  const missing = new Set<Session>();
  const finder = (kinds: readonly FaultKind[]) => faultFinder(people.faults, kinds, clockErrorMs);
  const findStoreLoss = finder(STORE_LOSS);
  // neither is an outage
  const findAny = finder(FAULT_KINDS.filter((kind) => kind !== "stall" && kind !== "clock-skew"));
  const wrongClocks = people.faults.filter(({ fault }) => fault === "clock-skew");
  const isShared = people.steps.some(
    ({ op, received, outcome }) =>
      outcome === "ok" && received?.first && areTwo(op.dyno, received.first.op.dyno),
  );
  const unsureOf = new Map<Session, Step>();
  let unsure: Step | undefined;

  function misses(step: Step, session: Session): boolean {
    if (isMover(step)) return moves.losing.has(step);
    if (step.op.op === "sign-out" || isOfList(step)) return false;
    if (saysUserOnly(step))
      return session.user !== null && step.op.user === null && !missing.has(session);
    return step.received !== session;
  }

  function mayHaveEnded(session: Session, step: Step): boolean {
    const end = (step.op.end ?? step.op.start) + clockErrorMs;
    // by start, so the second is enough where the first is the step itself
    return session.enders.slice(0, 2).some((ender) => ender !== step && ender.op.start <= end);
  }

  const finders = new Map<string | null, FindFault>();
  /** The fault that took a dyno with all that it had: of shared sessions any, or else the one that showed the session. */
  function findDynoLoss({ op: { dyno } }: Step, from: number, to: number): Operation | undefined {
    const holder = isShared ? null : dyno;
    const mayHit = (fault: Operation) => !areTwo(fault.dyno, holder);
    const find = entry(finders, holder, () =>
      faultFinder(people.faults.filter(mayHit), DYNO_LOSS, clockErrorMs),
    );
    return find(from, to);
  }

  /** The fault that made the clock of the dyno wrong that answered. */
  const wrongClockOf = ({ start, end, dyno }: Operation) =>
    wrongClocks.find(
      (one) => one.dyno === dyno && one.start <= (end ?? start) && (one.end ?? Infinity) >= start,
    );

  function unsureSince(seen: Step, session: Session): Step | undefined {
    const own = unsureOf.get(session);
    return [own, unsure].find((one) => one && one.op.start >= seen.op.start);
  }

  function report(session: Session, step: Step, { seen, stated }: Known): void {
    if (seen === null || mayHaveEnded(session, step)) return;
    const { start, end } = step.op;
    const expiry = stated?.op.expiresAt ?? seen.op.start + shortestMs;
    if ((end ?? start) >= expiry - skewMs) return;
    missing.add(session);
    lost.add(session.lineage);
    const name = `Session \`${session.fingerprint}\``;
    const during = [seen.op.start, end ?? start] as const;
    const storeLoss = findStoreLoss(...during);
    const dynoLoss = findDynoLoss(seen, ...during);
    const outage = findAny(...during) ?? unsureSince(seen, session)?.op;
    const wrongClock = wrongClockOf(step.op);
    if (storeLoss)
      findings.violate("after-store-loss", `${name} did not survive what hit its store.`, [
        seen,
        storeLoss,
        step,
      ]);
    else if (isShared && wrongClock)
      findings.violate("not-early", `${name} is gone on a dyno whose clock is wrong.`, [
        seen,
        wrongClock,
        step,
      ]);
    else if (dynoLoss)
      findings.violate("after-dyno-loss", `${name} did not survive its dyno.`, [
        seen,
        dynoLoss,
        step,
      ]);
    else if (!isShared && areTwo(step.op.dyno, seen.op.dyno))
      findings.violate("kept", `${name} is not there on another dyno.`, [seen, step]);
    else if (outage)
      findings.violate(
        "outage-is-5xx",
        `${name} is answered as "no session" after an outage, although nothing ended it.`,
        [seen, outage, step],
      );
    else if (stated && start - (stated.op.end ?? 0) >= (expiry - (stated.op.end ?? 0)) / 2)
      findings.violate(
        "not-early",
        `${name} is gone ${expiry - (end ?? start)} ms before its expiry.`,
        [stated, step],
      );
    else if (saysUserOnly(step))
      findings.violate(
        "surfaces-agree",
        `The ${step.op.op === "page" ? "page" : "answer of next-auth"} says that nobody is signed in, where the API says \`${session.user}\`.`,
        [seen, step],
      );
    else if (isMover(step))
      findings.violate("seen", `${name} had data, and the new one has none of it.`, [seen, step]);
    else findings.violate("kept", `${name} is gone, although nothing ended it.`, [seen, step]);
  }

  return {
    start(step) {
      const { op, outcome, brought } = step;
      if (outcome === "info") {
        if (brought) unsureOf.set(brought, step);
        unsure = step;
      }
      if (outcome !== "ok" || brought === null) return;
      const known = sessions
        .get(brought)
        ?.seenBy(op.runner)
        .find(({ seen }) => seen !== null);
      if (!known?.seen) return;
      const outage =
        findAny(known.seen.op.start, op.end ?? op.start) ?? unsureSince(known.seen, brought);
      findings.check(outage ? 8 : 3);
      const { stated } = known;
      const isLate = stated && op.start >= ((stated.op.end ?? 0) + (stated.op.expiresAt ?? 0)) / 2;
      if (isLate || (isShared && wrongClockOf(op))) findings.check(7);
      if (misses(step, brought)) report(brought, step, known);
      return undefined;
    },
    learn(step, runner) {
      const { op, received } = step;
      if (received === null) return;
      const known = entry(
        sessions,
        received,
        () => new Views<Known>(() => ({ seen: null, stated: null })),
      ).of(runner);
      known.seen = step;
      if (op.expiresAt !== undefined) known.stated = step;
    },
  };
}
