"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { type Problem, ProblemMessage, problemOf } from "./problem.tsx";
import { loadRequests, type SeenRequest, saveRequests, withRequest } from "./requests.ts";
import { Legend, lostOf, Squares } from "./squares.tsx";

const VISITS = 20;

/** The last requests as squares, and a button that makes twenty more. */
export function Strip({ request }: { request: SeenRequest }) {
  const router = useRouter();
  const [requests, setRequests] = useState<SeenRequest[]>([]);
  const [made, setMade] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [announcement, announce] = useState("");
  const isStopped = useRef(false);

  function update(next: SeenRequest[]) {
    saveRequests(next);
    setRequests(next);
  }

  // This page is a request too: added once, by its key.
  useEffect(() => update(withRequest(loadRequests(), request)), [request.key]);

  async function visitMany() {
    const seen: SeenRequest[] = [];
    isStopped.current = false;
    setProblem(null);
    announce("");
    while (seen.length < VISITS && !isStopped.current) {
      setMade(seen.length);
      const result = await visit();
      if ("title" in result) {
        setProblem(result);
        break;
      }
      seen.push(result);
      update(withRequest(loadRequests(), result));
    }
    setMade(null);
    announce(`${seen.length} visits made, ${lostOf(seen)}.`);
    router.refresh();
  }

  return (
    <section aria-labelledby="strip" className="needs-script">
      <div className="row apart">
        <h2 id="strip">Your last requests</h2>
        {made === null ? (
          <button type="button" onClick={visitMany}>
            Visit {VISITS} times
          </button>
        ) : (
          <button
            type="button"
            onClick={() => {
              isStopped.current = true;
            }}
          >
            Stop after {made + 1}
          </button>
        )}
      </div>
      <Squares requests={requests} />
      <Legend requests={requests} />
      <ProblemMessage problem={problem} />
      <p className="hidden" role="status">
        {announcement}
      </p>
    </section>
  );
}

async function visit(): Promise<SeenRequest | Problem> {
  try {
    const { ok, status, headers } = await fetch("/api/session", { method: "POST" });
    if (!ok) return problemOf(status);
    return {
      key: crypto.randomUUID(),
      dyno: headers.get("x-dyno") ?? "unknown",
      sessionOutcome: headers.get("x-session") ?? "none",
    };
  } catch {
    return problemOf(0);
  }
}
