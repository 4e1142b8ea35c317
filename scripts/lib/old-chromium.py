"""Shows one page in Qt WebEngine 5.12 (Chromium 69) without a screen; old-chromium.mjs talks to it.

Reads one JSON object a line: {"id", "open": url}, {"id", "agent": user agent} or {"id", "run": script}; answers {"id", "value"}.
Tells {"ready": user agent} first and {"fault": text} for every error that the page reports. Ends with its input.
"""

import json
import os
import sys

from PyQt5.QtCore import QSocketNotifier, QUrl
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineProfile, QWebEngineView
from PyQt5.QtWidgets import QApplication


def tell(**message):
    print(json.dumps(message), flush=True)


class Page(QWebEnginePage):
    def javaScriptConsoleMessage(self, level, text, line, source):
        if level == QWebEnginePage.ErrorMessageLevel:
            tell(fault=f"{text} ({source}:{line})")


class Reader:
    """Lines of the standard input as Qt's loop finds time for them."""

    def __init__(self, page):
        self.page = page
        self.rest = b""
        self.notifier = QSocketNotifier(0, QSocketNotifier.Read)
        self.notifier.activated.connect(self.read)

    def read(self):
        chunk = os.read(0, 65536)
        if not chunk:
            QApplication.quit()
            return
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        for line in lines:
            self.obey(json.loads(line))

    def obey(self, order):
        if "open" in order:
            self.page.load(QUrl(order["open"]))
            tell(id=order["id"], value=None)
        elif "agent" in order:
            self.page.profile().setHttpUserAgent(order["agent"])
            tell(id=order["id"], value=None)
        else:
            self.page.runJavaScript(order["run"], lambda value: tell(id=order["id"], value=value))


application = QApplication(sys.argv[:1])
# A profile without a name keeps nothing on disk.
profile = QWebEngineProfile()
view = QWebEngineView()
page = Page(profile, view)
view.setPage(page)
view.resize(375, 760)
view.show()
reader = Reader(page)
tell(ready=profile.httpUserAgent())
code = application.exec_()
# Qt WebEngine may crash while Python takes the objects down; nothing is left to lose.
os._exit(code)
