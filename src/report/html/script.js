"use strict";
// Everything is on the page already. This filters, sorts and groups it, opens what an address names, and copies.
(() => {
  const byId = (id) => document.getElementById(id);
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  // Tables: a button in each head, and the order that it stands for.
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    if (body.rows.length < 2) continue;
    heads.forEach((head, column) => {
      const button = make("button", "sort");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const descending = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const value = (row) => {
          const cell = row.cells[column];
          return cell.dataset.value ?? (cell.querySelector(".title") ?? cell).textContent.trim();
        };
        const rows = [...body.rows].map((row) => [value(row), row]);
        const number = (text) => Number(text.replaceAll(",", ""));
        const numeric = rows.every(([text]) => text !== "" && Number.isFinite(number(text)));
        const compare = numeric ? (a, b) => number(a) - number(b) : words.compare;
        rows.sort(([a], [b]) => (descending ? compare(b, a) : compare(a, b)));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }

  const copy = async (text, button) => {
    const said = button.textContent;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page from a file may have no clipboard: the older way.
      const field = make("textarea");
      field.value = text;
      field.setAttribute("aria-hidden", "true");
      document.body.append(field);
      field.select();
      done = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    button.textContent = done ? "Copied" : "Could not copy";
    setTimeout(() => { button.textContent = said; }, 1500);
  };

  const form = byId("filters");
  const findings = [...document.querySelectorAll(".finding")];

  // The buttons of a finding come when it is opened: thousands of them would make the page slow.
  const equip = (finding) => {
    const body = finding.querySelector(".body");
    if (!body || body.querySelector(".tools")) return;
    const tools = make("p", "tools");
    const add = (label, text) => {
      const button = make("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => copy(text(), button));
      tools.append(button);
    };
    if (body.id) add("Copy link", () => location.href.split("#")[0] + "#" + body.id);
    add("Copy fingerprint", () => body.querySelector(".fingerprint").textContent);
    const paste = body.querySelector(".paste");
    if (paste) add("Copy the lines to paste", () => paste.textContent + "\n");
    body.append(tools);
  };
  document.addEventListener("toggle", (event) => {
    const finding = event.target.parentElement;
    if (event.target.open && finding && finding.classList.contains("finding")) equip(finding);
  }, true);

  // What an address names: shown, opened, and in focus.
  const reveal = (id) => {
    const target = byId(id);
    if (!target) return false;
    const finding = target.closest(".finding");
    if (finding && finding.hidden) reset();
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    for (const old of document.querySelectorAll(".is-target")) old.classList.remove("is-target");
    if (finding) finding.classList.add("is-target");
    const details = target.closest("details");
    if (details) {
      const summary = details.querySelector("summary");
      summary.focus({ preventScroll: true });
      summary.scrollIntoView({ block: "start" });
    } else {
      target.scrollIntoView({ block: "start" });
    }
    return true;
  };

  let reset = () => {};
  let readAddress = () => {
    const id = decode(location.hash.slice(1));
    if (id && !id.includes("=")) reveal(id);
  };
  const decode = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  if (form) {
    const groups = [...document.querySelectorAll("#by-check > .group")];
    const byCheck = byId("by-check");
    const byPerson = byId("by-person");
    const shown = byId("shown");
    const names = ["q", "check", "severity", "state", "system", "group", "sort"];
    const plural = (number) => number.toLocaleString("en") + (number === 1 ? " finding" : " findings");
    const facts = new Map();
    for (const group of groups) {
      group.querySelectorAll(".finding").forEach((element, order) => {
        facts.set(element, {
          group, order, list: element.parentElement,
          check: group.dataset.check, system: group.dataset.system,
          severity: element.dataset.severity, state: element.dataset.state, isNew: element.dataset.new === "yes",
          person: element.dataset.person, since: Number(element.dataset.since), due: Number(element.dataset.due),
          name: undefined, text: "",
        });
      });
    }

    const fill = (select, values) => {
      for (const value of [...new Set(values)].filter(Boolean).sort(words.compare)) {
        const option = make("option", "", value);
        option.value = value;
        select.append(option);
      }
    };
    fill(form.elements.check, groups.map((group) => group.dataset.check));
    fill(form.elements.system, groups.map((group) => group.dataset.system));
    form.hidden = false;

    // What only some readers need is read when they need it.
    const nameOf = (element) => (facts.get(element).name ??= element.querySelector(".who").textContent);
    const value = (name) => form.elements[name].value;
    const fits = (fact, element, wanted, needles) => {
      if (wanted.check && fact.check !== wanted.check) return false;
      if (wanted.system && fact.system !== wanted.system) return false;
      if (wanted.severity && fact.severity !== wanted.severity) return false;
      if (wanted.state === "open" && fact.state === "accepted") return false;
      if (wanted.state === "new" && !fact.isNew) return false;
      if (wanted.state && wanted.state !== "open" && wanted.state !== "new" && fact.state !== wanted.state) return false;
      if (needles.length === 0) return true;
      fact.text ||= (element.textContent + " " + fact.group.dataset.title + " " + fact.check + " " + fact.system).toLowerCase();
      return needles.every((needle) => fact.text.includes(needle));
    };
    const orders = {
      "": (a, b) => a.order - b.order,
      name: (a, b) => words.compare(a.name, b.name) || a.order - b.order,
      since: (a, b) => a.since - b.since || a.order - b.order,
      due: (a, b) => a.due - b.due || a.order - b.order,
    };

    let arranged = "\n";
    const arrange = (group, sort) => {
      if (arranged === group + "\n" + sort || (arranged === "\n" && group === "" && sort === "")) return;
      arranged = group + "\n" + sort;
      const compare = orders[sort] ?? orders[""];
      if (sort === "name") findings.forEach(nameOf);
      const lists = new Map();
      for (const element of findings) {
        const key = group === "person" ? facts.get(element).person : facts.get(element).list;
        if (!lists.has(key)) lists.set(key, []);
        lists.get(key).push(element);
      }
      // Off the page and all at once: to take one finding out of thousands costs a look at all of them.
      const after = byPerson.nextSibling;
      const parent = byPerson.parentElement;
      byCheck.remove();
      byPerson.remove();
      for (const list of [...byCheck.querySelectorAll(".list"), ...byPerson.querySelectorAll(".list")]) list.replaceChildren();
      byPerson.replaceChildren();
      const sections = [];
      for (const [key, elements] of lists) {
        elements.sort((a, b) => compare(facts.get(a), facts.get(b)));
        if (group !== "person") {
          key.append(...elements);
          continue;
        }
        const section = make("section", "group");
        const head = make("div", "group-head");
        head.append(make("h3", "", nameOf(elements[0])), make("p", "sub", plural(elements.length)));
        const list = make("ol", "list");
        for (const element of elements) {
          const summary = element.querySelector("summary");
          if (!summary.querySelector(".of-check")) {
            summary.append(make("span", "of-check", facts.get(element).group.dataset.title));
          }
        }
        list.append(...elements);
        section.append(head, list);
        sections.push({ section, number: elements.length, first: facts.get(elements[0]) });
      }
      if (group === "person") {
        sections.sort((a, b) => {
          if (sort === "") return b.number - a.number;
          return sort === "name" ? words.compare(a.first.name, b.first.name) : a.first[sort] - b.first[sort];
        });
        byPerson.append(...sections.map(({ section }) => section));
      } else {
        for (const element of byCheck.querySelectorAll(".of-check")) element.remove();
      }
      byCheck.hidden = group === "person";
      byPerson.hidden = group !== "person";
      parent.insertBefore(byCheck, after);
      parent.insertBefore(byPerson, after);
    };

    let filtered = false;
    const apply = () => {
      const wanted = Object.fromEntries(names.map((name) => [name, value(name)]));
      const needles = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
      arrange(wanted.group, wanted.sort);
      const all = !(needles.length || wanted.check || wanted.severity || wanted.state || wanted.system);
      if (all && !filtered) {
        shown.textContent = plural(findings.length) + " shown";
        return;
      }
      filtered = !all;
      let number = 0;
      const live = new Map();
      for (const element of findings) {
        const fact = facts.get(element);
        const visible = fits(fact, element, wanted, needles);
        if (element.hidden === visible) element.hidden = !visible;
        const section = element.closest(".group");
        live.set(section, (live.get(section) ?? 0) + (visible ? 1 : 0));
        if (visible) number += 1;
      }
      for (const [section, visible] of live) section.hidden = visible === 0;
      byId("nothing").hidden = number > 0;
      shown.textContent = number === findings.length
        ? plural(number) + " shown"
        : number.toLocaleString("en") + " of " + plural(findings.length) + " shown";
    };
    const write = () => {
      const state = new URLSearchParams(names.filter((name) => value(name)).map((name) => [name, value(name)]));
      const text = state.toString();
      try {
        history.replaceState(null, "", text ? "#" + text : location.pathname + location.search + "#findings");
      } catch {
        // A page inside another may have no history of its own.
      }
    };
    const change = () => { apply(); write(); };

    let waiting = 0;
    form.elements.q.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(change, 120);
    });
    form.addEventListener("change", change);
    form.addEventListener("submit", (event) => { event.preventDefault(); change(); });
    form.addEventListener("reset", () => setTimeout(change));
    reset = () => { form.reset(); apply(); };
    byId("expand").addEventListener("click", () => {
      for (const element of findings) {
        if (element.hidden) continue;
        element.querySelector("details").open = true;
      }
    });

    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const typing = event.target.closest("input, select, textarea");
      if (event.key === "/" && !typing) {
        event.preventDefault();
        form.elements.q.focus();
        form.elements.q.select();
      }
      if (event.key === "Escape" && names.some((name) => value(name))) {
        clearTimeout(waiting);
        form.reset();
      }
    });

    readAddress = () => {
      const hash = location.hash.slice(1);
      if (!hash.includes("=")) {
        if (hash) reveal(decode(hash));
        return;
      }
      const state = new URLSearchParams(hash);
      for (const name of names) {
        form.elements[name].value = state.get(name) ?? "";
        // A value that is not on the list: all.
        if (form.elements[name].selectedIndex === -1) form.elements[name].selectedIndex = 0;
      }
      apply();
      byId("findings").scrollIntoView({ block: "start" });
    };
    apply();
  }

  addEventListener("hashchange", () => readAddress());
  // A second click on the same address moves no hash.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash && link.hash) readAddress();
  });
  readAddress();
  // The browser goes to the address itself once all is loaded, and takes the focus away.
  addEventListener("load", () => setTimeout(() => {
    if (location.hash && !location.hash.includes("=")) readAddress();
  }));

  // Where the style cannot open what is closed for paper, the script does.
  if (!CSS.supports("selector(details::details-content)")) {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")];
      for (const details of opened) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of opened) details.open = false;
    });
  }
})();
