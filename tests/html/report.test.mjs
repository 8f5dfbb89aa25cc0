// The HTML report in a browser, as somebody reads it: light, dark, on paper, on a phone, without script, with a keyboard.
// Run by `.ci/html`, which names the folder of the pages (ROLECALL_HTML_DIR) and the browser (CHROMIUM).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.ROLECALL_HTML_DIR;
const pages = ["acme", "clean", "findings", "cannot_decide", "hostile"];
const address = (name) => pathToFileURL(path.join(folder, `${name}.html`)).href;

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser?.close());

/** Opens a page and hands it to `look`; afterwards nothing may have been complained of, and nothing asked for. */
async function open(name, options, look, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  const asked = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => asked.push(request.url()));
  if (options.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI + " " + event.violatedDirective));
    });
  }
  await page.goto(address(name) + hash);
  const result = await look(page);
  if (options.javaScriptEnabled !== false) assert.deepEqual(await page.evaluate(() => window.violations), [], name);
  assert.deepEqual(complaints, [], name);
  assert.deepEqual(asked.filter((url) => url.split("#")[0] !== address(name) && url !== "data:,"), [], name);
  await context.close();
  return result;
}

const visible = (page) => page.locator(".finding:not([hidden]) .who").allTextContents();
const status = (page) => page.locator("#shown").textContent();
const settled = (page, expected) => page.waitForFunction((text) => document.getElementById("shown").textContent === text, expected);

async function accessible(page, name) {
  // axe comes in past the policy of the page, as a tool of the browser would.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const said = violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " " + node.failureSummary).join(" | ")}`);
  assert.deepEqual(said, [], name);
}

for (const colorScheme of ["light", "dark"]) {
  for (const name of pages) {
    test(`${name} is accessible in ${colorScheme}`, () => open(name, { colorScheme }, async (page) => {
      if (colorScheme === "light") await accessible(page, name);
      await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
      await accessible(page, `${name}, open`);
    }));
  }
}

