/** New dynos did not come up; the app stays as it is, and they are tried again later. */
export class DynosCrashed extends Error {
  override readonly name = "DynosCrashed";

  constructor(names: readonly string[]) {
    super(`[dynos] Not up: ${names.join(", ")}. The app's log says why: \`dynos logs\`.`);
  }
}
