"""The images of functions of Serverless Framework.

Sources, read 2026-11-22: Serverless Framework documentation, "AWS - Functions"
("Referencing container image as a target"); its schema of `provider.ecr.images`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import dockerfile
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.values import Resolver


def found(
    resolver: Resolver,
    root: Mapping,
    files: TemplateFiles,
    name: str,
    node: Node,
    callers: tuple[str, ...],
) -> Iterator[Declaration | RuntimeUse]:
    """Yield what a function declares whose `image` is a value of a service."""
    home = os.path.dirname(root.source.path)
    for given in resolver.values(node):
        options = given if isinstance(given, Mapping) else Mapping(node.source, 0)
        key = given if isinstance(given, Scalar) else options.get("name")
        image = dockerfile.Image(
            "serverless",
            name,
            dockerfile.words(resolver, options.get("command")),
            dockerfile.words(resolver, options.get("entryPoint")),
            callers=callers,
            folder=dockerfile.first(resolver, options.get("workingDirectory")),
        )
        is_built = False
        for build in _builds(resolver, root, key):
            arguments = dockerfile.arguments(resolver, build.get("buildArgs"))
            image = image._replace(arguments=arguments)
            file = dockerfile.first(resolver, build.get("file")) or "Dockerfile"
            for path in resolver.texts(build.get("path")):
                is_built = True
                context = os.path.join(home, path)
                yield from dockerfile.built(files, home, context, file, image)
        if not is_built:
            yield from dockerfile.elsewhere(image)


def _builds(resolver: Resolver, root: Mapping, key: Node | None) -> Iterator[Mapping]:
    """Yield the images of the service that a value names."""
    for text in resolver.texts(key):
        for image in resolver.walk([root], ["provider", "ecr", "images", text]):
            yield from resolver.mappings(image)
