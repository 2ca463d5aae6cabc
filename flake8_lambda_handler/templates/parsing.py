"""YAML and JSON text to nodes.

PyYAML and tree-sitter are imported when the first such text is parsed, never before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler.templates import rendered
from flake8_lambda_handler.templates.nodes import DEEPEST_LEVEL
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable

_JSON_START = re.compile(r"\s*[{\[]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
#: A YAML tag or anchor with the space after it, as far as the value itself.
_PROPERTY = re.compile(r"[!&]\S*\s*")
_YAML_COMMENT = re.compile(r"#[^\r\n]*\s*")

TOO_DEEP = f"is nested deeper than {DEEPEST_LEVEL} levels"


def documents(files: TemplateFiles, path: str) -> Iterator[Node]:
    """Yield the root of each document of a YAML or JSON file.

    Raises:
        Unreadable: the file is not text, or not YAML or JSON; what comes before the
            broken document has been yielded by then.
    """
    if path not in files.parsed:
        files.parsed[path] = _parse(files.source(path))
    roots, error = files.parsed[path]
    yield from roots
    if error is not None:
        raise error


def template_documents(
    files: TemplateFiles, path: str, is_named: bool, is_marked: Callable[[str], bool]
) -> Iterator[Node]:
    """Yield the documents of a file if it can be a template.

    `is_named`: the file's name says that it is one. `is_marked` tells whether a text
    has the signs of one. Without either, nothing is parsed and nothing is wrong; nor
    is a template of a template that is not for Python, or whose path (`.j2`, or a folder
    such as `{{cookiecutter.name}}`) says so.

    Raises:
        Unreadable: as `documents`.
    """
    is_jinja = path.lower().endswith(".j2") or "{{" in path
    try:
        source = files.source(path)
    except Unreadable as error:
        if not is_jinja and (is_named or is_marked(error.text or "")):
            raise
        return
    if is_named or is_marked(source.text):
        try:
            yield from documents(files, path)
        except Unreadable:
            if not is_jinja and not rendered.is_foreign(source):
                raise


def _parse(source: Source) -> tuple[list[Node], Unreadable | None]:
    """Return the documents of a YAML or JSON text, and the error that ended them."""
    is_json = source.path.lower().endswith(".json")
    if is_json or _JSON_START.match(source.text):
        roots, error = _collect(_json(source))
        if is_json or error is None:
            return roots, error
    return _collect(_yaml(source))


def _collect(documents: Iterator[Node]) -> tuple[list[Node], Unreadable | None]:
    roots: list[Node] = []
    try:
        for root in documents:
            roots.append(root)
    except Unreadable as error:
        return roots, error
    return roots, None


def ascii_bytes(text: str) -> bytes:
    """Return one byte for each character, so that byte offsets count characters.

    What is not ASCII stands only in strings, comments and names, where any other
    letter parses the same; the texts themselves are cut from the original.
    """
    return text.encode() if text.isascii() else _NOT_ASCII.sub("_", text).encode()


def _yaml(source: Source) -> Iterator[Node]:
    """Yield the documents of a YAML text, built from events with a stack of our own.

    An alias gives the node of its anchor once more, never a copy; so a "billion
    laughs" costs nothing and a node may hold itself.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Iterator[Any] = yaml.parse(source.text, Loader=loader)
    anchors: dict[str, Node] = {}
    #: The open collections, each with the key that waits for its value.
    stack: list[tuple[Node, list[Node]]] = []
    try:
        for event in events:
            start: int = event.start_mark.index
            node: Node
            if isinstance(event, yaml.ScalarEvent):
                node = _yaml_scalar(source, event)
            elif isinstance(event, yaml.AliasEvent):
                if event.anchor not in anchors:
                    reason = f"is not valid YAML: no anchor for `*{event.anchor}`"
                    raise source.unreadable(start, reason)
                _put(stack, anchors[event.anchor])
                continue
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                kind = (
                    Mapping if isinstance(event, yaml.MappingStartEvent) else Sequence
                )
                node = kind(source, start, event.tag or "")
                if len(stack) >= DEEPEST_LEVEL:
                    raise source.unreadable(start, TOO_DEEP)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                root, _ = stack.pop()
                if not stack:
                    yield root
                continue
            else:
                if isinstance(event, yaml.DocumentStartEvent):
                    anchors = {}
                continue
            if event.anchor:
                anchors[event.anchor] = node
            _put(stack, node)
            if not isinstance(node, Scalar):
                stack.append((node, []))
            elif not stack:
                yield node
    except yaml.YAMLError as error:
        raise _yaml_error(source, error) from error


