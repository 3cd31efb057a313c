// Keeps a comment that found no line in this browser, on the reader's word, and sends it only on another word.
// What is kept is a list of forms, each with its fields as they would have been sent. Everything works without it.
(() => {
  const KEY = "nashra-postbox";
  const MOST = 20;
  // What cannot be sent because nobody answers, or only a gateway that finds nobody behind it.
  const NO_LINE = [0, 502, 504];
  // A place that answers, and takes no posts.
  const NO_DESK = [404, 405, 501];
  const words = document.querySelector("template.postbox");
  if (!words) return;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || [];
    } catch {
      return [];
    }
  };
  // Says whether this browser keeps anything at all.
  const write = (kept) => {
    try {
      if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept));
      else localStorage.removeItem(KEY);
      return true;
    } catch {
      return false;
    }
  };
  const fields = (form) => [...new FormData(form)];
  const drop = (id) => write(read().filter((each) => each.id !== id));

  const put = (form, part) => {
    for (const old of form.querySelectorAll(".postbox")) old.remove();
    form.append(words.content.querySelector(part).cloneNode(true));
    return form.lastElementChild.firstElementChild;
  };
  const say = (form) => {
    const place = form.querySelector(".kept p");
    const said = navigator.onLine && !form.querySelector(".lost") ? place.dataset.line : place.dataset.kept;
    if (place.textContent !== said) place.textContent = said;
  };
  const tie = (form, id) => {
    form.dataset.kept = id;
    put(form, ".kept");
    say(form);
  };
  const offer = ({ id, fields, story }) => {
    const place = words.content.querySelector(".offer").cloneNode(true);
    const form = place.firstElementChild;
    for (const [name, value] of fields) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.prepend(field);
      const shown = form.querySelector("." + name + "-kept");
      if (shown) shown.textContent = value;
    }
    const headline = form.querySelector(".headline-kept");
    if (story) headline.textContent = story;
    else headline.parentElement.remove();
    document.querySelector("main").prepend(place);
    tie(form, id);
  };
  // Looks at what is kept and whether there is a line; asks nobody but the browser.
  const look = (event) => {
    const kept = read();
    let shown = false;
    for (const form of document.querySelectorAll("form[data-kept]")) {
      if (event && event.type === "online") for (const lost of form.querySelectorAll(".lost")) lost.remove();
      if (kept.some(({ id }) => id === form.dataset.kept)) {
        shown = true;
        say(form);
      } else if (form.ariaBusy !== "true") {
        delete form.dataset.kept;
        (form.closest(".offer") || form.querySelector(".postbox")).remove();
      }
    }
    if (kept.length && !shown) offer(kept[0]);
  };

  document.addEventListener("lost", ({ target: form, detail: status }) => {
    if (!form.elements.text || !form.elements.story) return;
    // A saved page, or a copy at a place where nobody takes posts: no waiting helps there.
    if (!location.protocol.startsWith("http") || NO_DESK.includes(status)) {
      const home = document.querySelector("link[rel=canonical]");
      form.querySelector(".lost").textContent = words.dataset.away + (home ? " " + home.href : "");
    } else if (form.dataset.kept) say(form);
    else if (NO_LINE.includes(status) && read().length < MOST && write(read())) put(form, ".ask");
  });

  document.addEventListener("answered", ({ target: place, detail: { form, ok, button } }) => {
    const id = form.dataset.kept;
    if (!id) return;
    const text = place.querySelector("[name=text]");
    if (!text) {
      if (ok) drop(id);
      return look();
    }
    const fresh = text.form;
    const kept = read();
    const mine = kept.find((each) => each.id === id);
    if (!mine) return;
    const before = Object.fromEntries(mine.fields);
    // Where another window was quicker its token counts, so that whatever is sent is sent once.
    if (before.token && before.token !== (form.elements.token || {}).value && fresh.elements.token) {
      if (before.text !== text.value || before.name !== fresh.elements.name.value) return;
      for (const name of ["token", "receipt"]) fresh.elements[name].value = before[name];
      place.querySelector(".receipt code").textContent = before.receipt;
    } else if (ok) {
      mine.fields = fields(fresh);
      write(kept);
    }
    // The page may hold the same names already, in its own form.
    if (place.matches(".offer")) {
      for (const name of ["id", "for", "aria-describedby"]) {
        for (const each of place.querySelectorAll(`[${name}]`)) {
          each.setAttribute(name, each.getAttribute(name).replace(/\S+/g, "kept-$&"));
        }
      }
    }
    tie(fresh, id);
    const asks = !fresh.elements.token || place.querySelector("[role=alert]");
    // What follows its preview faster than anybody reads waits longer for a moderator.
    if (button && button.closest(".postbox") && !asks && fresh.requestSubmit) setTimeout(() => fresh.requestSubmit(), 2100);
  });

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".postbox [type=button]");
    if (!button) return;
    const { form } = button;
    if (button.value === "keep") {
      const id = String(Math.random());
      const story = (document.querySelector("article.story h1, .on a bdi") || {}).textContent;
      if (!write([...read(), { id, fields: fields(form), story }])) return;
      tie(form, id);
      form.querySelector(".kept p").focus();
      return;
    }
    const place = form.closest(".offer") ? document.querySelector("main") : form.querySelector("button");
    if (button.value === "forget") {
      drop(form.dataset.kept);
      look();
    } else form.querySelector(".postbox").remove();
    place.tabIndex = -1;
    place.focus();
  });
  for (const name of ["online", "offline", "storage"]) addEventListener(name, look);
  look();
})();
