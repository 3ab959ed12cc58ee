import type { Session } from "../contract.ts";
import { fingerprint } from "../store/ids.ts";
import type { SessionInfo, SessionMethods } from "./app-session.ts";

/** What a session says about itself. */
export function toInfo({ id, createdAt, expiresAt }: Session): SessionInfo {
  return {
    fingerprint: fingerprint(id),
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  };
}

/** Not enumerable, so that `{ ...session }` and JSON see the fields alone. */
export function toHidden<T extends object>(
  methods: SessionMethods<T>,
  around: <R>(work: () => Promise<R>) => Promise<R>,
): PropertyDescriptorMap {
  return {
    info: { get: () => methods.info },
    cookie: { value: methods.cookie },
    save: { value: () => around(methods.save) },
    update: { value: (change: never) => around(() => methods.update(change)) },
    regenerate: { value: (more: never) => around(() => methods.regenerate(more)) },
    destroy: { value: () => around(methods.destroy) },
  };
}
