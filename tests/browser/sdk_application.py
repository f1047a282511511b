"""An application whose page does nothing but load Bitrix24's own browser client."""

from __future__ import annotations

from pathlib import Path

from werkzeug.wrappers import Request, Response

FILE = Path(__file__).parents[1] / "vendor" / "b24jssdk-2.2.0" / "index.min.js"
SCRIPT = "/b24jssdk.js"

# `failed` is what a person would wait for in vain: the client rejects with an Error.
PAGE = """<!doctype html><meta charset="utf-8"><title>{path}</title>
<div id="content"><p id="path">{path}</p><p id="state">loading</p></div>
<script src="{script}"></script>
<script>
const say = (text) => {{ document.getElementById("state").textContent = text; }};
B24Js.initializeB24Frame().then(
  (b24) => {{ window.b24 = b24; say("ready"); }},
  (error) => say(`failed: ${{error.code ?? error}}`));
</script>"""


@Request.application
def application(request: Request) -> Response:
    """The client's file as published, and at any other address the page that loads it."""
    if request.path == SCRIPT:
        return Response(FILE.read_bytes(), content_type="text/javascript; charset=utf-8")
    page = PAGE.format(path=request.path, script=SCRIPT)
    return Response(page, content_type="text/html; charset=utf-8")
