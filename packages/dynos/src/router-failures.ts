const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** What became of an attempt to connect to a dyno. */
export function connectFailure(error: unknown): "H19" | "H21" {
  const code = codeOf(error);
  return code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT" ? "H19" : "H21";
}

/** The HTTP client will not send such a request; no dyno is to blame. */
export function isRefusedRequest(error: unknown): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED";
}

/** The dyno answered something that is not HTTP. */
export function isUnreadableAnswer(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return (
    code.startsWith("HPE_") || code.startsWith("ERR_INVALID") || code === "UND_ERR_HEADERS_OVERFLOW"
  );
}
