import { errors } from "undici";

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** What became of an attempt to connect to a dyno. */
export function connectFailure(error: unknown): "H19" | "H21" {
  return codeOf(error) === "ETIMEDOUT" ? "H19" : "H21";
}

/** The HTTP client will not send such a request; no dyno is to blame. */
export function isRefusedRequest(error: unknown): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED";
}

/** What the dyno answers is not HTTP, or nothing that could be passed on as such. */
export function isUnreadableAnswer(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return (
    error instanceof errors.HTTPParserError ||
    error instanceof errors.ResponseContentLengthMismatchError ||
    error instanceof errors.HeadersOverflowError ||
    // Node's own, when it will not write such a head.
    code.startsWith("ERR_")
  );
}
