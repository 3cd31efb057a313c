// Solves the puzzle of a comment's preview while its words are being read. Everything works without it.
(() => {
  const begun = new WeakMap();

  const solve = async (form) => {
    const { algorithm, challenge, maxnumber, salt, signature } = JSON.parse(form.dataset.puzzle);
    const text = new TextEncoder();
    const wanted = BigInt("0x" + challenge.slice(0, 16));
    // A page that was left, or a form that was sent without, needs no answer.
    for (let number = 0; number <= maxnumber && form.isConnected && form.dataset.puzzle; number += 1) {
      const digest = await crypto.subtle.digest(algorithm, text.encode(salt + number));
      if (new DataView(digest).getBigUint64() !== wanted) continue;
      form.elements.solution.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      return;
    }
  };
  const look = () => {
    for (const form of document.querySelectorAll("form[data-puzzle]")) {
      if (begun.has(form)) continue;
      begun.set(form, solve(form).catch(() => {}).then(() => delete form.dataset.puzzle));
    }
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    // A button with a name asks for something else than to send.
    if (!form.dataset.puzzle || !form.requestSubmit || (event.submitter && event.submitter.name)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Whatever put the form here may have sent it in the same breath.
    look();
    await Promise.race([begun.get(form), new Promise((done) => setTimeout(done, 1500))]);
    // Sent without an answer, it waits longer for a moderator, and the reader no longer here.
    delete form.dataset.puzzle;
    form.requestSubmit(event.submitter);
  }, true);
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})();
