import type { Problem } from "./problem.tsx";
import { EndForm } from "./session-forms.tsx";
import { ago } from "./times.ts";

type End = (previous: Problem | null, form: FormData) => Promise<Problem | null>;

interface Listed {
  fingerprint: string;
  current: boolean;
  device: string | null;
  createdAt: Date;
  lastUsedAt: Date;
}

interface Props {
  sessions: Listed[];
  endOne: End;
  endOthers: End;
}

/** The sessions of the signed-in user, on all devices, each with a button that ends it. */
export function YourSessions({ sessions, endOne, endOthers }: Props) {
  const now = Date.now();
  return (
    <>
      <ul className="sessions">
        {sessions.map(({ fingerprint, current, device, createdAt, lastUsedAt }) => (
          <li key={fingerprint}>
            <span>
              <strong>{device ?? "Unknown browser"}</strong>
              {current && " (this one)"}
              <br />
              <span className="hint">
                <code>{fingerprint.slice(0, 6)}</code>, signed in {ago(createdAt.getTime(), now)},
                last used {ago(lastUsedAt.getTime(), now)}
              </span>
            </span>
            {!current && (
              <EndForm
                end={endOne}
                label={`End ${fingerprint.slice(0, 6)}`}
                fingerprint={fingerprint}
              />
            )}
          </li>
        ))}
      </ul>
      <EndForm end={endOthers} label="End all others" />
    </>
  );
}