test("nothing sticks out, however narrow the screen and long the names", async () => {
  for (const name of [...pages, "long"]) {
    await open(name, { viewport: { width: 360, height: 740 } }, async (page) => {
      for (const width of [1280, 800, 360]) {
        await page.setViewportSize({ width, height: 740 });
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${name} ${width}`);
      }
      if (name === "findings") await accessible(page, name);
    });
  }
});

test("no table is cut, and no short id is broken", async () => {
  for (const name of ["acme", "findings", "cannot_decide"]) {
    await open(name, {}, async (page) => {
      const cut = await page.evaluate(() => [...document.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel));
      assert.deepEqual(cut, [], `${name}: whole on a desktop`);
      await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
      for (const width of [1280, 800, 390]) {
        await page.setViewportSize({ width, height: 844 });
        const broken = await page.evaluate(() => [...document.querySelectorAll(".id.short")].filter((one) => one.getClientRects().length > 1).map((one) => one.textContent));
        assert.deepEqual(broken, [], `${name} ${width}`);
      }
    });
  }
});

test("on a phone, labels stand beside what they name and over nothing else", async () => {
  for (const name of ["acme", "findings", "cannot_decide"]) {
    await open(name, { viewport: { width: 390, height: 844 } }, async (page) => {
      const wrong = await page.evaluate(() => {
        // How high a label is is known of a copy of it, drawn as the label is.
        const probe = document.createElement("div");
        document.body.append(probe);
        const found = [...document.querySelectorAll(".stack td")].filter((cell) => {
          const label = getComputedStyle(cell, "::before");
          probe.textContent = cell.dataset.label;
          for (const one of ["width", "fontSize", "fontFamily", "lineHeight", "paddingTop"]) probe.style[one] = label[one];
          return !cell.dataset.label || cell.getBoundingClientRect().height < probe.getBoundingClientRect().height;
        });
        probe.remove();
        return found.map((cell) => cell.textContent);
      });
      assert.deepEqual(wrong, [], name);
      const [tiles, last] = await page.evaluate(() => [".tiles", ".tile:last-child"].map((one) => document.querySelector(one).getBoundingClientRect().width));
      assert.equal(tiles, last, "the fifth tile takes the row");
    });
  }
});

test("the keys are told only where there are keys", async () => {
  assert.ok(await open("findings", {}, (page) => page.locator("#q-hint").isVisible()));
  assert.equal(await open("findings", { isMobile: true, hasTouch: true }, (page) => page.locator("#q-hint").isVisible()), false);
});

test("the colours follow the system", async () => {
  const colour = (colorScheme) => open("acme", { colorScheme }, (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  const [light, dark] = [await colour("light"), await colour("dark")];
  const brightness = (text) => text.match(/\d+/g).map(Number).reduce((sum, one) => sum + one);
  assert.ok(brightness(light) > 700 && brightness(dark) < 100, `${light} ${dark}`);
});

test("without script everything is there, and addresses within the page work", () =>
  open("findings", { javaScriptEnabled: false }, async (page) => {
    assert.equal(await page.locator("#filters").isVisible(), false);
    assert.equal(await page.locator(".finding").count(), 3);
    const body = page.locator(".finding .body").first();
    assert.equal(await body.isVisible(), false);
    await page.locator(".finding summary").first().click();
    assert.equal(await body.isVisible(), true);
    await page.locator('#people a[href^="#finding-"]').last().click();
    assert.equal(await page.locator(".finding .body").last().isVisible(), true, "an address opens what it names");
  }));

test("on paper everything is open and black on white, with addresses, with and without script", async () => {
  for (const javaScriptEnabled of [true, false]) {
    await open("findings", { javaScriptEnabled, colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      for (const body of await page.locator(".finding .body").all()) {
        assert.ok((await body.boundingBox()).height > 50);
        assert.ok(await body.locator(".fingerprint").isVisible());
      }
      assert.equal(await page.locator("nav").isVisible(), false);
      assert.equal(await page.locator("#filters").isVisible(), false);
      // What to do is said once, with the findings; what a check looks at stands at the end.
      assert.equal(await page.locator(".checks .body:visible").count(), 0);
      assert.ok(await page.locator(".group-head .steps").first().isVisible());
      assert.ok(await page.locator("main > section").last().getByText("account.state").first().isVisible());
      if (!javaScriptEnabled) return;
      const inks = await page.evaluate(() => ["fail", "pass", "skipped", "blocked", "accepted", "unknown", "error"].map((kind) => {
        const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        part.setAttribute("class", `part-${kind}`);
        part.setAttribute("fill", `url(#ink-${kind})`);
        document.querySelector(".bar").append(part);
        const { fill } = getComputedStyle(part);
        const pattern = fill.match(/#(ink-[a-z]+)/);
        const drawn = pattern ? [...document.getElementById(pattern[1]).children].map((one) => getComputedStyle(one).fill + one.getAttribute("width")).join() : fill;
        part.remove();
        return drawn;
      }));
      assert.equal(new Set(inks).size, inks.length, `shares differ on paper: ${inks.join(" | ")}`);
      const style = await page.evaluate(() => {
        const link = document.querySelector('.group a[href^="https:"]');
        const body = getComputedStyle(document.body);
        return { ink: body.color, paper: body.backgroundColor, after: getComputedStyle(link, "::after").content, href: link.href };
      });
      assert.deepEqual([style.ink, style.paper], ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
      assert.ok(style.after.includes(style.href), style.after);
      assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    });
  }
});

test("filters: each alone, together, and in the address", () => open("findings", {}, async (page) => {
  assert.equal(await status(page), "3 findings shown");
  await page.fill("#q", "omar");
  await settled(page, "1 of 3 findings shown");
  assert.deepEqual(await visible(page), ["Omar Said"]);
  assert.equal(await page.locator(".group:visible").count(), 1);
  await page.fill("#q", "");
  await settled(page, "3 findings shown");

  const table = [
    ["#f-check", "user_identified", ["Jon Berg"]],
    ["#f-severity", "high", ["Lena Fox", "Omar Said"]],
    ["#f-state", "open", ["Lena Fox", "Jon Berg"]],
    ["#f-state", "accepted", ["Omar Said"]],
    ["#f-state", "failing", ["Lena Fox"]],
    ["#f-state", "critical", ["Jon Berg"]],
    ["#f-state", "due", []],
    ["#f-state", "new", ["Jon Berg"]],
    ["#f-system", "Acme CRM (pipedrive)", ["Lena Fox", "Omar Said", "Jon Berg"]],
  ];
  for (const [field, value, expected] of table) {
    await page.selectOption(field, value);
    assert.deepEqual(await visible(page), expected, `${field} ${value}`);
    assert.equal(await page.locator("#nothing").isVisible(), expected.length === 0);
    await page.selectOption(field, "");
  }

  await page.selectOption("#f-severity", "high");
  await page.selectOption("#f-state", "open");
  assert.deepEqual(await visible(page), ["Lena Fox"]);
  assert.equal(new URL(page.url()).hash, "#severity=high&state=open");
  await page.click("#clear");
  await settled(page, "3 findings shown");
  assert.equal(new URL(page.url()).hash, "#findings");
}));

test("an address brings its filters along", () => open("findings", {}, async (page) => {
  assert.deepEqual(await visible(page), ["Omar Said"]);
  assert.equal(await page.inputValue("#q"), "said");
  assert.equal(await page.inputValue("#f-state"), "accepted");
  assert.equal(await page.inputValue("#f-check"), "", "a check that is not there is no filter");
}, "#q=said&state=accepted&check=no_such_check"));

test("findings are grouped by person and back, and sorted", () => open("acme", {}, async (page) => {
  const before = await visible(page);
  assert.ok(before.length > 10);
  await page.selectOption("#f-group", "person");
  assert.equal(await page.locator("#by-check").isVisible(), false);
  const heads = await page.locator("#by-person h3").allTextContents();
  assert.equal(heads.length, new Set(heads).size);
  assert.deepEqual([...(await visible(page))].sort(), [...before].sort());
  assert.ok((await page.locator("#by-person .finding").first().locator(".of-check").textContent()).length > 5);
  await accessible(page, "by person");
  await page.selectOption("#f-group", "");
  assert.deepEqual(await visible(page), before);
  await page.selectOption("#f-sort", "name");
  const names = await page.locator("#by-check .group").first().locator(".who").allTextContents();
  assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b, "en")));
  await page.selectOption("#f-sort", "since");
  const since = await page.locator("#by-check .group").first().locator(".finding").evaluateAll((all) => all.map((one) => Number(one.dataset.since)));
  assert.deepEqual(since, [...since].sort((a, b) => a - b));
  await page.selectOption("#f-sort", "");
  assert.deepEqual(await visible(page), before);
}));

