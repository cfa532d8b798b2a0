"""Pictures of all screens, in each size and language, and what is wrong with them.

``take.py ADDRESS SCREENS.json FOLDER AXE.js [NAME ...]``: pictures, ``index.html`` and
``report.json`` into the folder. A screen is wrong if it does not come, if the console
has an error, if a dialog says so, if it is wider than the window, or if axe finds a
serious violation in what is ours (Odoo's own controls have some: a violation whose
kind and element are also found on the screens of Odoo in CORE counts as Odoo's).
"""

import html
import json
import re
import sys
import time
from pathlib import Path

import requests

from scripts.screens.browser import Browser

VARIANTS = (
    ("en", "en_US", 1400, 900),
    ("phone", "en_US", 390, 844),
    ("fa", "fa_IR", 1400, 900),
    ("fa-phone", "fa_IR", 390, 844),
    ("zh", "zh_CN", 1400, 900),
    ("zh-phone", "zh_CN", 390, 844),
)
CORE = (
    "/odoo/action-base.action_partner_form?view_type=list",
    "/odoo/action-crm.crm_lead_action_pipeline",
    "/odoo/action-crm.crm_lead_action_pipeline?view_type=pivot",
    "/odoo/action-crm.crm_lead_action_pipeline?view_type=graph",
    "/odoo/action-sale.action_orders",
    "/odoo/action-sale.action_quotations/new",
    "/odoo/action-base.action_partner_form/new",
    "/odoo/action-base.action_partner_form/3",
    "/odoo/action-crm.crm_lead_action_pipeline/new",
    "/odoo/settings",
    "/my",
)
READY = """(() => {
  const view = document.querySelector(
    ".o_action_manager .o_view_controller, .o_action_manager .o_action, main");
  return !!view && document.readyState === "complete"
    && !document.querySelector(".o_loading_indicator, .o_view_sample_loading");
})()"""
TAB = """((name) => {
  const tab = document.querySelector(`.o_notebook .nav-link[name="${name}"]`);
  tab?.click();
  return !!tab;
})(%s)"""
DIALOG = """document.querySelector(
  ".o_error_dialog, .o_dialog_error, .o_notification.border-danger"
)?.innerText || "" """
# how much higher the window must be to show all of what scrolls in it
HIDDEN = """Math.max(0, ...[".o_content", ".o_form_sheet_bg", "#wrapwrap", "html"]
  .flatMap((name) => [...document.querySelectorAll(name)])
  .map((part) => part.scrollHeight - part.clientHeight))"""
HIGHEST = 5000
TOO_WIDE = "document.scrollingElement.scrollWidth - window.innerWidth"
AXE = """axe.run(document.querySelector(".o_action_manager, main") || document, {
  resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa"]
}).then((found) => found.violations
  .filter((v) => ["serious", "critical"].includes(v.impact))
  .flatMap((v) => v.nodes.map((n) => ({
    rule: v.id, target: n.target.join(" "), html: n.html.slice(0, 300)}))))"""


class Session:
    """The pages of one Odoo, as one user after another."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.cookies: dict[str, requests.Session] = {}

    def login(self, name: str) -> None:
        if name not in self.cookies:
            session = requests.Session()
            page = session.get(f"{self.address}/web/login", timeout=60).text
            token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
            form = {"login": name, "password": name, "csrf_token": token}
            session.post(f"{self.address}/web/login", data=form, timeout=60)
            self.cookies[name] = session
        value = self.cookies[name].cookies["session_id"]
        self.browser.call(
            "Network.setCookie", name="session_id", value=value, url=self.address
        )

    def language(self, name: str, code: str) -> None:
        """Set it as the administrator, for the user of that login."""
        self.login("admin")
        rows = self._call("res.users", "search", [[["login", "=", name]]])
        self._call("res.users", "write", [rows, {"lang": code}])
        # a session keeps the language that it began with
        self.cookies.clear()

    def open(self, screen: dict) -> bool:
        self.login(screen["login"])
        # a new document each time, else the web client goes on from where it was
        self.browser.call("Page.navigate", url="about:blank")
        self.browser.problems.clear()
        self.browser.call("Page.navigate", url=self.address + screen["path"])
        came = self.browser.wait(READY)
        time.sleep(0.7)
        if came and screen.get("tab"):
            self.browser.evaluate(TAB % json.dumps(screen["tab"]))
            self.browser.wait(READY)
            time.sleep(0.4)
        return came

    def _call(self, model: str, method: str, arguments: list):
        answer = (
            self.cookies["admin"]
            .post(
                f"{self.address}/web/dataset/call_kw/{model}/{method}",
                json={
                    "params": {
                        "model": model,
                        "method": method,
                        "args": arguments,
                        "kwargs": {},
                    }
                },
                timeout=60,
            )
            .json()
        )
        if "error" in answer:
            raise SystemExit(answer["error"]["data"]["message"])
        return answer["result"]


def element(violation: dict) -> tuple[str, str]:
    """The kind of a violation and of its element, without what is of one record."""
    start = re.match(r"<[^>]*>", violation["html"])
    tag = start[0] if start else violation["html"]
    classes = re.search(r'class="([^"]*)"', tag)
    words = sorted(re.sub(r"\d+", "0", classes[1]).split()) if classes else []
    return violation["rule"], re.match(r"<\w*", tag)[0] + " " + " ".join(words)


def is_widget(violation: dict) -> bool:
    """Whether it is inside a control of Odoo's, which we can only use as it is."""
    start = re.match(r"<[^>]*>", violation["html"])
    classes = re.findall(r"[\w-]+", re.sub(r'.*class="([^"]*)".*', r"\1", start[0]))
    names = [name for name in classes if name.startswith("o_") and name != "o_input"]
    ours = re.compile("o_(lifecycle|churn|club)")
    return bool(names) and not any(map(ours.match, names))


