"""One Chromium without a window, spoken to by its own protocol."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import websocket

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


class Browser:
    """A context manager; what the console said is in ``problems`` until emptied."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._number = 0

    def __enter__(self) -> "Browser":
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        program = next(filter(None, map(shutil.which, NAMES)))
        self._process = subprocess.Popen(
            [
                program,
                *("--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--hide-scrollbars", "--remote-allow-origins=*"),
                *("--remote-debugging-port=0", f"--user-data-dir={self._folder.name}"),
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = websocket.create_connection(self._address(), timeout=120)
        for domain in ("Network", "Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def call(self, method: str, **parameters) -> dict:
        number = self._send(method, parameters)
        while True:
            answer = json.loads(self._socket.recv())
            self._note(answer)
            if answer.get("method") == "Page.javascriptDialogOpening":
                # a form with changes asks before it is left, and waits for the answer
                self._send("Page.handleJavaScriptDialog", {"accept": True})
            if answer.get("id") == number:
                return answer.get("result", {})

    def evaluate(self, expression: str):
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        return answer.get("result", {}).get("value")

    def wait(self, expression: str, seconds: float = 30) -> bool:
        """Until it is true; False if it never was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.evaluate(expression):
                return True
            time.sleep(0.15)
        return False

    def size(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def picture(self, path: Path) -> None:
        data = self.call("Page.captureScreenshot")["data"]
        path.write_bytes(base64.b64decode(data))

    def _send(self, method: str, parameters: dict) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        return self._number

    def _note(self, event: dict) -> None:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            self.problems.append(text[:500])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] == "error":
            values = [
                str(a.get("value", a.get("description"))) for a in parameters["args"]
            ]
            self.problems.append(" ".join(values)[:500])
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            entry = parameters["entry"]
            self.problems.append(f"{entry['text']} {entry.get('url', '')}"[:500])

    def _address(self) -> str:
        port = Path(self._folder.name) / "DevToolsActivePort"
        for _ in range(200):
            with contextlib.suppress(OSError, IndexError):
                number = port.read_text().split()[0]
                tabs = json.load(urlopen(f"http://127.0.0.1:{number}/json", timeout=5))
                pages = [tab for tab in tabs if tab["type"] == "page"]
                return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise SystemExit("Chromium did not start.")
