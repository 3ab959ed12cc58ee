import { randomUUID } from "node:crypto";
import { bootId, dynoName, SessionBusyError, SessionStoreError } from "@repo/session";
import { Answer } from "@repo/ui/answer";
import { Facts } from "@repo/ui/facts";
import { ForgetForm } from "@repo/ui/forget-form";
import { HttpsHint } from "@repo/ui/https-hint";
import { ProblemMessage, problemOf } from "@repo/ui/problem";
import { SignIn } from "@repo/ui/sign-in";
import { Strip } from "@repo/ui/strip";
import { VisitForm } from "@repo/ui/visit-form";
import { headers } from "next/headers";
import { body } from "@/answer";
import { forget, visit } from "@/app/actions";
import { HowItWorks } from "@/how-it-works";
import { getSession } from "@/session";
import pkg from "../../package.json";

interface Props {
  searchParams: Promise<{ refused?: string }>;
}

export default async function Page({ searchParams }: Props) {
  const { refused } = await searchParams; // by proxy.ts: a form that another site sent
  const { outcome, session } = await look();
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
        <Answer dyno={dyno} bootId={bootId()} outcome={outcome} visits={session?.visits ?? null} />
        <Strip request={{ key: randomUUID(), dyno, outcome }} />
        <section aria-label="Your session">
          {outcome === "unknown" && <ProblemMessage problem={problemOf(503)} />}
          <VisitForm visit={visit} />
          {session && <Facts session={session} />}
        </section>
        <section aria-label="Sign-in">
          <SignIn user={session?.user ?? null} hasGitHub={hasGitHub()} />
        </section>
        {session && (
          <section aria-label="Forget me">
            <ForgetForm forget={forget} />
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

/** Asked at each request: the build knows no config vars. */
const hasGitHub = () => Boolean(process.env.GITHUB_ID && process.env.GITHUB_SECRET);

/** The session, where the store can say. */
async function look() {
  try {
    const found = await getSession();
    return { outcome: found.cookie, session: body(found).session };
  } catch (error) {
    const isKnown = error instanceof SessionStoreError || error instanceof SessionBusyError;
    if (!isKnown) throw error;
    return { outcome: "unknown" as const, session: null };
  }
}
