// The countdown of the comment form, and posting without leaving the page. Everything works without it.
"use strict";
(() => {
  const clusters = new Intl.Segmenter(document.documentElement.lang, { granularity: "grapheme" });
  const local = (number, digits) => String(number).replace(/\d/g, (digit) => digits[digit]);
  let waiting;

  // Line ends are counted as the server counts them: one LF each, however they were typed or pasted.
  const left = (area, most) => {
    let count = 0;
    for (const _ of clusters.segment(area.value.replace(/\r\n?/g, "\n"))) count += 1;
    return most - count;
  };
  const count = (form) => {
    const area = form.elements.text;
    const place = form.querySelector(".countdown span");
    if (!place) return;
    const { max, digits } = form.dataset;
    const rest = left(area, max);
    // A minus would stand on the wrong side of local digits in some fonts: it goes before, as in print.
    place.textContent = (rest < 0 ? "\u2212" : "") + local(Math.abs(rest), digits) + " / " + local(max, digits);
    place.classList.toggle("over", rest < 0);
  };
  document.addEventListener("input", (event) => {
    if (event.target.name !== "text" || !event.target.form) return;
    // The live region speaks when the fingers rest, not at each key.
    clearTimeout(waiting);
    waiting = setTimeout(count, 150, event.target.form);
  });

  const tell = (element, name, detail) => element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  const show = (form, html, ok, button) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const part = answer.querySelector("main .in-place");
    const place = form.closest(".in-place");
    // A refusal that does not hold the text must not take the text's place.
    if (!part || (!ok && form.elements.text && !part.querySelector("[name=text]"))) return false;
    for (const back of part.querySelectorAll(".back")) back.remove();
    place.replaceChildren(...part.childNodes);
    // The page has its one first-rank heading already.
    const title = place.querySelector("h1");
    if (title) {
      const heading = document.createElement("h3");
      heading.append(...title.childNodes);
      title.replaceWith(heading);
    }
    const focus = place.querySelector("[aria-invalid], [role=alert], h3, textarea") || place;
    if (!focus.matches("input, textarea")) focus.tabIndex = -1;
    focus.focus();
    for (const shown of place.querySelectorAll(".comment-form")) count(shown);
    tell(place, "answered", { form, ok, button });
    return true;
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest(".in-place") || form.method !== "post") return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const fields = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) fields.set(event.submitter.name, event.submitter.value);
    let status = 0;
    try {
      const response = await fetch(form.action, { method: "POST", body: fields });
      const html = await response.text();
      ({ status } = response);
      if (!show(form, html, response.ok, event.submitter)) throw new Error("no page came back");
    } catch {
      let notice = form.querySelector(".lost");
      if (!notice) {
        notice = document.createElement("p");
        notice.className = "lost error";
        notice.setAttribute("role", "alert");
        form.append(notice);
      }
      notice.textContent = form.dataset.lost;
      tell(form, "lost", status);
    } finally {
      form.ariaBusy = null;
    }
  });
  // Browsers put typed text back when one returns to a page.
  for (const form of document.querySelectorAll(".comment-form")) count(form);
})();