def _put(stack: list[tuple[Node, list[Node]]], node: Node) -> None:
    """Add a finished or just opened node to the collection around it."""
    if not stack:
        return
    parent, keys = stack[-1]
    if isinstance(parent, Sequence):
        parent.items.append(node)
    elif isinstance(parent, Mapping):
        if not keys:
            keys.append(node)
            return
        key = keys.pop()
        if not isinstance(key, Scalar):
            return
        if key.text == "<<" and not isinstance(node, Scalar):
            parent.merged.append(node)
        else:
            parent.add(key, node)


def _yaml_scalar(source: Source, event: Any) -> Scalar:
    text = source.text
    offset = event.start_mark.index
    end = event.end_mark.index
    if event.tag or event.anchor:
        offset = _skip_properties(text, offset, end)
    if event.style in ("'", '"'):
        offset += 1
    elif event.style in ("|", ">"):
        line_end = text.find("\n", offset, end)
        offset = line_end + 1 if line_end >= 0 else offset
        while offset < end and text[offset].isspace():
            offset += 1
    return Scalar(source, offset, event.value, event.tag or "")


def _skip_properties(text: str, offset: int, end: int) -> int:
    while offset < end:
        found = _PROPERTY.match(text, offset) or _YAML_COMMENT.match(text, offset)
        if found is None:
            break
        offset = found.end()
    return min(offset, end)


def _yaml_error(source: Source, error: Any) -> Unreadable:
    from yaml.reader import Reader

    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        offset = min(mark.index, len(source.text))
    else:
        # libyaml counts bytes here; only characters it does not allow end up here.
        found = Reader.NON_PRINTABLE.search(source.text)
        offset = found.start() if found else 0
    if rendered.mark(source.text):
        return source.unreadable(offset, f"is not YAML but {rendered.WHAT}")
    reason = getattr(error, "problem", None) or getattr(error, "reason", None)
    if source.text.startswith("\t", offset):
        reason = "a tab indents the line; use spaces"
    return source.unreadable(offset, f"is not valid YAML: {reason or 'syntax error'}")


def _json(source: Source) -> Iterator[Node]:
    from tree_sitter import Language
    from tree_sitter import Parser
    from tree_sitter_json import language

    tree = Parser(Language(language())).parse(ascii_bytes(source.text))
    if tree.root_node.has_error:
        raise _json_error(source)
    for child in tree.root_node.named_children:
        if child.type != "comment":
            yield _json_node(source, child, 0)


def _json_node(source: Source, node: Any, level: int) -> Node:
    start = node.start_byte
    if node.type == "string":
        return _json_string(source, node)
    if node.type not in ("object", "array"):
        text = "" if node.type == "null" else source.text[start : node.end_byte]
        return Scalar(source, start, text)
    if level >= DEEPEST_LEVEL:
        raise source.unreadable(start, TOO_DEEP)
    if node.type == "array":
        sequence = Sequence(source, start)
        for child in node.named_children:
            if child.type != "comment":
                sequence.items.append(_json_node(source, child, level + 1))
        return sequence
    mapping = Mapping(source, start)
    for pair in node.named_children:
        key = pair.child_by_field_name("key")
        value = pair.child_by_field_name("value")
        if key is not None and value is not None and key.type == "string":
            label = _json_string(source, key)
            mapping.add(label, _json_node(source, value, level + 1))
    return mapping


def _json_string(source: Source, node: Any) -> Scalar:
    start, end = node.start_byte, node.end_byte
    text = source.text[start + 1 : end - 1]
    if "\\" in text:
        try:
            text = json.loads(source.text[start:end], strict=False)
        except ValueError:
            raise source.unreadable(start, "is not valid JSON: bad escape") from None
        # Half a surrogate pair is legal in JSON, and cannot be printed.
        text = text.encode("utf-8", "replace").decode()
    return Scalar(source, start + 1, text)


def _json_error(source: Source) -> Unreadable:
    """Say what is wrong: the standard library says it best, with its place."""
    mark = rendered.mark(source.text)
    if mark is not None:
        return source.unreadable(mark.start(), f"is not JSON but {rendered.WHAT}")
    try:
        json.loads(source.text, strict=False)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        return source.unreadable(error.pos, f"is not valid JSON: {reason}")
    except RecursionError:
        return source.unreadable(0, TOO_DEEP)
    except ValueError:
        pass  # a number with more digits than Python converts
    return source.unreadable(0, "is not valid JSON: syntax error")
