interface Props {
  headers: Pick<Headers, "get">;
}

/**
 * Browsers reject a `__Host-` cookie over http, except on localhost, so each request would start a new session. A hint
 * instead of a redirect, which would loop behind a proxy that does not set `X-Forwarded-Proto`.
 */
export function HttpsHint({ headers }: Props) {
  const host = headers.get("host") ?? "";
  const isOverHttp = headers.get("x-forwarded-proto") === "http";
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
  if (process.env.NODE_ENV !== "production" || !isOverHttp || isLocal) return null;
  return (
    <p className="problem">
      <strong>This page was loaded over http.</strong> Your browser keeps the session cookie only
      over https: <a href={`https://${host}/`}>open the page over https</a>.
    </p>
  );
}