def violations(browser: Browser, axe: str) -> list[dict]:
    browser.evaluate(axe + ";0")
    return browser.evaluate(AXE) or []


def of_odoo(session: Session, axe: str) -> set[tuple[str, str]]:
    """What axe finds on screens of Odoo itself."""
    found = set()
    for path in CORE:
        login = "portal" if path.startswith("/my") else "admin"
        session.open({"path": path, "login": login})
        found |= {element(one) for one in violations(session.browser, axe)}
    return found


def main(address: str, screens: Path, folder: Path, axe: Path, only: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        screen
        for screen in json.loads(screens.read_text())
        if not only or any(part in screen["name"] for part in only)
    ]
    script = axe.read_text()
    wrong: list[dict] = []
    with Browser() as browser:
        session = Session(browser, address)
        odoos: set[tuple[str, str]] = set()
        for variant, language, width, height in VARIANTS:
            browser.size(width, height)
            for login in {screen["login"] for screen in wanted}:
                session.language(login, language)
            if language == "en_US":
                odoos |= of_odoo(session, script)
            for screen in wanted:
                found = look(session, screen, odoos, script, width)
                browser.picture(folder / f"{screen['name']}-{variant}.png")
                if screen.get("long"):
                    long_picture(
                        browser, folder / f"{screen['name']}-{variant}-long.png", width
                    )
                    browser.size(width, height)
                wrong += [
                    {"screen": screen["name"], "variant": variant, **f} for f in found
                ]
            print(f"  {variant:9} {len(wanted)} screens", flush=True)
        for login in {screen["login"] for screen in wanted}:
            session.language(login, "en_US")
    (folder / "report.json").write_text(json.dumps(wrong, indent=1, ensure_ascii=False))
    (folder / "index.html").write_text(page(wanted, wrong))
    for one in wrong:
        print(f"{one['screen']} ({one['variant']}): {one['what']}: {one['text']}")
    print(f"{len(wanted) * len(VARIANTS)} pictures, {len(wrong)} things wrong.")
    return 1 if wrong else 0


def long_picture(browser: Browser, path: Path, width: int) -> None:
    """The whole of a screen that scrolls."""
    height = browser.evaluate("window.innerHeight") + browser.evaluate(HIDDEN)
    browser.size(width, min(int(height), HIGHEST))
    time.sleep(0.5)
    browser.picture(path)


def look(
    session: Session, screen: dict, odoos: set, axe: str, width: int
) -> list[dict]:
    browser = session.browser
    found = []
    if not session.open(screen):
        found.append({"what": "did not come", "text": screen["path"]})
    if text := browser.evaluate(DIALOG):
        found.append({"what": "dialog", "text": text})
    found += [{"what": "console", "text": text} for text in browser.problems]
    if (browser.evaluate(TOO_WIDE) or 0) > 1:
        found.append({"what": "wider than the window", "text": screen["path"]})
    for violation in violations(browser, axe):
        if element(violation) not in odoos and not is_widget(violation):
            text = f"{violation['rule']} {violation['html']}"
            found.append({"what": "axe", "text": text})
    return found


def page(screens: list[dict], wrong: list[dict]) -> str:
    rows = []
    for screen in screens:
        name = html.escape(screen["name"])
        pictures = "".join(
            f'<a href="{name}-{v}.png"><img loading="lazy" src="{name}-{v}.png"></a>'
            for v, *_ in VARIANTS
        )
        notes = "".join(
            f"<li>{html.escape(w['variant'])}: {html.escape(w['what'])}: "
            f"{html.escape(w['text'])}</li>"
            for w in wrong
            if w["screen"] == screen["name"]
        )
        rows.append(f"<h2>{name}</h2><ul>{notes}</ul>{pictures}")
    style = "<style>img{height:360px;border:1px solid #999;margin:4px}</style>"
    return f'<meta charset="utf-8">{style}{"".join(rows)}'


if __name__ == "__main__":
    where, listed, out, axe_file, *names = sys.argv[1:]
    sys.exit(main(where, Path(listed), Path(out), Path(axe_file), names))
