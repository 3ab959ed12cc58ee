/** next-auth is CommonJS: its default export comes wrapped or not, depending on who loads it. */
export function unwrap<T>(module: T): T {
  return (module as { default?: T }).default ?? module;
}
