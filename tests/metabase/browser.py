"""A headless Chromium, led through its DevTools protocol: open a page, measure it, picture it."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.pace import patience

NAMES = ("chromium", "chromium-browser", "google-chrome")
STARTS_WITHIN = 60  # seconds

# Faults of a page that no console tells.
TROUBLES = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")


def program() -> str | None:
    """Return the browser, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Browser:
    """One tab."""

    socket: ClientConnection
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    events: list[dict[str, Any]] = field(default_factory=list)

    def send(self, method: str, **given: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            message = json.loads(self.socket.recv(timeout=patience(60)))
            if message.get("id") == number:
                assert "error" not in message, (method, message)
                return message["result"]
            self.events.append(message)

    def open(self, page: Path | str, width: int, height: int = 900, media: str = "screen") -> None:
        """Load a file or an address at a width; what went wrong stays in `events`."""
        self.events.clear()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.send("Emulation.setEmulatedMedia", media=media)
        self.send("Page.navigate", url=page if isinstance(page, str) else page.resolve().as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(json.loads(self.socket.recv(timeout=patience(60))))

    def troubles(self) -> list[Any]:
        """Return script errors and messages, and requests that left this machine."""
        return [
            event["params"]
            for event in self.events
            if event["method"] in TROUBLES
            or (
                event["method"] == "Network.requestWillBeSent"
                and not event["params"]["request"]["url"].startswith("file:")
            )
        ]

    def ask(self, script: str) -> Any:
        """Return the value of an expression on the page."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def picture(self, file: Path, *, whole: bool = True) -> None:
        """Save the page as PNG."""
        taken = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(taken["data"]))

    def paper(self) -> bytes:
        """Return the page as it is printed, a PDF."""
        printed = self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the browser with a profile of its own, and end it."""
    found = program()
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="iku-browser-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                found, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update",
                "--disable-dev-shm-usage", "--remote-debugging-port=0",
                f"--user-data-dir={profile}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with connect(_address(process, Path(profile)), max_size=None) as socket:
                yield Browser(socket)
        finally:
            process.terminate()
            process.wait(timeout=patience(30))


def _address(process: subprocess.Popen[bytes], profile: Path) -> str:
    """Wait until the browser says where it listens; return the address of its tab."""
    said = profile / "DevToolsActivePort"
    end = time.monotonic() + patience(STARTS_WITHIN)
    while not (said.exists() and said.read_text().count("\n")):
        assert process.poll() is None, "the browser ended by itself"
        assert time.monotonic() < end, "the browser does not start"
        time.sleep(0.05)
    port = said.read_text().splitlines()[0]
    while True:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/json/list", timeout=patience(30)
        ) as answer:
            tabs = [one for one in json.load(answer) if one["type"] == "page"]
        if tabs:
            return str(tabs[0]["webSocketDebuggerUrl"])
        assert time.monotonic() < end, "the browser opens no tab"
        time.sleep(0.05)
