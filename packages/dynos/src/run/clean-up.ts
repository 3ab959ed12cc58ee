import { environmentOf, listProcesses } from "@repo/addons/process-table";
import { endGroup, removeFolder, signalGroup } from "@repo/addons/processes";
import { dropRun, ownerLives, type Run, readRun } from "./record.ts";
import { knownApps } from "./state-folder.ts";

/** Ends the processes and removes the folders of apps whose own process was killed. Returns their names. */
export async function cleanUpKilledRuns(): Promise<string[]> {
  const cleaned: string[] = [];
  for (const app of knownApps()) {
    const run = readRun(app);
    if (!run || ownerLives(run)) continue;
    await endProcesses(run);
    await removeFolder(run.folder);
    dropRun(app);
    cleaned.push(app);
  }
  return cleaned;
}

async function endProcesses(run: Run): Promise<void> {
  const table = listProcesses();
  const ours = run.processes.filter(({ pid, started }) => {
    const leader = table.find((entry) => entry.pid === pid);
    if (leader) return leader.started === started;
    // The leader is gone; its children are ours when the run's folder is in their environment.
    const member = table.find((entry) => entry.group === pid);
    return member !== undefined && environmentOf(member.pid).includes(run.folder);
  });
  for (const { pid, endSignal } of ours) signalGroup(pid, endSignal);
  await Promise.all(ours.map(({ pid, endSignal }) => endGroup(pid, endSignal, 5_000)));
}
