"""A GitHub issue and its comments -> a Brief that says of every word whose it is.

Anybody may write in an issue. What people without write access say is marked, and never a criterion
unless the issue is theirs; what a reader of the page cannot see is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from indexer.errors import BadInput

from .brief import Brief, IntakeOptions, numbered, shortened
from .github_api import GitHubApi, GitHubUnreachable
from .hidden import Seen, visible
from .kinds import guess_kind
from .open_points import open_points
from .text import criteria_in, hidden_note

_INSIDERS = ("OWNER", "MEMBER", "COLLABORATOR")
_PAGE = 100  # the most that GitHub gives at once
_BODY = 2 / 3  # of the letters: the issue itself matters more than what followed
_PLACE = re.compile(r"/repos/([\w.-]{1,100})/([\w.-]{1,100})/?$")
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,300}\]\(([^)\s]{1,500})|<img\b[^>\n]{0,500}?\bsrc=[\"']([^\"'\s]{1,500})", re.IGNORECASE
)
_ATTACHMENT = re.compile(
    r"(?<!!)\[[^\]\n]{0,300}\]\((https://[\w.-]{1,100}/(?:[\w.-]{1,100}/[\w.-]{1,100}/|user-attachments/)(?:files|assets)/[^)\s]{1,300})"
)
_RULE = "──"  # begins the line above each comment; a comment that writes one itself gets a blank before it
_NAMED = 10  # images and attachments


@dataclass(frozen=True, slots=True)
class _Said:
    """What one person said: the issue itself or a comment."""

    who: str
    standing: str  # "the author", "owner", "an outsider" …
    when: str
    text: str
    trusted: bool


def web_host(api_url: str) -> str:
    """Where people see the issues of the API at `api_url`: github.com, or the enterprise's own host."""
    host = urlsplit(api_url).netloc.rpartition("@")[2].lower()
    if host == "api.github.com":
        return "github.com"
    return host.removeprefix("api.") if host.endswith(".ghe.com") else host


def read_issue(repository: str, number: int, here: str, options: IntakeOptions) -> Brief:
    """Issue `number` of `repository` (owner/name). `here` is the repository that is worked on, or empty.

    Raises NotFound, Forbidden, BadInput (a pull request), RateLimited and GitHubUnreachable.
    """
    what = f"issue {repository}#{number}"
    with GitHubApi(options.api_url, options.token, options.seconds) as api:
        issue = api.get(f"repos/{repository}/issues/{number}", what).json
        if not isinstance(issue, dict) or not isinstance(issue.get("number"), int):
            raise GitHubUnreachable(
                f"{options.api_url} did not answer with an issue for {what}; is it a GitHub API?"
            )
        if issue.get("pull_request"):
            raise BadInput(
                f"{repository}#{number} is a pull request; give the issue it is about, or describe the task"
            )
        place, moved_to = _place(issue, repository), int(issue["number"])
        notes = _notes_on(issue, f"{repository}#{number}", f"{place}#{moved_to}")
        comments = _comments(api, f"repos/{place}/issues/{moved_to}", what, issue, options.comments, notes)
    return _brief(issue, comments, place, here, options, notes)


def _place(issue: dict[str, Any], asked: str) -> str:
    """Where the issue is now; it may have been moved to another repository, or that one renamed."""
    match = _PLACE.search(str(issue.get("repository_url") or ""))
    return f"{match[1]}/{match[2]}" if match else asked


def _notes_on(issue: dict[str, Any], asked: str, found: str) -> list[str]:
    notes = []
    if asked.lower() != found.lower():
        notes.append(f"{asked} was moved to {found}")
    if issue.get("state") == "closed":
        reason = str(issue.get("state_reason") or "").replace("_", " ")
        notes.append(f"{found} is closed{f' as {_line(reason)}' if reason else ''}")
    if issue.get("author_association") not in _INSIDERS:
        notes.append(f"{found} was opened by {_login(issue)}, who has no write access there")
    return notes


def _comments(
    api: GitHubApi, path: str, what: str, issue: dict[str, Any], most: int, notes: list[str]
) -> list[dict[str, Any]]:
    """The newest `most` comments, oldest first, without those of bots."""
    count = issue.get("comments")
    count = count if isinstance(count, int) else 0
    if not count or most < 1:
        return []
    first = max(0, count - most) // _PAGE + 1
    found: list[dict[str, Any]] = []
    for number, page in enumerate(api.pages(f"{path}/comments", f"the comments of {what}", first)):
        found += [comment for comment in page if isinstance(comment, dict)]
        if number * _PAGE > most:  # comments are written while we read
            break
    left = max(0, (first - 1) * _PAGE + len(found[:-most]))
    if left:
        notes.append(f"the oldest {left} of {count} comments are not read")
    people = [comment for comment in found[-most:] if not _is_bot(comment)]
    if bots := len(found[-most:]) - len(people):
        notes.append(f"{bots} comment{'s' if bots > 1 else ''} by bots left out")
    return people


