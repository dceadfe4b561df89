"""The ways in which a post is saved in WordPress, each as its own screen or protocol does it; none of them knows newstagger."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from typing import Any

from rig.people import POSTS, Desktop, Person, Program, Refused, link_of
from rig.site import Site

HIDDEN = re.compile(r'<input type="hidden"[^>]*?name="(\w+)"[^>]*?value="([^"]*)"')
STARTED = re.compile(r"""name=['"]post_ID['"] value=['"](\d+)""")


def blocks(text: str) -> str:
    """Return plain text as the block editor stores it: a paragraph block for each part."""
    parts = (escape(part, quote=False).replace("\n", "<br>") for part in text.split("\n\n") if part)
    return "\n\n".join(f"<!-- wp:paragraph -->\n<p>{part}</p>\n<!-- /wp:paragraph -->" for part in parts)


def read(program: Program, post: int) -> Mapping[str, Any]:
    """Return a post as the editor reads it."""
    found: Mapping[str, Any] = program.call("GET", f"{POSTS}/{post}", context="edit")
    return found


def begin(person: Person) -> int:
    """Press Add New Post: WordPress makes a post that nobody has saved yet; return its id."""
    found = STARTED.search(person.page("post-new.php"))
    if not found:
        raise Refused("the page for a new post names no post")
    return int(found[1])


def create(program: Program, title: str, text: str, **fields: Any) -> int:
    """Make a post through the REST API; return its id."""
    made = program.call("POST", POSTS, {"title": title, "content": blocks(text), "status": "draft", **fields})
    return int(made["id"])


def update(program: Program, post: int, **fields: Any) -> Mapping[str, Any]:
    """Change fields of a post through the REST API; return what it answers."""
    answer: Mapping[str, Any] = program.call("POST", f"{POSTS}/{post}", fields, context="edit")
    return answer


def schedule(program: Program, post: int, **fields: Any) -> None:
    """Let a post go live in an hour."""
    update(program, post, status="future", date_gmt=in_an_hour(), **fields)


def in_an_hour() -> str:
    """Return when that is, in the site's time."""
    return (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")


def autosave(program: Program, post: int, **fields: Any) -> Mapping[str, Any]:
    """Save what somebody types, as the editor does by itself."""
    answer: Mapping[str, Any] = program.call("POST", f"{POSTS}/{post}/autosaves", fields)
    return answer


def quick_edit(person: Person, post: int, **fields: Any) -> None:
    """Change a post in the list of posts; what is not told stays as the row has it."""
    page = person.page("edit.php", post_type="post", post_status="all")
    row = page.split(f'id="inline_{post}"', 1)[1].split("</tr>", 1)[0]
    held = dict(re.findall(r'<div class="(post_title|post_name|post_author|_status|jj|mm|aa|hh|mn|ss|post_password)">(.*?)</div>', row))
    terms = {f"tax_input[{name}]": value for name, value in re.findall(r'<div class="tags_input" id="(\w+?)_\d+">(.*?)</div>', row)}
    known = {name: unescape(value) for name, value in (held | terms).items()}
    nonce = {"_inline_edit": _hidden(page, "_inline_edit")}
    asked = {"action": "inline-save", "post_type": "post", "post_ID": post, "post_view": "list", "screen": "edit-post", "edit_date": "true"}
    answer = person.send("admin-ajax.php", {**known, **nonce, **asked, **fields})
    if f'id="post-{post}"' not in answer.text:
        raise Refused(f"Quick Edit: {answer.text[:300]}")


def bulk_edit(person: Person, posts: Sequence[int], **fields: Any) -> None:
    """Change several posts in the list at once."""
    page = person.page("edit.php", post_type="post", post_status="all")
    unchanged = {"post_author": "-1", "_status": "-1", "comment_status": "", "ping_status": "", "sticky": "-1", "post_format": "-1"}
    asked = {"post_type": "post", "action": "edit", "bulk_edit": "Update", "_wpnonce": _hidden(page, "_wpnonce"), "screen": "edit-post"}
    told = {**unchanged, **asked, **fields, "post[]": [str(post) for post in posts]}
    person.page("edit.php", **told)


def trash(program: Program, post: int) -> None:
    """Put a post into the trash."""
    program.call("DELETE", f"{POSTS}/{post}")


def untrash(person: Person, post: int) -> None:
    """Take a post out of the trash by the link in the list."""
    page = person.page("edit.php", post_type="post", post_status="trash")
    _follow(person, link_of(page, "action=untrash", f"post={post}&"))


def restore(person: Person, revision: int) -> None:
    """Bring back a revision by the button of the screen that compares them."""
    page = person.page("revision.php", revision=revision)
    found = re.search(r"_wpRevisionsSettings = (\{.*?\});\s", page)
    data = json.loads(found[1])["revisionData"] if found else []
    address = next((row["restoreUrl"] for row in data if int(row["id"]) == revision), None)
    if not address:
        raise Refused(f"revision {revision} cannot be restored")
    _follow(person, unescape(address))


def revisions(program: Program, post: int) -> Sequence[int]:
    """Return the ids of a post's revisions, oldest first."""
    found = program.call("GET", f"{POSTS}/{post}/revisions", per_page=100)
    return sorted(int(row["id"]) for row in found)


def desktop_new(site: Site, title: str, text: str, **fields: Any) -> int:
    """Make a post by XML-RPC."""
    with_fields = {"post_type": "post", "post_title": title, "post_content": blocks(text), "post_status": "draft", **fields}
    return int(Desktop(site).call("newPost", with_fields))


def desktop_edit(site: Site, post: int, **fields: Any) -> None:
    """Change a post by XML-RPC."""
    Desktop(site).call("editPost", post, fields)


def _hidden(page: str, name: str) -> str:
    for found, value in HIDDEN.findall(page):
        if found == name:
            return str(value)
    raise Refused(f"the page has no field {name}")


def _follow(person: Person, address: str) -> None:
    answer = person.http.get(address.removeprefix(person.site.address), headers={"Referer": f"{person.site.address}/wp-admin/edit.php"})
    if answer.status_code != 302:
        raise Refused(f"{address}: {answer.status_code} {answer.text[:200]}")
