"""Whether a handler, and the folder of its code, stand in a template for good.

Parameters and variables that others set, build steps, plugins that pack code, and
variables of the environment that lead the runtime elsewhere all have a say in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence

from flake8_lambda_handler.templates.hcl import Block
from flake8_lambda_handler.templates.hcl import Expression
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source

_REDIRECTION = re.compile(r"PYTHONPATH|AWS_LAMBDA_EXEC_WRAPPER")

#: What may make the files that Terraform puts into an archive.
_BUILD = re.compile(
    r"local-exec|local_file|local_sensitive_file|null_resource|terraform_data|"
    r"\bexternal\b"
)
_SETTLED_PATH = re.compile(r"(?:\$\{\s*path\.module\s*\})?[^${}\"]*")

_ARTIFACT = re.compile(r"\bartifact\b")
_PLUGIN = re.compile(r"\bserverless-[\w-]+|@[\w-]+/[\w-]+")
#: Plugins of Serverless Framework that leave handlers and modules as they are written.
_HARMLESS = frozenset(
    """
    serverless-apigw-binary serverless-deployment-bucket serverless-domain-manager
    serverless-dotenv-plugin serverless-iam-roles-per-function serverless-offline
    serverless-plugin-aws-alerts serverless-plugin-canary-deployments
    serverless-plugin-split-stacks serverless-prune-plugin serverless-pseudo-parameters
    serverless-python-requirements serverless-step-functions
    """.split()
)


def is_written(node: Node | None) -> bool:
    """Tell whether a value is a text that is written out, with no reference in it."""
    return (
        isinstance(node, Scalar)
        and not node.tag.startswith("!")
        and "${" not in node.text
    )


def in_resource(code: Node | None, handler: Node | None, methods: list[str]) -> bool:
    """Tell it of a function of CloudFormation, given how it is built."""
    return (
        code is not None
        and is_written(code)
        and is_written(handler)
        and all(method.startswith("python") for method in methods)
        and not code.source.is_one(_redirects)
    )


def in_service(root: Mapping, function: Mapping) -> bool:
    """Tell it of a function of Serverless Framework."""
    module = function.get("module")
    return (
        is_written(function.get("handler"))
        and (module is None or is_written(module))
        and not root.source.is_one(_redirects)
        and not root.source.is_one(_packs)
    )


def in_archives(
    block: Block, archives: Sequence[Block], sources: Iterable[Source]
) -> bool:
    """Tell it of a function of Terraform, given the archives that it is made from."""
    if len(archives) != 1 or not is_written(block.arguments.get("handler")):
        return False
    given = archives[0].arguments
    paths = [given[key] for key in ("source_dir", "source_file") if key in given]
    return (
        len(paths) == 1
        and _is_settled(paths[0])
        and given.keys().isdisjoint({"count", "depends_on", "for_each"})
        and not any(x.is_one(_redirects) or x.is_one(_builds) for x in sources)
    )


def _redirects(text: str) -> bool:
    return _REDIRECTION.search(text) is not None


def _builds(text: str) -> bool:
    return _BUILD.search(text) is not None


def _packs(text: str) -> bool:
    """Tell whether the text of a service names what makes packages of its own."""
    return _ARTIFACT.search(text) is not None or not _HARMLESS.issuperset(
        _PLUGIN.findall(text)
    )


def _is_settled(path: Node) -> bool:
    """Tell whether a path is written out, from the folder of its Terraform module."""
    if isinstance(path, Expression) and path.tree.type == "quoted_template":
        text = path.source.text[path.tree.start_byte + 1 : path.tree.end_byte - 1]
        return _SETTLED_PATH.fullmatch(text) is not None
    return is_written(path)
