"""A stand-in for a framed application: it lets a test say anything to the page around it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

PAGE = """<!doctype html><meta charset="utf-8"><title>{path}</title>
<p id="path">{path}</p><p id="placement">{placement}</p><p id="options">{options}</p>
<script>
const [host, protocol, sid] = window.name.split("|");
const portal = (protocol === "1" ? "https://" : "http://") + host;
let last = 0;
// The value answered, undefined for an answer without one, "silence" for none in time.
window.waitFor = (id, patience) => new Promise((done) => {{
  const timer = setTimeout(() => done("silence"), patience);
  window.addEventListener("message", function listen(event) {{
    if (event.origin !== portal || !event.data.startsWith(id + ":")) return;
    clearTimeout(timer);
    window.removeEventListener("message", listen);
    const json = event.data.slice(id.length + 1);
    done(json ? JSON.parse(json) : undefined);
  }});
}});
window.ask = (command, params, {{patience = 400, as = sid, asObject = false}} = {{}}) => {{
  const id = "call" + ++last;
  const answer = window.waitFor(id, patience);
  const json = params === undefined ? "" : JSON.stringify(params) + ":";
  parent.postMessage(
    asObject ? {{method: command, params, callback: id, appSid: as}}
             : `${{command}}:${{json}}${{id}}:${{as}}`, portal);
  return answer;
}};
</script>"""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Says nothing: what was posted holds tokens."""


@Request.application
def application(request: Request) -> Response:
    """Any address: a page that shows how it was opened and offers `ask(command, params)`."""
    page = PAGE.format(
        path=request.path,
        placement=request.form.get("PLACEMENT", ""),
        options=request.form.get("PLACEMENT_OPTIONS", ""),
    )
    return Response(page, content_type="text/html; charset=utf-8")


@contextmanager
def served(answers: Callable[..., Iterable[bytes]] = application) -> Iterator[str]:
    """Its origin, on 127.0.0.1: another site than the portal's `localhost`."""
    server = make_server("127.0.0.1", 0, answers, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
