/** What every store of express-session gets: the options that its README recommends behind a proxy. */
export const options = {
  secret: process.env.SESSION_SECRET,
  resave: false, // the stores here have `touch`; `true` lets a parallel request write old data back
  saveUninitialized: false,
  cookie: { secure: true, sameSite: "lax", maxAge: 14 * 24 * 60 * 60 * 1000 },
};
