import { getServerSession } from "next-auth";
import { authOptions } from "../auth.js";

export default async function Page() {
  const session = await getServerSession(authOptions);
  return <main>{session?.user?.name ?? "not signed in"}</main>;
}
