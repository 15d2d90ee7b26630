// Waiting for what is wanted, with a deadline; never for a length of time.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks `look` until it answers something true, which is handed back. An error that it throws counts as "not yet" and is
// told when time is up.
export async function until(what, look, { within_ms = 20_000, every_ms = 25 } = {}) {
  const deadline = Date.now() + within_ms;
  for (;;) {
    let last = 'it never was';
    try {
      const answer = await look();
      if (answer) return answer;
    } catch (error) {
      if (error.final) throw error;
      last = error.message;
    }
    if (Date.now() > deadline) throw new Error(`waited ${within_ms} ms for: ${what} (${last})`);
    await pause(every_ms);
  }
}
