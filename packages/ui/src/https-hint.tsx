interface Props {
  headers: Pick<Headers, "get">;
}

/**
 * A browser keeps no `__Host-` cookie that comes over http, localhost aside: the visitor would be new for ever, and
 * never learn why. A hint and no redirect, because behind a proxy that does not say how it was asked that would loop.
 */
export function HttpsHint({ headers }: Props) {
  const host = headers.get("host") ?? "";
  const isOverHttp = headers.get("x-forwarded-proto") === "http";
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
  if (process.env.NODE_ENV !== "production" || !isOverHttp || isLocal) return null;
  return (
    <p className="problem">
      <strong>This page came over http.</strong> Your browser keeps a session’s cookie over https
      only: <a href={`https://${host}/`}>go there</a>.
    </p>
  );
}
