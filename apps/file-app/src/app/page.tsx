import { randomUUID } from "node:crypto";
import {
  bootId,
  dynoName,
  SessionBusyError,
  SessionStoreError,
  SessionsNotListedError,
} from "@repo/session";
import { HttpsHint } from "@repo/ui/https-hint";
import { Outcome } from "@repo/ui/outcome";
import { ProblemMessage, problemOf } from "@repo/ui/problem";
import { SessionDetails } from "@repo/ui/session-details";
import { EndForm, VisitForm } from "@repo/ui/session-forms";
import { SignIn } from "@repo/ui/sign-in";
import { Strip } from "@repo/ui/strip";
import { YourSessions } from "@repo/ui/your-sessions";
import { headers } from "next/headers";
import { endOne, endOthers, endSession, visit } from "@/app/actions";
import { HowItWorks } from "@/how-it-works";
import { toBody } from "@/responses";
import { getSession, mySessions } from "@/session";
import pkg from "../../package.json";

interface Props {
  searchParams: Promise<{ refused?: string }>;
}

export default async function Page({ searchParams }: Props) {
  const { refused } = await searchParams; // set by proxy.ts for a form that another site sent
  const { sessionOutcome, session } = await findSession();
  const dyno = dynoName();
  return (
    <>
      <header className="top">
        <strong>{pkg.name}</strong>
        <span>Sessions across dynos</span>
      </header>
      <main>
        <ProblemMessage problem={refused === undefined ? null : problemOf(403)} />
        <HttpsHint headers={await headers()} />
        <Outcome
          dyno={dyno}
          bootId={bootId()}
          sessionOutcome={sessionOutcome}
          visits={session?.visits ?? null}
        />
        <Strip request={{ key: randomUUID(), dyno, sessionOutcome }} />
        <section aria-label="Your session">
          {sessionOutcome === "unknown" && <ProblemMessage problem={problemOf(503)} />}
          <VisitForm visit={visit} />
          {session && <SessionDetails session={session} />}
        </section>
        <section aria-label="Sign-in">
          <SignIn user={session?.user ?? null} hasGitHub={hasGitHub()} />
        </section>
        {session?.user && (
          <section aria-label="Your sessions">
            <h2>Your sessions</h2>
            {await showMySessions()}
          </section>
        )}
        {session && (
          <section aria-label="End session">
            <EndForm end={endSession} label="End session" />
          </section>
        )}
        <details>
          <summary>How it works</summary>
          <HowItWorks />
          <p>
            The strategy as it runs here: <a href="/source">session.ts and its stores</a>.
          </p>
        </details>
      </main>
    </>
  );
}

/** Called per request, because a build has no config vars. */
const hasGitHub = () => Boolean(process.env.GITHUB_ID && process.env.GITHUB_SECRET);

/** The sessions of the signed-in user; or why they are not shown. */
async function showMySessions() {
  try {
    const sessions = await mySessions();
    return <YourSessions sessions={sessions} endOne={endOne} endOthers={endOthers} />;
  } catch (error) {
    if (error instanceof SessionsNotListedError) return <p>{error.reason}</p>;
    if (error instanceof SessionStoreError) return <ProblemMessage problem={problemOf(503)} />;
    if (error instanceof SessionBusyError) return <ProblemMessage problem={problemOf("busy")} />;
    throw error;
  }
}

/** The session, and `unknown` where the store does not answer. */
async function findSession() {
  try {
    const found = await getSession();
    return { sessionOutcome: found.sessionOutcome, session: toBody(found).session };
  } catch (error) {
    const isKnown = error instanceof SessionStoreError || error instanceof SessionBusyError;
    if (!isKnown) throw error;
    return { sessionOutcome: "unknown" as const, session: null };
  }
}
