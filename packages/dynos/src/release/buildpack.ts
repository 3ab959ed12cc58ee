import { existsSync } from "node:fs";
import { join } from "node:path";
import { keptSecret } from "./config.ts";
import type { Buildpack, Config } from "./types.ts";

interface Language {
  /** A file in the app's folder that Heroku's buildpack detects the language by. */
  files: string[];
  /** Set unless a config var says otherwise. */
  defaults?: Config;
  /** Set whatever a config var says. */
  forced?: Config;
  /** One random value per app, the same on all dynos and in all releases. */
  secret?: string;
  /** What the log says besides. */
  note?: string;
  /** Folders in the source whose programs the build would have installed. */
  programs?: string[];
}

/**
 * What each classic buildpack sets when a dyno starts, in the order in which Heroku asks them. Ruby:
 * heroku-buildpack-ruby 0c80c93, lib/language_pack/helpers/default_env_vars.rb and ruby.rb; Node.js:
 * heroku-buildpack-nodejs 4f394e9, profile/nodejs.sh; Python: heroku-buildpack-python b4e7e72, bin/compile and vendor/*.sh,
 * with WEB_CONCURRENCY for 512 MB. PHP's (ff95c90) sets nothing but in its start script.
 */
const LANGUAGES: Record<string, Language> = {
  Ruby: {
    files: ["Gemfile"],
    defaults: {
      LANG: "en_US.UTF-8",
      MALLOC_ARENA_MAX: "2",
      PUMA_PERSISTENT_TIMEOUT: "95",
      RACK_ENV: "production",
      RAILS_ENV: "production",
      RAILS_LOG_TO_STDOUT: "enabled",
      RAILS_SERVE_STATIC_FILES: "enabled",
    },
    forced: { DISABLE_SPRING: "1" },
    secret: "SECRET_KEY_BASE",
    programs: ["vendor/bundle/bin"],
  },
  "Node.js": { files: ["package.json"], defaults: { NODE_ENV: "production" } },
  Python: {
    files: ["requirements.txt", "Pipfile", "poetry.lock", "uv.lock", "pyproject.toml", "manage.py"],
    defaults: {
      GUNICORN_CMD_ARGS: "--access-logfile -",
      LANG: "en_US.UTF-8",
      PYTHONPATH: "$HOME",
      WEB_CONCURRENCY: "2",
      WEB_CONCURRENCY_SET_BY: "heroku/python",
    },
    forced: { FORWARDED_ALLOW_IPS: "*", PYTHONUNBUFFERED: "true" },
    programs: [".venv/bin"],
  },
  PHP: {
    files: ["composer.json", "index.php"],
    programs: ["vendor/bin"],
    note: "Its start scripts heroku-php-apache2 and heroku-php-nginx, which set WEB_CONCURRENCY, are not on this machine. Sessions lie in the dyno's own /tmp, as PHP has it without a setting",
  },
};

/**
 * What Heroku's buildpack for the app's language would set; `null` if no language is detected.
 * @param folders the app's folder, and the one that its build leaves
 */
export function buildpackOf(app: string, folders: string[]): Buildpack | null {
  for (const [language, { files, defaults, forced, secret, note, programs = [] }] of Object.entries(
    LANGUAGES,
  )) {
    const detectedBy = files.find((file) => folders.some((each) => existsSync(join(each, file))));
    if (!detectedBy) continue;
    const made = secret ? { [secret]: keptSecret(app, secret) } : {};
    return {
      language,
      detectedBy,
      defaults: { ...defaults, ...made },
      forced: forced ?? {},
      ...(note ? { note } : {}),
      programs: folders
        .flatMap((each) => programs.map((folder) => join(each, folder)))
        .filter(existsSync),
    };
  }
  return null;
}

/** For the log: what was assumed. */
export function describeBuildpack(buildpack: Buildpack): string {
  const { language, detectedBy, defaults, forced, note } = buildpack;
  const names = Object.keys({ ...defaults, ...forced }).sort();
  const sets = names.length > 0 ? names.join(", ") : "nothing";
  return `${language} app (${detectedBy}). Set as by Heroku's buildpack: ${sets}${note ? `. ${note}` : ""}`;
}
