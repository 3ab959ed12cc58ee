// next-auth 4 with its default: the session is an encrypted JWT in the cookie. As in its documentation.
import Credentials from "next-auth/providers/credentials";

export const authOptions = {
  providers: [
    Credentials({
      credentials: { name: { label: "Name" } },
      authorize: ({ name }) => (name ? { id: name, name } : null),
    }),
  ],
};