def _brief(
    issue: dict[str, Any],
    comments: list[dict[str, Any]],
    place: str,
    here: str,
    options: IntakeOptions,
    notes: list[str],
) -> Brief:
    number = issue["number"]
    name = f"{place}#{number}"
    cleaned = [visible(str(each.get("body") or "")) for each in (issue, *comments)]
    title_seen = visible(str(issue.get("title") or ""))
    hidden = [*cleaned, title_seen]
    if any(each.comments or each.characters for each in hidden):
        notes.append(hidden_note(sum(s.comments for s in hidden), sum(s.characters for s in hidden)))
    title = shortened(title_seen.text, 256) or name  # 256 is GitHub's own limit
    author = _login(issue)
    said = [_said(each, seen, author, notes) for each, seen in zip((issue, *comments), cleaned, strict=True)]
    notes += _files_named(said)
    body, kept = _fitting(said[0], said[1:], options.letters, notes)
    parts = [f"# {title}\n\n{body.strip()}\n"]
    parts += [_headed(index, len(said) - 1, each) for index, each in kept]

    listed = criteria_in(said[0].text, name)
    for each in said[1:]:
        listed += criteria_in(each.text, f"{name}, comment by {each.who}") if each.trusted else []
    criteria, cut = numbered(listed, (f"{title}\n\n{body.strip()}".strip(), name))
    labels = tuple(_labels(issue))
    trusted = "\n\n".join(each.text for place_, each in enumerate(said) if not place_ or each.trusted)
    return Brief(
        title=title,
        text="\n".join(parts),
        criteria=criteria,
        source=f"issue {name}",
        kind=guess_kind(title, said[0].text, (*labels, *_type(issue))),
        closes=f"#{number}" if place.lower() == here.lower() else name,
        url=f"https://{web_host(options.api_url)}/{place}/issues/{number}",
        labels=labels,
        notes=(*notes, *cut),
        open_points=open_points(trusted, [wanted for wanted, _ in listed]),
    )


def _said(item: dict[str, Any], seen: Seen, author: str, notes: list[str]) -> _Said:
    association = str(item.get("author_association") or "NONE")
    who = _login(item)
    insider, own = association in _INSIDERS, who == author and who != "@ghost"
    standing = association.lower() if insider else "the author" if own else "an outsider"
    when = _line(str(item.get("created_at") or ""))[:10]
    return _Said(who, standing, when, _honest(seen.text, who, notes), insider or own)


def _fitting(
    issue: _Said, comments: list[_Said], letters: int, notes: list[str]
) -> tuple[str, list[tuple[int, _Said]]]:
    """The issue, and the newest comments that fit: decisions stand at the end of a discussion."""
    body = issue.text
    most = int(letters * _BODY)
    if len(body) > most and len(body) + sum(len(each.text) for each in comments) > letters:
        notes.append(f"the issue is cut: {most} of {len(body)} letters are kept")
        body = body[:most].rstrip() + "\n[…]"
    free = letters - len(body)
    kept: list[tuple[int, _Said]] = []
    for index, each in reversed(list(enumerate(comments, 1))):
        free -= len(each.text) + 100  # its heading
        if free < 0:
            notes.append(
                f"{index} older comment{'s' if index > 1 else ''} left out: the text would be too long"
            )
            break
        kept.append((index, each))
    return body, kept[::-1]


def _honest(text: str, who: str, notes: list[str]) -> str:
    """A text in which no line looks like the one that we write above a comment."""
    lines = [f" {line}" if line.startswith(_RULE) else line for line in text.split("\n")]
    honest = "\n".join(lines)
    if honest != text:
        notes.append(f"{who} imitates the line above a comment")
    return honest


def _headed(index: int, count: int, said: _Said) -> str:
    who = f"said by {said.standing}" if said.trusted else "said by an outsider, who decides nothing here"
    head = f"{_RULE} comment {index} of {count} · {said.who} · {who} · {said.when} {_RULE}"
    return f"{head}\n{said.text.strip()}\n"


def _files_named(said: Iterable[_Said]) -> list[str]:
    text = "\n".join(each.text for each in said)
    images = list(dict.fromkeys(one or two for one, two in _IMAGE.findall(text)))
    files = [each for each in dict.fromkeys(_ATTACHMENT.findall(text)) if each not in images]
    notes = []
    for kind, found in (("image", images), ("attachment", files)):
        if found:
            more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            plural = "s are" if len(found) > 1 else " is"
            notes.append(f"{len(found)} {kind}{plural} named but not read: {', '.join(found[:_NAMED])}{more}")
    return notes


def _labels(issue: dict[str, Any]) -> Iterable[str]:
    """Their names. GitHub gives objects, and strings in older versions."""
    for label in issue.get("labels") or []:
        name = label.get("name") if isinstance(label, dict) else label
        if name:
            yield _line(str(name))


def _type(issue: dict[str, Any]) -> Iterable[str]:
    """The issue's type (Bug, Feature, Task …), which organizations may use instead of labels."""
    kind = issue.get("type")
    if isinstance(kind, dict) and kind.get("name"):
        yield _line(str(kind["name"]))


def _login(item: dict[str, Any]) -> str:
    """`@name`; GitHub shows the work of deleted accounts as ghost's."""
    user = item.get("user")
    name = user.get("login") if isinstance(user, dict) else None
    return f"@{_line(str(name))}" if name else "@ghost"


def _is_bot(item: dict[str, Any]) -> bool:
    user = item.get("user")
    return isinstance(user, dict) and (user.get("type") == "Bot" or str(user.get("login")).endswith("[bot]"))


def _line(text: str) -> str:
    return shortened(visible(text).text, 100)