test("a finding, a check and a group have addresses", async () => {
  const id = await open("acme", {}, (page) => page.locator(".finding .body").last().getAttribute("id"));
  assert.match(id, /^finding-[0-9a-f]{32}$/);
  await open("acme", {}, async (page) => {
    const summary = page.locator(".finding", { has: page.locator(`#${id}`) }).locator("summary");
    assert.ok(await page.locator(`#${id}`).isVisible());
    const handle = await summary.elementHandle();
    await page.waitForFunction((element) => document.activeElement === element, handle, { timeout: 5000 });
    const box = await summary.boundingBox();
    assert.ok(box.y >= 0 && box.y < 900, `it is on the screen: ${box.y}`);
  }, `#${id}`);
  await open("acme", {}, async (page) => {
    assert.ok(await page.locator("#check-access_valid-pipedrive").isVisible());
    // Another address in the same page; a finding that a filter hides is shown.
    await page.selectOption("#f-severity", "low");
    assert.equal((await visible(page)).length, 0);
    await page.evaluate((to) => { location.hash = to; }, id);
    await page.locator(`#${id}`).waitFor({ state: "visible" });
  }, "#check-access_valid-pipedrive");
  await open("acme", {}, async (page) => {
    await page.locator("#people tbody a").first().click();
    assert.equal(await page.locator(".finding details[open]").count(), 1);
  });
});

test("tables are sorted by their heads", () => open("acme", {}, async (page) => {
  const head = page.locator("#people thead th").first();
  const names = () => page.locator("#people tbody th .title").allTextContents();
  assert.equal(await head.getAttribute("aria-sort"), "none");
  await head.locator("button").click();
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  const up = await names();
  assert.deepEqual(up, [...up].sort((a, b) => a.localeCompare(b, "en")));
  await head.locator("button").press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await names(), up.reverse());
  const numbers = page.locator("#checks thead th").last();
  await numbers.locator("button").click();
  await numbers.locator("button").click();
  assert.match(await page.locator("#checks tbody tr").first().textContent(), /5 fail/);
}));

