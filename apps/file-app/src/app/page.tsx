import { randomUUID } from "node:crypto";
import { bootId, dynoName, SessionBusyError, SessionStoreError } from "@repo/session";
import { Answer } from "@repo/ui/answer";
import { Facts } from "@repo/ui/facts";
import { ForgetForm } from "@repo/ui/forget-form";
import { HowItWorks } from "@repo/ui/how-it-works";
import { HttpsHint } from "@repo/ui/https-hint";
import { ProblemMessage, problemOf } from "@repo/ui/problem";
import { SignIn } from "@repo/ui/sign-in";
import { Strip } from "@repo/ui/strip";
import { VisitForm } from "@repo/ui/visit-form";
import { headers } from "next/headers";
import { about } from "@/about";
import { body } from "@/answer";
import { forget, visit } from "@/app/actions";
import { getSession } from "@/session";

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
        <strong>{about.app}</strong>
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
        <HowItWorks sentences={about.how} />
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
