const { SESSION_SECRET, SESSION_SECRET_PREVIOUS, ROTATION } = process.env;

/** With the option `rotation` a new secret signs nobody out: the first one signs, and all of them verify. */
export const secrets = ROTATION
  ? [SESSION_SECRET, SESSION_SECRET_PREVIOUS].filter(Boolean)
  : [SESSION_SECRET];

/** What every store of express-session gets: the options that its README recommends behind a proxy. */
export const options = {
  secret: secrets,
  resave: false, // the stores here have `touch`; `true` lets a parallel request write old data back
  saveUninitialized: false,
  cookie: { secure: true, sameSite: "lax", maxAge: 14 * 24 * 60 * 60 * 1000 },
};
