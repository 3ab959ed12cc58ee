"use server";

import {
  NotSignedInError,
  SessionBusyError,
  SessionConflictError,
  SessionStoreError,
  SessionTooLargeError,
} from "@repo/session";
import { type Problem, problemOf } from "@repo/ui/problem";
import type { VisitState } from "@repo/ui/session-forms";
import { refresh } from "next/cache";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { endSession as endMySession, endOtherSessions, getSession } from "@/session";

export async function visit(_: VisitState, form: FormData): Promise<VisitState> {
  const note = String(form.get("note") ?? "");
  const problem = await attempt(async () => {
    const session = await getSession();
    await session.update((fields) => {
      fields.visits = (fields.visits ?? 0) + 1;
      if (note) fields.note = note;
    });
  });
  return { problem, note: problem ? note : "" };
}

export async function endSession(): Promise<Problem | null> {
  return attempt(async () => {
    const session = await getSession();
    await session.destroy();
  });
}

/** One of the sessions of the signed-in user. Succeeds if it has already ended. */
export async function endOne(_: Problem | null, form: FormData): Promise<Problem | null> {
  return attempt(async () => {
    await endMySession(String(form.get("fingerprint") ?? ""));
  });
}

export async function endOthers(): Promise<Problem | null> {
  return attempt(async () => {
    await endOtherSessions();
  });
}

/** Runs `work`, then shows the page again. Returns the problem where `work` fails with one that the visitor can understand. */
async function attempt(work: () => Promise<void>): Promise<Problem | null> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SessionTooLargeError) return problemOf(413, error.maxBytes);
    if (error instanceof SessionStoreError) return problemOf(503);
    if (error instanceof SessionConflictError || error instanceof SessionBusyError) {
      return problemOf("busy");
    }
    // Ended from another device meanwhile: the page shows that nobody is signed in.
    if (!(error instanceof NotSignedInError)) throw error;
  }
  // Without JavaScript the response to the form is a page. A redirect, so that a reload does not repeat the visit.
  if (!(await headers()).has("next-action")) redirect("/");
  refresh();
  return null;
}
