"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { type Problem, ProblemMessage, problemOf } from "./problem.tsx";

interface Props {
  user: { name: string } | null;
  /** True where sign-in with GitHub is configured: next-auth's own page offers it. */
  hasGitHub: boolean;
}

/**
 * Signs in with a name, or out. Without JavaScript the forms lead to next-auth's own pages, which ask for the name
 * and carry its CSRF token.
 */
export function SignIn({ user, hasGitHub }: Props) {
  const router = useRouter();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isPending, setPending] = useState(false);
  const id = useId();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!event.currentTarget.reportValidity()) return;
    const name = String(new FormData(event.currentTarget).get("name") ?? "");
    setPending(true);
    setProblem(await postToAuth(user ? "signout" : "callback/credentials", user ? {} : { name }));
    setPending(false);
    router.refresh();
  }

  if (user)
    return (
      <form action="/api/auth/signout" onSubmit={submit}>
        <p>
          Signed in as <strong>{user.name}</strong>
        </p>
        <div className="row">
          <button type="submit" disabled={isPending}>
            Sign out
          </button>
        </div>
        <ProblemMessage problem={problem} />
      </form>
    );

  // Without JavaScript the field is hidden, and the browser would refuse to submit a hidden field that is required.
  return (
    <form action="/api/auth/signin" onSubmit={submit} noValidate>
      <label className="needs-script" htmlFor={`${id}name`}>
        Sign in with a name. This is a demo: anyone can use any name.
      </label>
      <div className="row">
        <input
          className="needs-script"
          id={`${id}name`}
          name="name"
          autoComplete="off"
          maxLength={100}
          required
        />
        <button type="submit" disabled={isPending}>
          Sign in
        </button>
      </div>
      {hasGitHub && (
        <p className="hint needs-script">
          Or <a href="/api/auth/signin">sign in with GitHub</a>.
        </p>
      )}
      <ProblemMessage problem={problem} />
    </form>
  );
}

/** Posts to next-auth with its CSRF token. Returns null on success. */
async function postToAuth(path: string, fields: Record<string, string>): Promise<Problem | null> {
  try {
    const csrf = await fetch("/api/auth/csrf");
    if (!csrf.ok) return problemOf(csrf.status);
    const { csrfToken } = await csrf.json();
    const body = new URLSearchParams({ ...fields, csrfToken, callbackUrl: "/", json: "true" });
    const response = await fetch(`/api/auth/${path}`, { method: "POST", body });
    if (response.ok) return null;
    const { maxBytes } = await response.json();
    return problemOf(response.status, maxBytes);
  } catch {
    return problemOf(0);
  }
}
