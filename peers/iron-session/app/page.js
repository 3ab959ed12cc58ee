import { getSession } from "../session.js";

export default async function Page() {
  const { user, visits = 0 } = await getSession();
  return (
    <main>
      {user?.name ?? "not signed in"}, {visits} visits
    </main>
  );
}
