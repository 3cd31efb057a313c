/* The moderators' queue with a script: keys, decisions without leaving the page, and what counts down.
   Everything works without it; where it fails, the form is sent as it would be without it. */
"use strict";
(() => {
  const KEYS_OFF = "nashra-queue-keys-off";
  const TYPED_IN = "input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]";
  const keysOn = document.getElementById("queue-keys-on");
  const keysList = document.getElementById("queue-keys-list");
  const said = document.getElementById("queue-said");
  let isSending = false;
  let shownAt_ms = performance.now();

  const region = () => document.getElementById("queue");
  const articles = () => [...region().querySelectorAll("article.queue-comment")];
  const current = () => document.activeElement.closest("#queue article.queue-comment");

  /* A browser that keeps nothing for us still has the keys, until the page is left. */
  function remembered() {
    try { return localStorage.getItem(KEYS_OFF) === null; } catch { return true; }
  }
  function remember(isOn) {
    try { isOn ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* as above */ }
  }

  function goTo(element) {
    if (!element) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "start" });
  }
  function step(by) {
    const all = articles();
    const at = all.indexOf(current());
    goTo(at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  }
  function press(key) {
    const article = current();
    const button = article && article.querySelector(`[data-key="${key}"]`);
    if (button) button.form.requestSubmit(button);
  }
  function undoLast() {
    const button = region().querySelector("[data-just-now] [data-undo]");
    if (button) button.form.requestSubmit(button);
  }

  const BY_PLACE = {
    KeyJ: () => step(1), KeyK: () => step(-1),
    KeyA: () => press("approve"), KeyR: () => press("reject"), KeyU: undoLast,
  };
  function onKey(event) {
    if (!keysOn.checked || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph")) return;
    if (event.target.closest(TYPED_IN) || document.querySelector("dialog[open], .w-dialog:not([aria-hidden=true])")) return;
    const asks = event.key === "?" || event.key === "؟" || (event.shiftKey && event.code === "Slash");
    const act = asks ? () => keysList.showModal() : !event.shiftKey && BY_PLACE[event.code];
    if (!act) return;
    event.preventDefault();
    /* Wagtail has a key "?" of its own. */
    event.stopImmediatePropagation();
    act();
  }

  /* The answer is the whole page as it stands now: our part of it takes the place of the old one. */
  async function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.append(button.name, button.value);
    const answer = await fetch(form.action, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("queue");
    if (!answer.ok || !fresh) throw new Error("no queue in the answer");
    region().replaceWith(document.adoptNode(fresh));
    history.replaceState(null, "", answer.url);
    const message = [...page.querySelectorAll(".messages li")].map((item) => item.textContent.trim()).join(" ");
    const latest = region().querySelector("[data-just-now] li p");
    settle();
    const next = document.getElementById(`comment-${form.elements.next ? form.elements.next.value : ""}`);
    goTo(next || articles()[0] || region().querySelector(".queue-empty"));
    /* What the page said when it was opened speaks of an earlier decision. */
    document.querySelectorAll(".messages li").forEach((item) => item.remove());
    said.textContent = message || (latest ? latest.textContent.trim() : "");
    said.classList.toggle("is-shown", Boolean(message));
  }
  function onSubmit(event) {
    const form = event.target;
    if (form.method !== "post" || "plain" in form.dataset || !form.closest("#queue")) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    region().setAttribute("aria-busy", "true");
    const button = event.submitter;
    send(form, button).catch(() => {
      /* Whoever sends a decision twice is told that it was taken: nothing is done twice. */
      if (button && button.name) form.append(Object.assign(document.createElement("input"),
        { type: "hidden", name: button.name, value: button.value }));
      form.submit();
    }).finally(() => { isSending = false; region().removeAttribute("aria-busy"); });
  }

  function tick() {
    const passed_s = (performance.now() - shownAt_ms) / 1000;
    const language = document.documentElement.lang;
    for (const line of region().querySelectorAll("[data-left-s]")) {
      const left_s = Math.ceil(Number(line.dataset.leftS) - passed_s);
      if (left_s > 0) line.querySelector(".queue-left").textContent = `(${left_s.toLocaleString(language)})`;
      else if (!line.contains(document.activeElement)) line.remove();
      else line.querySelector("button").disabled = true;
    }
    const list = region().querySelector("[data-just-now]");
    if (list && !list.querySelector("li")) list.remove();
    else if (list && !list.querySelector(":scope > ol > li")) list.querySelector("details").open = true;
  }
  function countChosen() {
    const boxes = [...region().querySelectorAll("input[name=chosen]")];
    const all = region().querySelector("[data-choose-all]");
    if (!all) return;
    const chosen = boxes.filter((box) => box.checked).length;
    region().querySelector("[data-chosen-count]").textContent = chosen.toLocaleString(document.documentElement.lang);
    all.closest("form").classList.toggle("has-chosen", chosen > 0);
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  function onChange(event) {
    if (event.target.matches("[data-choose-all]"))
      for (const box of region().querySelectorAll("input[name=chosen]")) box.checked = event.target.checked;
    if (event.target.closest("#queue")) countChosen();
  }

  /* What needs a script comes to sight; the server knows nothing of it. */
  function settle() {
    shownAt_ms = performance.now();
    const all = region().querySelector(".queue-chosen-all");
    if (all) all.hidden = false;
    countChosen();
    tick();
  }
  document.getElementById("queue-keys").hidden = false;
  keysOn.checked = remembered();
  keysOn.addEventListener("change", () => remember(keysOn.checked));
  document.getElementById("queue-keys-show").addEventListener("click", () => keysList.showModal());
  window.addEventListener("keydown", onKey, true);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("change", onChange);
  settle();
  setInterval(tick, 1000);
  goTo(location.hash.startsWith("#comment-") ? document.getElementById(location.hash.slice(1)) : null);
})();
