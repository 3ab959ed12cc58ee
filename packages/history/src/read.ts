import { createReadStream } from "node:fs";
import { FAULT_KINDS, OPERATION_KINDS, type Operation } from "./operation.ts";

/** A file that is not a history. The message names the file, the line and the field. */
export class UnusableHistoryError extends Error {
  override name = "UnusableHistoryError";
}

/**
 * Reads histories of one or several runners, in any order.
 * @param files paths; `-` is the standard input
 * @param onProgress is told from time to time how many operations have been read
 * @throws UnusableHistoryError where a file cannot be read or a line is not an operation
 */
export async function readHistory(
  files: readonly string[],
  onProgress: (operations: number) => void = () => {},
): Promise<Operation[]> {
  const operations: Operation[] = [];
  const parse = createParser();
  for (const file of files) {
    let number = 0;
    for await (const lines of linesOf(file)) {
      for (const line of lines) {
        number += 1;
        if (line.trim() === "") continue;
        const operation = parse(line, `${file === "-" ? "standard input" : file}:${number}`);
        if (operation) operations.push(operation);
      }
      onProgress(operations.length);
    }
  }
  return operations;
}

async function* linesOf(file: string): AsyncGenerator<string[]> {
  const stream = file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  stream.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of stream) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield lines;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const reason = code === "ENOENT" ? "There is no such file" : message;
    throw new UnusableHistoryError(`${file}: ${reason}.`);
  }
  if (rest !== "") yield [rest];
}

/** Equal strings are kept once: a million operations repeat a few thousand fingerprints. */
function createParser(): (line: string, where: string) => Operation | undefined {
  const strings = new Map<string, string>();
  const once = (text: string) => {
    const known = strings.get(text);
    if (known === undefined) strings.set(text, text);
    return known ?? text;
  };

  return (line, where) => {
    const fail = (what: string): never => {
      throw new UnusableHistoryError(`${where}: ${what}`);
    };
    let json: Record<string, unknown>;
    try {
      json = JSON.parse(line);
    } catch {
      return fail(
        `Not JSON: \`${line.slice(0, 60)}\`. A history has one JSON object on each line.`,
      );
    }
    if (typeof json !== "object" || json === null || Array.isArray(json))
      return fail("Not a JSON object.");

    const wrong = (field: string, wanted: string): never =>
      fail(`\`${field}\` is ${JSON.stringify(json[field]) ?? "missing"}; it has to be ${wanted}.`);
    const name = (field: string): string => {
      const value = json[field] ?? "";
      if (typeof value === "number") return once(String(value));
      return typeof value === "string" ? once(value) : wrong(field, "a string or a number");
    };
    const text = (field: string): string | null => {
      const value = json[field] ?? null;
      if (value === null) return null;
      return typeof value === "string" ? once(value) : wrong(field, "a string or null");
    };
    const texts = (field: string): string[] => {
      const value = json[field];
      const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
      return isList ? value.map(once) : wrong(field, "a list of strings");
    };
    const number = (field: string): number => {
      const value = json[field];
      return typeof value === "number" && Number.isFinite(value) ? value : wrong(field, "a number");
    };
    const numberOrNull = (field: string) => ((json[field] ?? null) === null ? null : number(field));

    // a remark of the recorder's
    if (json.op === "message") return undefined;
    const { op, fault } = json as { op: Operation["op"]; fault?: Operation["fault"] };
    if (op !== "fault" && !OPERATION_KINDS.includes(op))
      return wrong("op", `one of ${[...OPERATION_KINDS, "fault"].join(", ")}`);
    if (op === "fault" && !(fault && FAULT_KINDS.includes(fault)))
      return wrong("fault", `one of ${FAULT_KINDS.join(", ")}`);
    if (op !== "fault" && json.visitor === undefined)
      return wrong("visitor", "a string or a number");
    const operation: Operation = {
      op,
      runner: name("runner"),
      visitor: name("visitor"),
      tab: name("tab"),
      start: number("start"),
      end: numberOrNull("end"),
      brought: json.brought === undefined && op !== "fault" ? undefined : text("brought"),
      received: text("received"),
      visits: numberOrNull("visits"),
      user: text("user"),
      status: op === "fault" ? 0 : number("status"),
      dyno: text("dyno"),
      bootId: text("bootId"),
      // most lines have these: in the literal they take a tenth less memory than when they are added
      note: json.note === undefined ? undefined : text("note"),
      expiresAt: (json.expiresAt ?? null) === null ? undefined : milliseconds(json.expiresAt),
    };
    if (operation.end !== null && operation.end < operation.start)
      return wrong("end", `\`start\` (${operation.start}) or later, or null`);
    if (op === "fault") operation.fault = fault;
    if (fault === "clock-skew") operation.skewMs = number("skewMs");
    if (json.sessions !== undefined) operation.sessions = texts("sessions");
    if (op === "end" && operation.sessions?.length !== 1)
      return wrong("sessions", "a list of one fingerprint");
    if (json.copy === true) operation.copy = true;
    if (Number.isNaN(operation.expiresAt)) return wrong("expiresAt", "milliseconds or ISO 8601");
    return operation;
  };
}

function milliseconds(time: unknown): number {
  return typeof time === "number" ? time : Date.parse(String(time));
}
