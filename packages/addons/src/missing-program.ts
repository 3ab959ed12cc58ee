export interface Ways {
  program: string;
  service: string;
  brew: string;
  apt: string;
  /** `docker run` with this, and what to tell the app about it. */
  docker: string;
  setting: string;
}

/** A server that an add-on needs and the machine does not have: the message says how to get it. */
export class MissingProgram extends Error {
  override readonly name = "MissingProgram";

  constructor({ program, service, brew, apt, docker, setting }: Ways) {
    const lines = [
      `[dynos] Missing program \`${program}\`, needed by the add-on \`${service}\`. One of these helps:`,
      `  macOS            brew install ${brew}`,
      `  Debian, Ubuntu   sudo apt-get install ${apt}`,
      `  Docker           docker run --rm -d ${docker}, then add --env ${setting}`,
    ];
    super(lines.join("\n"));
  }
}
