/**
 * The type itself where JSON can hold it; where it cannot (a Date, a Map, a function, a bigint), `never` in its
 * place, so that the compiler points at the field. A type alias of its own because an interface has no index
 * signature and so never extends `JsonObject`.
 */
export type JsonFields<T> = {
  [K in keyof T]: T[K] extends string | number | boolean | null | undefined
    ? T[K]
    : T[K] extends (...args: never[]) => unknown
      ? never
      : T[K] extends object
        ? JsonFields<T[K]>
        : JsonPart<T[K]>;
};

/** For unions such as `string | { a: number }`: each member by itself. */
type JsonPart<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends (...args: never[]) => unknown
    ? never
    : T extends object
      ? JsonFields<T>
      : never;
