/** Seconds that each part takes on two cores, until this run has measured them itself. */
const usual: Record<string, number> = {
  up: 6,
  restart: 15,
  scale: 20,
  deploy: 30,
  "store-restart": 20,
  cost: 15,
};
const other = 5;

/** How long is still to go, by what this run has measured so far. */
export function createEstimate(jobs: string[], lanes: number) {
  const measured = new Map<string, number[]>();
  const left = [...jobs];
  const secondsOf = (job: string) => {
    const times = measured.get(job);
    if (!times) return usual[job] ?? other;
    return times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
  };
  return {
    done(job: string, seconds: number) {
      measured.set(job, [...(measured.get(job) ?? []), seconds]);
      this.skip(job);
    },
    /** It will not take any time after all. */
    skip(job: string) {
      const index = left.indexOf(job);
      if (index >= 0) left.splice(index, 1);
    },
    secondsLeft: () => left.reduce((sum, job) => sum + secondsOf(job), 0) / lanes,
    total: jobs.length,
    finished: () => jobs.length - left.length,
  };
}

/** "about 3 min", "about 40 s". */
export function roughly(seconds: number): string {
  if (seconds >= 90) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.max(5, Math.round(seconds / 5) * 5)} s`;
}
