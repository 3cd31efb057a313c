/* Brings the press's page up to date: each second while something happens, now and then otherwise, and
   never while nobody looks. Without it the page is complete, and its "Refresh" link does the same. */
(() => {
  "use strict";
  const LIVELY_MS = 1000;
  const QUIET_MS = 5000;
  const SILENT_MS = 5000;
  const page = document.getElementById("press");
  const silent = page.querySelector("[data-silent]");
  const says = page.querySelector("[data-says]");
  let timer = 0;
  let isAsking = false;
  let said = null;

  // Whoever reads a detail or is about to follow a link must not lose it.
  const isInUse = (part) => part.contains(document.activeElement) || part.querySelector("details[open]");

  function takeIn(news) {
    let isComplete = true;
    for (const fresh of news.querySelectorAll("[data-part]")) {
      const part = page.querySelector(`[data-part="${fresh.dataset.part}"]`);
      if (!part || part.innerHTML === fresh.innerHTML) continue;
      if (isInUse(part)) isComplete = false;
      else part.innerHTML = fresh.innerHTML;
    }
    if (isComplete) page.dataset.mark = news.dataset.mark;
    page.dataset.lively = news.dataset.lively;
    if (said !== null && said !== news.dataset.says) says.textContent = news.dataset.says;
    said = news.dataset.says;
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    let pause = SILENT_MS;
    try {
      const address = new URL(page.dataset.news, window.location.href);
      address.search = window.location.search;
      address.searchParams.set("mark", page.dataset.mark);
      const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      const news = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-news]");
      if (!answer.ok || !news) throw new Error(answer.statusText);
      takeIn(news);
      silent.hidden = true;
      pause = page.dataset.lively === "yes" ? LIVELY_MS : QUIET_MS;
    } catch (error) {
      silent.textContent = page.dataset.silence;
      silent.hidden = false;
    }
    isAsking = false;
    plan(pause);
  }

  function plan(pause) {
    window.clearTimeout(timer);
    if (!document.hidden) timer = window.setTimeout(ask, pause);
  }

  document.addEventListener("visibilitychange", () => plan(0));
  plan(page.dataset.lively === "yes" ? LIVELY_MS : QUIET_MS);
})();