test("the keyboard reaches everything", () => open("findings", {}, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the verdict");
  assert.ok((await page.locator(".skip").boundingBox()).y >= 0, "the link shows when it has the focus");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type("said/x");
  assert.equal(await page.inputValue("#q"), "said/x");
  await page.fill("#q", "said");
  await settled(page, "1 of 3 findings shown");
  await page.keyboard.press("Escape");
  await settled(page, "3 findings shown");
  assert.equal(await page.inputValue("#q"), "");
  const reached = new Set();
  await page.locator(".skip").focus();
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press("Tab");
    const [name, outline] = await page.evaluate(() => {
      const it = document.activeElement;
      return [it.id || it.tagName + " " + (it.closest("[id]")?.id ?? "") + " " + it.textContent.trim().slice(0, 30), getComputedStyle(it).outlineStyle];
    });
    if (name.startsWith("BODY")) break;
    assert.notEqual(outline, "none", `${name} shows that it has the focus`);
    reached.add(name);
  }
  for (const wanted of ["q", "f-check", "f-severity", "f-state", "f-system", "f-group", "f-sort", "expand", "clear"]) {
    assert.ok(reached.has(wanted), `${wanted} in ${[...reached].join(", ")}`);
  }
  assert.equal([...reached].filter((name) => name.startsWith("SUMMARY findings-") && !name.includes("Step by step")).length, 3);
  const summary = page.locator(".finding summary").first();
  await summary.press("Enter");
  assert.ok(await page.locator(".finding .body").first().isVisible());
}));

test("a link and a fingerprint are copied", async () => {
  await open("findings", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    assert.equal(await page.locator(".tools").count(), 0);
    const finding = page.locator(".finding").last();
    await finding.locator("summary").click();
    const copied = async (label) => {
      await finding.getByRole("button", { name: label }).click();
      await finding.getByRole("button", { name: "Copied" }).waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      await finding.getByRole("button", { name: label }).waitFor();
      return text;
    };
    assert.equal(await copied("Copy fingerprint"), "user_identified/pipedrive:23");
    const link = await copied("Copy link");
    assert.equal(link.split("#")[0], address("findings"));
    assert.match(link, /#finding-/);
    assert.equal(await copied("Copy the lines to paste"), '- system: pipedrive\n  account: "23"\n  staff: E001\n');
  });
});

test("hostile names are text, in every form of the page", () => open("hostile", {}, async (page) => {
  assert.equal(await page.locator("img, iframe, object, embed, base").count(), 0);
  assert.equal(await page.locator("script").count(), 1);
  assert.match(await page.locator("h1").textContent(), /^"><script>alert\(1\)<\/script>/);
  await page.selectOption("#f-group", "person");
  await page.click("#expand");
  await page.fill("#q", "<script>");
  await page.waitForTimeout(200);
  assert.equal(await page.locator("script").count(), 1);
  assert.equal(await page.locator("#by-person img").count(), 0);
}));

test("5,000 findings open within two seconds and stay quick; the rest is counted", async () => {
  // The time that the page itself takes: what else runs on the machine is not its own.
  const opened = await open("large", {}, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.reload({ waitUntil: "load" });
    const { metrics } = await session.send("Performance.getMetrics");
    const own = metrics.find(({ name }) => name === "TaskDuration").value * 1000;
    const whole = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
    return { own, whole };
  });
  console.log(`opened in ${Math.round(opened.whole)} ms, of which ${Math.round(opened.own)} ms were its own`);
  assert.ok(opened.own > 50 && opened.own < 2000, `${opened.own} ms`);
  await open("large", {}, async (page) => {
    assert.equal(await page.locator(".finding").count(), 5000);
    assert.equal(await status(page), "5,000 findings shown");
    assert.match(await page.locator("#findings .more").textContent(), /1,000 more findings: .*--output csv=findings\.csv/s);
    const took = async (act) => {
      const started = Date.now();
      await act();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      return Date.now() - started;
    };
    const times = {
      filter: await took(() => page.selectOption("#f-severity", "medium")),
      all: await took(() => page.selectOption("#f-severity", "")),
      person: await took(() => page.selectOption("#f-group", "person")),
      back: await took(() => page.selectOption("#f-group", "")),
      search: await took(async () => { await page.fill("#q", "person.4321"); await settled(page, "1 of 5,000 findings shown"); }),
    };
    console.log(JSON.stringify(times));
    for (const [what, time] of Object.entries(times)) assert.ok(time < 10_000, `${what}: ${time} ms`);
  });
});
