// Next's name for middleware. It says on every answer which dyno gave it.
import { randomBytes } from "node:crypto";
import { NextResponse } from "next/server";

const bootId = randomBytes(8).toString("hex");

export function proxy() {
  const headers = { "x-dyno": process.env.DYNO ?? "local", "x-boot-id": bootId };
  return NextResponse.next({ headers });
}
