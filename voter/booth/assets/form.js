// Forms: what is missing is said below the field, and answers become the JSON the program expects.

// Small comforts of a fresh page: show and hide digits, jump to the next group of digits.
export function prepare(main) {
  for (const form of main.querySelectorAll("form")) {
    form.addEventListener("input", () => form.complained && complain(form, false));
  }
  for (const button of main.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.setAttribute("aria-pressed", String(hidden));
      button.textContent = hidden ? button.dataset.hide : button.dataset.show;
      field.focus();
    });
  }
  for (const pad of main.querySelectorAll("[data-keypad]")) keypad(pad);
  for (const box of main.querySelectorAll("[data-pick] input[type=checkbox]")) {
    box.addEventListener("change", () => limit(box.closest("form"), box));
  }
}

// Digits by touch, for the field that was touched last. The field is not given the focus: a kiosk
// would show the keyboard of the system over the page.
function keypad(pad) {
  const form = pad.closest("form");
  let field = form.querySelector("[data-secret]");
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-secret]")) field = target;
  });
  pad.addEventListener("click", ({ target }) => {
    const key = target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    const digits = key === "back" ? field.value.slice(0, -1) : field.value + key;
    field.value = digits.slice(0, field.maxLength);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// The third picture takes the place of the one picked first.
function limit(form, last) {
  const most = Number(form.dataset.pickCount);
  const order = (form.pickOrder ??= []);
  form.pickOrder = order.filter((b) => b !== last && b.checked);
  if (last.checked) form.pickOrder.push(last);
  while (form.pickOrder.length > most) form.pickOrder.shift().checked = false;
}

function mark(field, id, wrong) {
  const text = document.getElementById(id);
  if (text) text.hidden = !wrong;
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

// True when something is missing; the first such field gets the focus.
export function complain(form, focus = true) {
  form.complained = true;
  let first;
  const groups = new Set();
  for (const field of form.querySelectorAll("[required]")) {
    if (field.type === "radio" && groups.has(field.name)) continue;
    groups.add(field.name);
    const missing =
      field.type === "radio"
        ? !form.querySelector(`input[name="${field.name}"]:checked`)
        : field.type === "checkbox"
          ? !field.checked
          : field.value.trim() === "";
    mark(field, field.dataset.error, missing);
    if (missing) first ??= field;
  }
  if (form.dataset.pick) {
    const picked = form.querySelectorAll("input:checked").length;
    const wrong = picked !== Number(form.dataset.pickCount);
    document.getElementById(form.dataset.pickError).hidden = !wrong;
    if (wrong) first ??= form.querySelector("input");
  }
  for (const group of form.querySelectorAll("fieldset[data-needed]")) {
    const missing = !group.querySelector("input:checked");
    group.querySelector(".error-text").hidden = !missing;
    if (missing) first ??= group.querySelector("input");
  }
  if (focus) first?.focus();
  return first !== undefined;
}

const digits = (text, length) => String(text).padStart(length, "0");

export function collect(form) {
  if ("survey" in form.dataset) return JSON.stringify({ answers: survey(form) });
  if (form.dataset.pick) {
    const picked = [...form.querySelectorAll("input:checked")].map((b) => digits(b.value, 2));
    return JSON.stringify({ [form.dataset.pick]: picked });
  }
  if (form.dataset.join) {
    const parts = [...form.querySelectorAll("[data-part]")].map((f) => f.value.trim());
    return JSON.stringify({ [form.dataset.join]: parts.join("\n") });
  }
  const body = {};
  for (const field of form.querySelectorAll("[name]")) {
    if (field.type === "radio") {
      // One length for every proposal.
      if (field.checked) body[field.name] = digits(field.value, 3);
    } else if ("bool" in field.dataset) body[field.name] = field.checked;
    else body[field.name] = field.value.trim();
  }
  return JSON.stringify(body);
}

function survey(form) {
  const answers = [];
  for (const block of form.querySelectorAll("[data-question]")) {
    const question = block.dataset.question;
    const text = block.querySelector("textarea")?.value.trim();
    const values = [...block.querySelectorAll("input:checked")].map((i) => i.value);
    if (text) answers.push({ question, values: [], text });
    else if (values.length > 0) answers.push({ question, values });
  }
  return answers;
}
