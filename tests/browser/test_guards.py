"""What a user must never meet fails a flow: for each guard of run.js, a page that violates it and nothing else. No stack is needed."""

import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import browser

# As the console's own answers have it, and what single pages need beside it.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
GOOD = "<h1>Hello</h1><p>Nothing is wrong here.</p>"
# Path -> what the page has, and its policy.
PAGES = {
    "good": (GOOD, POLICY),
    "inline-script": (f"{GOOD}<script>document.title = 'changed'</script>", POLICY),
    "inline-style": (f"{GOOD}<p style='color: red'>red</p>", POLICY),
    "foreign-picture": (f"{GOOD}<img alt='a tree' src='data:image/png;base64,AAAA'>", POLICY),
    "throws": (f"{GOOD}<script src='throws.js'></script>", POLICY),
    "rejects": (f"{GOOD}<script src='rejects.js'></script>", POLICY),
    "complains": (f"{GOOD}<script src='complains.js'></script>", POLICY),
    "elsewhere": (f"{GOOD}<script src='elsewhere.js'></script>", f"{POLICY}; connect-src *"),
    "opens": (f"{GOOD}<a href='throws' target='_blank'>another window</a>", POLICY),
    "unnamed": (f"{GOOD}<button></button>", POLICY),
    "unlabelled": (f"{GOOD}<input>", POLICY),
    "faint": (f"<link rel='stylesheet' href='faint.css'>{GOOD}", POLICY),
    "wide": (f"<link rel='stylesheet' href='wide.css'>{GOOD}", POLICY),
}
# Not a fault: a page that is loaded in parts, as the console's are.
LATE = (f"{GOOD}<a href='good'>first</a><script src='late.js'></script>", POLICY)
FILES = {
    "throws.js": "throw new Error('thrown on purpose');",
    "rejects.js": "Promise.reject(new Error('rejected on purpose'));",
    "complains.js": "console.error('complained on purpose');",
    # Nobody listens at port 9, and the guard is about the attempt.
    "elsewhere.js": "fetch('http://127.0.0.2:9/told').catch(() => {});",
    "faint.css": "p { color: #ccc; background: #fff; }",
    "wide.css": "p { width: 3000px; }",
    "slow.js": "",
    "late.js": "setTimeout(() => document.querySelector('main').append(Object.assign(document.createElement('button'), { textContent: 'last' })), 2000);",
}
# Page -> what is said about it. A line of another guard would show that the page violates more than was meant.
WRONG = {
    "inline-script": "CSP: script-src-elem inline",
    "inline-style": "CSP: style-src-attr inline",
    "foreign-picture": "CSP: img-src data",
    "throws": "error of the page: Error: thrown on purpose",
    "rejects": "error of the page: Error: rejected on purpose",
    "complains": "console: complained on purpose",
    "elsewhere": "a request to 127.0.0.2:9",
    "opens": "error of the page: Error: thrown on purpose",
    "unnamed": "axe, guards: button-name (critical)",
    "unlabelled": "axe, guards: label (critical)",
    "faint": "axe, guards: color-contrast (serious)",
    "wide": "guards: the page is ",
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        if name in PAGES or name == "late":
            body, policy = PAGES.get(name, LATE)
            text = f"<!doctype html><html lang='en'><head><title>{name}</title></head><body><main>{body}</main></body></html>"
            self.answer(200, "text/html; charset=utf-8", text, policy)
        elif name in FILES:
            if name == "slow.js":
                time.sleep(2)
            self.answer(200, "text/css" if name.endswith(".css") else "text/javascript", FILES[name], POLICY)
        else:
            self.answer(404, "text/plain", "", POLICY)

    def answer(self, status, kind, text, policy):
        self.send_response(status)
        for header in (("Content-Type", kind), ("Content-Security-Policy", policy), ("Content-Length", str(len(text.encode())))):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Guards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        cls.addClassCleanup(thread.join)
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.url = f"http://127.0.0.1:{server.server_port}/"

    def wrong(self, page, **more):
        """What a flow that opens the page says is wrong, as lines."""
        return browser.flow("guards", console=self.url, issuer=self.url, page=page, **more).splitlines()

    def test_a_page_without_a_fault_passes(self):
        self.assertEqual(self.wrong("good"), [])

    def test_each_fault_of_a_page_fails_the_flow(self):
        self.assertEqual(set(WRONG) | {"good"}, set(PAGES))
        for page, expected in WRONG.items():
            with self.subTest(page):
                told = self.wrong(page, opens=page == "opens")
                self.assertTrue(any(expected in line for line in told), told)
                guards = ("CSP:", "error of the page:", "a request to", "axe,", "the page is ")
                others = [line for line in told if any(guard in line for guard in guards) and expected not in line]
                self.assertEqual(others, [], "the page violates what was not meant")

    def test_a_request_that_is_under_way_when_a_flow_ends_fails_nothing(self):
        self.assertEqual(self.wrong("good", leaves=True), [])

    def test_what_comes_late_is_reached_by_tab_and_what_never_comes_is_said(self):
        self.assertEqual(self.wrong("late", tab="last"), [])
        told = self.wrong("late", tab="never", patience=3_000)
        self.assertTrue(any("nothing that can have the focus is called never" in line for line in told), told)


if __name__ == "__main__":
    unittest.main()
