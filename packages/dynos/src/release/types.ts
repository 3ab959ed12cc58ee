/** Config vars by name. */
export type Config = Readonly<Record<string, string>>;

/** Process types and their commands, in the order of the file. */
export type Procfile = ReadonlyMap<string, string>;

/** What Heroku's buildpack for the app's language sets when a dyno starts. */
export interface Buildpack {
  readonly language: string;
  /** The file that it was detected by. */
  readonly detectedBy: string;
  /** A config var wins over them. */
  readonly defaults: Config;
  /** They win over a config var. */
  readonly forced: Config;
  /** Folders of the source with programs that Heroku's build would have installed. */
  readonly programs: readonly string[];
  /** What the log says besides. */
  readonly note?: string;
}

/** What every dyno of a release gets a copy of. */
export interface Slug {
  readonly folder: string;
  readonly procfile: Procfile;
  /** `null` if no language was detected. */
  readonly buildpack: Buildpack | null;
}

/** A slug and the config vars that it runs with. */
export interface Release {
  readonly version: number;
  readonly description: string;
  readonly createdAt: Date;
  readonly slug: Slug;
  readonly config: Config;
  status: "pending" | "succeeded" | "failed";
}

/** A line of `dynos releases`. */
export interface ReleaseStatus {
  /** `v1` */
  readonly version: string;
  readonly status: Release["status"];
  readonly description: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly current: boolean;
}

/** The releases of one app. */
export interface Releases {
  /** Adds a release, with status `pending`. */
  add(description: string, slug: Slug, config: Config): Release;
  /** Makes a release the current one. Deletes slugs that are too old to go back to. */
  succeed(release: Release): void;
  /** Throws when there is none yet. */
  current(): Release;
  /** The release to go back to: the named one (`v3` or `3`), or the last one that worked before the current one. Throws when there is none. */
  find(name?: string): Release;
  /** The newest first. */
  list(): ReleaseStatus[];
}
