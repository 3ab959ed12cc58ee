/** What is done with a command that stands in a document. */
export type Rule = { command: RegExp } & (
  | { needs: "a Heroku account" | "a server with Dokku" | "packages that the peers alone use" }
  /** The test command runs all tests, this one too. */
  | { is: "the test command" | "the name of a command" }
  /** Another test runs it; `says` stands in that file, so that this cannot become untrue unnoticed. */
  | { testedBy: string; says: string }
  | Play
);

type Play =
  /** In the foreground until the document ends, and then Ctrl-C. */
  | { bringsUp: "an app" }
  /** Runs until it says this, and then Ctrl-C. */
  | { saysThenCtrlC: RegExp }
  /** Run to its end, with the addresses of the app that is up and of its events, or in a shorter form where there is `as`. */
  | { runs: true; as?: (command: string, url: string, events: string) => string };

export type Played = Rule & Play;

export const isPlayed = (rule: Rule | undefined): rule is Played =>
  rule !== undefined && ("bringsUp" in rule || "saysThenCtrlC" in rule || "runs" in rule);
